"""Where nodes stand in a file. libcst's trees know no positions; they come from writing the code out again.

Only the function or statement around a node is written out, and libcst's own book-keeping is used directly: the
public metadata wrapper would write out the whole file and walk its tree a second time to no avail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider
from libcst.metadata.position_provider import PositionProvidingCodegenState

from hiveloop_scan.model import Span
from hiveloop_scan.syntax.tree import statements


class Positions:
    """The spans of a module's nodes, worked out for one outermost function or other outer statement at a time."""

    def __init__(self, tree: cst.Module, anchor_lines: Sequence[int]) -> None:
        """Take the lines of all statements outside functions, decorators apart, which the tree itself cannot tell.

        They come in source order, those of a class body after the class, those of ``a; b`` one by one.
        """
        self._tree = tree
        pairs = list(zip(self._anchors(), anchor_lines, strict=True))
        self._lines = dict(reversed(pairs))  # statements that share a line share an anchor
        self._ranges: dict[cst.CSTNode, tuple[int, dict[cst.CSTNode, CodeRange]]] = {}

    def is_anchor(self, node: cst.CSTNode) -> bool:
        """Say whether `node` is a statement outside functions."""
        return node in self._lines

    def line(self, anchor: cst.CSTNode) -> int:
        """Return the line of a statement outside functions, decorators apart."""
        return self._lines[anchor]

    def span(self, node: cst.CSTNode, anchor: cst.CSTNode, indents: Sequence[str]) -> Span:
        """Return where `node` stands, without white space and comments around it.

        `anchor` is the innermost statement outside functions around it, `indents` that of the classes around it.
        """
        if anchor not in self._ranges:
            ranges = self._written_out(anchor, indents)
            self._ranges[anchor] = (self._lines[anchor] - ranges[anchor].start.line, ranges)
        shift, ranges = self._ranges[anchor]
        place = ranges[node]
        return Span(place.start.line + shift, place.start.column + 1, place.end.line + shift, place.end.column + 1)

    def _written_out(self, anchor: cst.CSTNode, indents: Sequence[str]) -> dict[cst.CSTNode, CodeRange]:
        provider = PositionProvider()
        state = PositionProvidingCodegenState(
            default_indent=self._tree.default_indent, default_newline=self._tree.default_newline, provider=provider
        )
        state.indent_tokens.extend(indents)
        anchor._codegen(state)
        return {node: place for node, place in provider._computed.items() if isinstance(place, CodeRange)}

    def _anchors(self) -> Iterator[cst.CSTNode]:
        pending: list[cst.CSTNode] = list(reversed(self._tree.body))
        while pending:
            statement = pending.pop()
            if isinstance(statement, cst.SimpleStatementLine):
                for _ in statement.body:
                    yield statement
                continue
            yield statement
            if isinstance(statement, cst.ClassDef):
                body = statement.body
                below = statements(body) if isinstance(body, cst.SimpleStatementSuite) else body.body
                pending.extend(reversed(below))
