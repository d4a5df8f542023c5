"""One place where a call belongs, and what writes it: the edits, and the imports that they need."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from hiveloop_scan.fix.calls import Handle, SdkCall, Style, guarded, told
from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.imports import Import
from hiveloop_scan.fix.names import check_names
from hiveloop_scan.fix.offers import Plumbing
from hiveloop_scan.fix.place import before, behind, indent_of
from hiveloop_scan.fix.plumbing import Accessor, accessor_of, helper_of
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Capture, Finding

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Fix:
    """What writes the call of one site."""

    edits: tuple[Edit, ...]
    imports: frozenset[Import] = frozenset()


@dataclass(frozen=True)
class Site:
    """A finding, the file it stands in as it is now, and what the project offers."""

    finding: Finding
    source: Source
    path: Path
    plumbing: Plumbing
    style: Style = Style.INLINE
    summary: str = ""

    def capture(self, name: str) -> Capture:
        """Return a piece of code or a fact that the detector captured; None where it captured none."""
        return self.finding.captures.get(name)

    def code(self, name: str) -> str:
        """Return a captured expression; "" where there is none."""
        value = self.capture(name)
        return value if isinstance(value, str) else ""

    def name(self, capture: str, otherwise: str) -> str:
        """Return a captured name as a text may hold it, `otherwise` where it is no plain dotted name."""
        value = self.code(capture)
        return value if _NAME.fullmatch(value) and len(value) <= _LONGEST_NAME else otherwise

    def statement(self, capture: str = "insert_line") -> ast.stmt:
        """Return the statement at a captured line."""
        line = self.capture(capture)
        if not isinstance(line, int):
            raise Refusal("it cannot be told where the call belongs")
        return self.source.statement_at(line)

    def node(self) -> ast.expr | None:
        """Return the expression that the finding points at; None where it is a statement."""
        source = self.source
        start, end = self._offsets()
        found = (node for node in source.nodes if isinstance(node, ast.expr))
        return next((node for node in found if source.start(node) == start and source.end(node) == end), None)

    def marked_statement(self) -> ast.stmt:
        """Return the statement that the finding points at, or that which holds what it points at."""
        start, _ = self._offsets()
        found = next((item for item in self.source.statements if self.source.start(item) == start), None)
        node = None if found is not None else self.node()
        around = self.source.enclosing(node, ast.stmt) if node is not None else found
        if around is None:
            raise Refusal("it cannot be told which statement is meant")
        return around

    def _offsets(self) -> tuple[int, int]:
        span, source = self.finding.span, self.source
        start = source.line_start(span.line) + span.column - 1
        return start, source.line_start(span.end_line) + span.end_column - 1

    def accessor(self, handle: Handle, place: ast.stmt) -> Accessor:
        """Return how code at `place` gets `handle`."""
        return accessor_of(handle, place, self.source, self.path, self.plumbing)

    def helper(self, name: str, place: ast.stmt) -> Accessor:
        """Return how code at `place` calls a helper of the module that `hiveloop-scan init` writes."""
        return helper_of(name, place, self.source, self.path, self.plumbing)

    def lines(self, call: SdkCall, place: ast.stmt, condition: str = "") -> tuple[list[str], frozenset[Import]]:
        """Return the lines that make `call` at `place`, in the style asked for, and the imports they need."""
        indent = len(indent_of(place, self.source).expandtabs(4))
        if self.style is Style.HELPER:
            accessor = self.helper(f"tell_{call.handle}", place)
            lines = told(call, accessor.expression, indent, condition)
            read, otherwise = len(lines), "pass"
        else:
            accessor = self.accessor(call.handle, place)
            lines = guarded(call, accessor.expression, indent, condition)
            read, otherwise = 1, f"{call.handle.variable} = None"
        if accessor.own_import:
            lines = [*_with_import(accessor.own_import, lines[:read], otherwise), *lines[read:]]
        check_names("\n".join(lines), place, self.source)
        return lines, accessor.imports

    def call_before(self, call: SdkCall, place: ast.stmt, condition: str = "") -> Fix:
        """Return the fix that makes `call` in front of the statement `place`."""
        lines, imports = self.lines(call, place, condition)
        return Fix(tuple(before(place, lines, self.source)), imports)

    def call_behind(self, call: SdkCall, place: ast.stmt, condition: str = "") -> Fix:
        """Return the fix that makes `call` behind the statement `place`."""
        lines, imports = self.lines(call, place, condition)
        return Fix(tuple(behind(place, lines, self.source)), imports)


def at_the_top(accessor: Accessor) -> Accessor:
    """Return an accessor whose imports stand at the top of the file; refuse one that needs an import in its place."""
    if accessor.own_import:
        raise Refusal(
            f"{accessor.own_import.module} imports this file itself, so this file cannot import it",
            f"move {accessor.own_import.name}() to a module that imports nothing of the project",
        )
    return accessor


def _with_import(needed: Import, lines: list[str], otherwise: str) -> list[str]:
    """Return the lines behind an import of their own: a function may run while the circle is still being imported."""
    inside = [f"    {line}" for line in lines]
    return ["try:", f"    {needed.line}", "", *inside, "except ImportError:", f"    {otherwise}"]
