"""The text behind the nodes of a sketch, which hold no white space and could not be written out."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import Any

import libcst as cst

_CONTINUES = re.compile(rb"[ \t\f]*(?:#|$)")
_BEHIND_A_HEAD = re.compile(rb":[ \t\f]*(#.*\s*)\Z", re.DOTALL)
Origin = ast.AST | tuple[ast.AST, ...]
"""Where a node of a sketch comes from; a tuple holds the first and the last part of it."""


class Writing:
    """The lines of the file that is sketched, and where each node of the sketch stands in them."""

    def __init__(self) -> None:
        self.lines: Sequence[bytes] = ()
        self.origins: dict[int, Origin] = {}
        self.loose: set[int] = set()
        """Nodes within f-strings: before Python 3.12, the standard parser does not know where they stand."""
        self.is_within_text = False
        """Whether an f-string is being sketched."""
        self.order: list[Any] = []
        """The nodes of the sketch by their numbers."""
        self.ends: list[int] = []
        """The number behind the last node below each."""

    def begin(self, lines: Sequence[bytes]) -> None:
        """Take the lines of the next file; nothing is known of its nodes."""
        self.lines = lines
        self.origins = {}
        self.loose = set()
        self.is_within_text = False
        self.order = []
        self.ends = []

    def text(self, node: object) -> str | None:
        """Return the text of a node of the sketch, None of any other."""
        origin = self.origins.get(id(node))
        if origin is None:
            return None
        first, last = (origin[0], origin[-1]) if isinstance(origin, tuple) else (origin, origin)
        if id(node) in self.loose:
            return " ".join(map(ast.unparse, dict.fromkeys((first, last))))
        if isinstance(first, (ast.stmt, ast.excepthandler, ast.match_case)):
            return self._statements(first, last, is_block=type(node) is cst.IndentedBlock)
        return self.between(first, last)

    def between(self, first: ast.AST, last: ast.AST) -> str:
        """Return what stands from the start of `first` to the end of `last`."""
        line, end_line = first.lineno, last.end_lineno  # type: ignore[attr-defined]
        column, end_column = first.col_offset, last.end_col_offset  # type: ignore[attr-defined]
        if line == end_line:
            return str(self.lines[line - 1][column:end_column], "utf-8", "replace")
        pieces = [self.lines[line - 1][column:], *self.lines[line : end_line - 1]]
        pieces.append(self.lines[end_line - 1][:end_column])
        return b"".join(pieces).decode("utf-8", "replace")

    def _statements(self, first: ast.AST, last: ast.AST, is_block: bool) -> str:
        """Return whole lines, with the comments above them and those below that belong to the block.

        To a block belongs what stands behind the colon of its head.
        """
        if isinstance(first, ast.match_case):
            first = first.pattern
        last = last.body[-1] if isinstance(last, ast.match_case) else last
        start: int = min([first.lineno, *(part.lineno for part in getattr(first, "decorator_list", ()))])  # type: ignore[attr-defined]
        end: int = last.end_lineno  # type: ignore[attr-defined]
        while start > 1 and _CONTINUES.match(self.lines[start - 2]):
            start -= 1
        inner = first.col_offset  # type: ignore[attr-defined]
        while end < len(self.lines) and self._is_comment_within(self.lines[end], inner):
            end += 1
        head = _BEHIND_A_HEAD.search(self.lines[start - 2]) if is_block and start > 1 else None
        return b"".join([head[1] if head else b"", *self.lines[start - 1 : end]]).decode("utf-8", "replace")

    def _is_comment_within(self, line: bytes, column: int) -> bool:
        stripped = line.lstrip(b" \t\f")
        return stripped.startswith(b"#") and len(line) - len(stripped) > column


WRITING = Writing()
"""That of the one file that is looked at: a node can be asked for its text without its file at hand."""
