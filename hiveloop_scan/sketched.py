"""SketchedModule: a ParsedModule over a sketch, which knows places and texts by the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence

import libcst as cst

from hiveloop_scan.model import Span
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.sketch import sketch
from hiveloop_scan.syntax.writing import WRITING

CANNOT_TELL = (KeyError, AttributeError, RecursionError)
"""What a sketch raises at syntax that is new to it, at fields that it has not, and at places that it does not know."""

DEEPEST = 80
"""Levels of a sketch that are not too deep for libcst either way: what is deeper is given to libcst itself."""

_HEADS: dict[type[cst.CSTNode], re.Pattern[bytes]] = {
    cst.Else: re.compile(rb"[ \t\f]*()else\b"),
    cst.Finally: re.compile(rb"[ \t\f]*()finally\b"),
    cst.MatchCase: re.compile(rb"[ \t\f]*()case\b"),
    cst.Decorator: re.compile(rb"[ \t\f]*()@"),
}
"""Nodes that begin with a word or a sign of which the standard parser does not tell where it stands."""

_ELSEWHERE = (ast.Tuple, ast.GeneratorExp)
"""With their parentheses for the standard parser, without for libcst."""

_PLACELESS = (cst.Annotation, cst.From, cst.AsName)


class SketchedModule(ParsedModule):
    """A file as the standard parser saw it; a look at it costs a tenth of what libcst takes to parse it."""

    has_form_feeds = True

    def __init__(
        self, tree: ast.Module, lines: Sequence[bytes], outermost: Collection[int], left_out: Collection[int]
    ) -> None:
        """Sketch `tree`; `outermost` and `left_out` hold the ``id`` of functions, the latter become ``pass``."""
        self._functions_known = outermost
        super().__init__(sketch(tree.body, lines, left_out), ())

    def _find_anchors(self, anchor_lines: Sequence[int]) -> None:
        """The standard parser knows where everything stands."""

    def _numbered(self) -> tuple[list[cst.CSTNode], list[int]]:
        """The sketch was numbered while it was made."""
        return WRITING.order, WRITING.ends

    def _find_outermost(self) -> list[tuple[int, int]]:
        known = self._functions_known
        found = [(WRITING.origins[id(self._order[index])], index) for index in self._by_kind[cst.FunctionDef]]
        return [(origin.lineno, index) for origin, index in found if id(origin) in known]  # type: ignore[union-attr]

    def span(self, node: cst.CSTNode) -> Span:
        """Return where `node` stands, as libcst would tell; raise KeyError where that is not known."""
        kind = type(node)
        origin = WRITING.origins[id(node)]
        first, last = (origin[0], origin[-1]) if isinstance(origin, tuple) else (origin, origin)
        if id(node) in WRITING.loose or isinstance(origin, _ELSEWHERE) or kind in _PLACELESS:
            raise KeyError(kind)
        start = first.pattern if isinstance(first, ast.match_case) else first
        end = last.body[-1] if isinstance(last, ast.match_case) else last
        line, column = start.lineno, start.col_offset  # type: ignore[attr-defined]
        if kind in _HEADS:
            line, column = self._head(_HEADS[kind], _first_line(start) if kind is not cst.Decorator else line)
        end_line, end_column = end.end_lineno, end.end_col_offset  # type: ignore[attr-defined]
        return Span(line, _characters(line, column), end_line, _characters(end_line, end_column))

    def _head(self, pattern: re.Pattern[bytes], line: int) -> tuple[int, int]:
        """Return the line and the column of the head of a block of which `line` is the first, or of its own line."""
        for number in range(line, 0, -1):
            if found := pattern.match(WRITING.lines[number - 1]):
                return number, found.start(1)
            if number != line and WRITING.lines[number - 1].split(b"#", 1)[0].strip():
                break
        raise KeyError(pattern)


def _first_line(node: ast.AST) -> int:
    """Return the line on which a statement begins, its decorators included."""
    decorators = getattr(node, "decorator_list", ())
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])  # type: ignore[attr-defined,no-any-return]


def _characters(line: int, column: int) -> int:
    """Return the column in characters, from 1, of one in bytes of UTF-8, from 0."""
    text = WRITING.lines[line - 1][:column]
    return len(text if text.isascii() else text.decode("utf-8", "replace")) + 1
