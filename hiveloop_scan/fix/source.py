"""A source file to be edited: its text, its tree, and how to get from one to the other."""

from __future__ import annotations

import ast
import codecs
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TypeVar

from hiveloop_scan.fix.refusal import Refusal

Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True)
class Source:
    """The bytes of one file; text keeps its line ends as they stand, offsets count characters of it."""

    data: bytes

    @cached_property
    def encoding(self) -> str:
        """The encoding that the file declares, without the byte order mark."""
        declared, _ = tokenize.detect_encoding(BytesIO(self.data).readline)
        return "utf-8" if declared == "utf-8-sig" else declared

    @cached_property
    def text(self) -> str:
        """The file's text, without the byte order mark."""
        return self.data.removeprefix(codecs.BOM_UTF8).decode(self.encoding)

    def with_text(self, text: str) -> Source:
        """Return the file with other text, in its own encoding; refuse what that cannot spell."""
        mark = codecs.BOM_UTF8 if self.data.startswith(codecs.BOM_UTF8) else b""
        try:
            return Source(mark + text.encode(self.encoding))
        except UnicodeEncodeError:
            raise Refusal(f"the call cannot be spelled in {self.encoding}") from None

    @cached_property
    def tree(self) -> ast.Module:
        """The standard parser's tree; SyntaxError, ValueError or RecursionError where there is none."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(self.data)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree, outer ones before those inside them."""
        return list(ast.walk(self.tree))

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their ends."""
        return _LINE.findall(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line))
        return starts

    def line_start(self, line: int) -> int:
        """Return the offset at which a line (1-based) begins; that after the last line is the end of the text."""
        return self._starts[line - 1]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place as the standard parser gives it: `column` counts bytes of UTF-8."""
        text = self.lines[line - 1]
        return self.line_start(line) + (
            column if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8"))
        )

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line of an offset and its place there, both 1-based and counted in characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, node: ast.AST) -> int:
        """Return the offset at which `node` begins, decorators apart."""
        return self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Return the offset behind `node`."""
        return self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def segment(self, node: ast.AST) -> str:
        """Return the text of `node` as it stands."""
        return self.text[self.start(node) : self.end(node)]

    @cached_property
    def newline(self) -> str:
        """The end of the file's first line, which the others are taken to share."""
        first = self.lines[0] if self.lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    @cached_property
    def indentation(self) -> str:
        """One level of indentation, as the file's first block has it."""
        for outer in self.statements:
            block = getattr(outer, "body", None)
            if isinstance(block, list) and block and first_line(block[0]) > outer.lineno:
                around, inside = self._margin(outer.lineno), self._margin(first_line(block[0]))
                if inside.startswith(around) and inside != around:
                    return inside.removeprefix(around)
        return "    "

    def _margin(self, line: int) -> str:
        """Return the white space at the start of a line."""
        text = self.lines[line - 1]
        return text[: len(text) - len(text.lstrip(" \t\f"))].rpartition("\f")[2]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around `node`, innermost first."""
        while (outer := self.parents.get(node)) is not None:
            yield outer
            node = outer

    def enclosing(self, node: ast.AST, *kinds: type[Node]) -> Node | None:
        """Return the innermost node around `node` of one of the `kinds`."""
        return next((outer for outer in self.ancestors(node) if isinstance(outer, kinds)), None)

    def scope_of(self, node: ast.AST) -> Scope:
        """Return the function, lambda, class or module whose body runs `node`."""
        found = self.enclosing(node, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
        return found if found is not None else self.tree  # type: ignore[return-value]

    @cached_property
    def statements(self) -> list[ast.stmt]:
        """All statements, outer ones before those inside them."""
        return [node for node in self.nodes if isinstance(node, ast.stmt)]

    @cached_property
    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        """All imports of the file, wherever they stand."""
        return [node for node in self.statements if isinstance(node, (ast.Import, ast.ImportFrom))]

    def statement_at(self, line: int) -> ast.stmt:
        """Return the statement that begins on `line` (that of its first decorator counts); refuse where none does."""
        found = [item for item in self.statements if first_line(item) == line]
        if len(found) > 1:
            raise Refusal("several statements begin on its line", "give each a line of its own")
        if found:
            return found[0]
        around = [item for item in self.statements if item.lineno <= line <= (item.end_lineno or item.lineno)]
        if not around:
            raise Refusal(f"no statement stands on line {line}")
        return min(around, key=lambda item: ((item.end_lineno or item.lineno) - item.lineno, -item.col_offset))

    def block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the list of statements in which `statement` stands."""
        parent = self.parents[statement]
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and any(item is statement for item in block):
                return block
        raise Refusal("the statement stands in no block")


def first_line(statement: ast.stmt) -> int:
    """Return the line on which a statement begins, that of its first decorator included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(node: ast.stmt | ast.expr) -> int:
    """Return the line on which a node ends."""
    return node.end_lineno or node.lineno
