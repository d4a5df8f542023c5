"""SketchedModule: a ParsedModule over a sketch, which knows its texts and outermost functions by the source itself."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

import libcst as cst

from hiveloop_scan.model import Span
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.sketch import sketch
from hiveloop_scan.syntax.writing import WRITING


class SketchedModule(ParsedModule):
    """A file as the standard parser saw it; a glance at it costs a tenth of what libcst takes to parse it."""

    def __init__(
        self, tree: ast.Module, lines: Sequence[bytes], outermost: Collection[int], left_out: Collection[int]
    ) -> None:
        """Sketch `tree`; `outermost` and `left_out` hold the ``id`` of functions, the latter become ``pass``."""
        self._functions_known = outermost
        super().__init__(sketch(tree.body, lines, left_out), ())

    def _find_anchors(self, anchor_lines: Sequence[int]) -> None:
        """Nothing here is asked where it stands."""

    def _find_outermost(self) -> list[tuple[int, int]]:
        known = self._functions_known
        found = [(WRITING.origins[id(self._order[index])], index) for index in self._by_kind[cst.FunctionDef]]
        return [(origin.lineno, index) for origin, index in found if id(origin) in known]  # type: ignore[union-attr]

    def span(self, node: cst.CSTNode) -> Span:
        """Return about where `node` stands: detectors note lines for a fix, which nobody reads off a sketch."""
        origin = next(
            (found for each in (node, *self.ancestors(node)) if (found := WRITING.origins.get(id(each)))), None
        )
        first, last = (origin[0], origin[-1]) if isinstance(origin, tuple) else (origin, origin)
        line = getattr(first, "lineno", 1)
        return Span(line, 1, getattr(last, "end_lineno", line), 1)
