"""Where nodes stand in a file. libcst's trees know no positions; they come from writing the code out again.

Only the top-level statement around a node is written out, and libcst's own book-keeping is used directly: the public metadata
wrapper would walk the tree a second time to no avail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider
from libcst.metadata.position_provider import PositionProvidingCodegenState

from hiveloop_scan.model import Span


class Positions:
    """The spans of a module's nodes, worked out for one top-level statement at a time."""

    def __init__(self, tree: cst.Module, statement_lines: Sequence[int]) -> None:
        """Take the first line of each top-level statement (decorators apart), which the tree itself cannot tell."""
        self._tree = tree
        self._lines = statement_lines
        self._ranges: dict[cst.CSTNode, tuple[int, dict[cst.CSTNode, CodeRange]]] = {}

    def span(self, node: cst.CSTNode, statement: cst.CSTNode) -> Span:
        """Return where `node`, part of the top-level `statement`, stands, without white space and comments around it."""
        if statement not in self._ranges:
            ranges = self._written_out(statement)
            self._ranges[statement] = (self._line_of(statement) - ranges[statement].start.line, ranges)
        shift, ranges = self._ranges[statement]
        place = ranges[node]
        return Span(place.start.line + shift, place.start.column + 1, place.end.line + shift, place.end.column + 1)

    def _written_out(self, statement: cst.CSTNode) -> dict[cst.CSTNode, CodeRange]:
        provider = PositionProvider()
        state = PositionProvidingCodegenState(
            default_indent=self._tree.default_indent, default_newline=self._tree.default_newline, provider=provider
        )
        statement._codegen(state)
        return {node: place for node, place in provider._computed.items() if isinstance(place, CodeRange)}

    def _line_of(self, statement: cst.CSTNode) -> int:
        return next(line for line, found in zip(self._lines, self._statements(), strict=True) if found is statement)

    def _statements(self) -> Iterator[cst.CSTNode]:
        """Yield the top-level statements as the standard parser counts them: those of ``a; b`` apart, as one line each."""
        for statement in self._tree.body:
            yield from [statement] * (len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1)
