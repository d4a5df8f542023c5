"""ParsedModule: the libcst tree of one file and the questions that detectors ask of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from hiveloop_scan.model import Span
from hiveloop_scan.syntax.imports import import_table
from hiveloop_scan.syntax.tree import SCOPES, children, dotted


class ParsedModule:
    """One parsed file. Node look-ups are by identity, positions are worked out only where they are asked for."""

    def __init__(self, tree: cst.Module, statement_lines: Sequence[int]) -> None:
        """Index `tree`; `statement_lines` holds the first line (decorators apart) of each top-level statement."""
        self.tree = tree
        self._statement_lines = statement_lines
        self._parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self._by_kind: dict[type[cst.CSTNode], list[cst.CSTNode]] = defaultdict(list)
        self._spans: dict[cst.CSTNode, dict[cst.CSTNode, Span]] = {}
        self._index()

    def _index(self) -> None:
        parents, by_kind = self._parents, self._by_kind
        pending: list[cst.CSTNode] = [self.tree]
        while pending:
            node = pending.pop()
            by_kind[type(node)].append(node)
            below = list(children(node))
            for child in below:
                parents[child] = node
            below.reverse()
            pending.extend(below)

    def nodes(self, *kinds: type[cst.CSTNode]) -> Iterator[cst.CSTNode]:
        """Yield all nodes of the given kinds; those of one kind come in source order."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the node that holds `node`; None for the module."""
        return self._parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the nodes around `node`, innermost first."""
        current = self._parents.get(node)
        while current is not None:
            yield current
            current = self._parents.get(current)

    def enclosing(self, node: cst.CSTNode, *kinds: type[cst.CSTNode]) -> cst.CSTNode | None:
        """Return the innermost node around `node` of one of the `kinds`."""
        return next((outer for outer in self.ancestors(node) if isinstance(outer, kinds)), None)

    def function_of(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """Return the function whose body runs `node`; None at module or class level."""
        scope = self.enclosing(node, *SCOPES)
        while isinstance(scope, cst.Lambda):
            scope = self.enclosing(scope, *SCOPES)
        return scope if isinstance(scope, cst.FunctionDef) else None

    def symbol(self, node: cst.CSTNode) -> str:
        """Return the dotted path of classes and functions around `node` (itself included): ``Agent.fetch``."""
        chain = [node, *self.ancestors(node)]
        names = [outer.name.value for outer in chain if isinstance(outer, (cst.FunctionDef, cst.ClassDef))]
        return ".".join(reversed(names))

    @cached_property
    def imports(self) -> dict[str, str]:
        """The names this file imports, and the full names they stand for."""
        return import_table(self.nodes(cst.Import, cst.ImportFrom))

    def resolve(self, node: cst.CSTNode | None) -> str:
        """Return the dotted name of `node` with its import undone: ``tenacity.retry`` for ``t.retry``; "" if it has none."""
        name = dotted(node)
        first, _, rest = name.partition(".")
        origin = self.imports.get(first)
        if origin is None:
            return name
        return f"{origin}.{rest}" if rest else origin

    @cached_property
    def functions(self) -> dict[str, list[cst.FunctionDef]]:
        """Every function and method of this file, by its plain name."""
        found: dict[str, list[cst.FunctionDef]] = defaultdict(list)
        for node in self.nodes(cst.FunctionDef):
            assert isinstance(node, cst.FunctionDef)
            found[node.name.value].append(node)
        return found

    def span(self, node: cst.CSTNode) -> Span:
        """Return where `node` stands in the file, without the white space and comments around it."""
        outer = node
        while not isinstance(parent := self._parents[outer], cst.Module):
            outer = parent
        if outer not in self._spans:
            self._spans[outer] = self._spans_below(outer)
        return self._spans[outer][node]

    def _spans_below(self, outer: cst.CSTNode) -> dict[cst.CSTNode, Span]:
        """Work out all positions inside one top-level statement: far cheaper than for the whole module."""
        position = 0
        for statement in self.tree.body:
            if statement is outer:
                break
            position += len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1
        assert isinstance(outer, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
        alone = self.tree.with_changes(header=(), body=[outer])
        ranges = MetadataWrapper(alone, unsafe_skip_copy=True).resolve(PositionProvider)
        anchor: cst.CSTNode = outer
        if isinstance(outer, (cst.FunctionDef, cst.ClassDef)):
            anchor = outer.name
        shift = self._statement_lines[position] - ranges[anchor].start.line
        return {
            node: Span(
                place.start.line + shift, place.start.column + 1, place.end.line + shift, place.end.column + 1
            )
            for node, place in ranges.items()
        }
