"""ParsedModule: the libcst tree of one file and the questions that detectors ask of it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import TypeVar, overload

import libcst as cst

from hiveloop_scan.model import Span
from hiveloop_scan.syntax.imports import import_table
from hiveloop_scan.syntax.positions import Positions
from hiveloop_scan.syntax.tree import KINDS, LEAVES, SCOPES, children, dotted, source

Node = TypeVar("Node", bound=cst.CSTNode)
Second = TypeVar("Second", bound=cst.CSTNode)
Third = TypeVar("Third", bound=cst.CSTNode)
Known = TypeVar("Known")
Roots = cst.CSTNode | Sequence[cst.CSTNode]
_NAMED = (cst.FunctionDef, cst.ClassDef)


class ParsedModule:
    """One parsed file. Nodes are numbered once, in source order: what lies below a node is a slice, not a walk."""

    has_form_feeds = False
    """Whether columns count the form feeds in front of a line, which triage keeps from libcst."""

    def __init__(self, tree: cst.Module, anchor_lines: Sequence[int]) -> None:
        """Index `tree`; `anchor_lines` says where each statement outside functions starts (see Positions)."""
        self.tree = tree
        self._find_anchors(anchor_lines)
        self._order, self._end = self._numbered()
        self._number = dict(zip(map(id, self._order), range(len(self._order)), strict=True))
        self._by_kind = self._kinds()
        self._parent, self._scope = self._parents(), self._scopes()
        self._symbols: dict[int, str] = {}
        self._texts: dict[int, str] = {}
        self._once: dict[tuple[object, int], object] = {}

    def _find_anchors(self, anchor_lines: Sequence[int]) -> None:
        self._positions = Positions(self.tree, anchor_lines)

    def _numbered(self) -> tuple[list[cst.CSTNode], list[int]]:
        """Return all nodes by their numbers, parents first, and the number behind the last node below each.

        Look-ups go by ``id``: the hash function of libcst's nodes is written in Python.
        """
        order: list[cst.CSTNode] = []
        parents: list[int] = []
        pending: list[tuple[cst.CSTNode, int]] = [(self.tree, 0)]
        while pending:
            node, parent = pending.pop()
            index = len(order)
            order.append(node)
            parents.append(parent)
            if type(node) not in LEAVES:
                pending.extend([(child, index) for child in reversed(children(node))])
        ends = list(range(1, len(order) + 1))
        for index in range(len(order) - 1, 0, -1):
            if ends[parents[index]] < ends[index]:
                ends[parents[index]] = ends[index]
        return order, ends

    def _kinds(self) -> dict[type[cst.CSTNode], list[int]]:
        """Return the numbers of the nodes of each kind."""
        numbers: dict[type[cst.CSTNode], list[int]] = defaultdict(list)
        for number, kind in enumerate(map(type, self._order)):
            numbers[kind].append(number)
        return numbers

    def _parents(self) -> list[int]:
        """Return the number of the node around each node."""
        ends = self._end
        parents = [0] * len(ends)
        around = 0
        for number in range(1, len(ends)):
            while ends[around] <= number:
                around = parents[around]
            parents[number] = around
            around = number
        return parents

    def _scopes(self) -> list[int]:
        """Return the number of the function, class or lambda around each node, 0 being the module."""
        scopes = [0] * len(self._order)
        for number in sorted(number for kind in SCOPES for number in self._by_kind.get(kind, ())):
            first, end = number + 1, self._end[number]
            scopes[first:end] = [number] * (end - first)
        return scopes

    def depth(self) -> int:
        """Return how many levels of nodes the tree has."""
        depths = [0] * len(self._order)
        for index in range(1, len(self._order)):
            depths[index] = depths[self._parent[index]] + 1
        return max(depths)

    def nodes(self, *kinds: type[Node], barred: Collection[int] = ()) -> Iterator[Node]:
        """Yield all nodes of the given kinds; those of one kind come in source order.

        What the outermost functions at the `barred` lines hold is left out.
        """
        stretches = self._outside(barred) if barred else [(0, len(self._order))]
        for kind in kinds:
            numbers = self._by_kind.get(kind, [])
            for start, end in stretches:
                for index in numbers[bisect_left(numbers, start) : bisect_left(numbers, end)]:
                    yield self._order[index]  # type: ignore[misc]

    def _outside(self, barred: Collection[int]) -> list[tuple[int, int]]:
        """Return the stretches of node numbers outside the outermost functions at the `barred` lines."""
        stretches: list[tuple[int, int]] = []
        start = 0
        for line, index in self._outermost:
            if line in barred:
                stretches.append((start, index))
                start = self._end[index]
        return [*stretches, (start, len(self._order))]

    @cached_property
    def _outermost(self) -> list[tuple[int, int]]:
        """The line and the number of each outermost function, in source order."""
        return self._find_outermost()

    def _find_outermost(self) -> list[tuple[int, int]]:
        functions = [index for index in self._by_kind[cst.FunctionDef] if self._positions.is_anchor(self._order[index])]
        return [(self._positions.line(self._order[index]), index) for index in functions]

    @overload
    def below(self, roots: Roots, kind: type[Node], /) -> list[Node]: ...
    @overload
    def below(self, roots: Roots, kind: type[Node], second: type[Second], /) -> list[Node | Second]: ...
    @overload
    def below(
        self, roots: Roots, kind: type[Node], second: type[Second], third: type[Third], /
    ) -> list[Node | Second | Third]: ...
    def below(self, roots: Roots, /, *kinds: type[cst.CSTNode]) -> Sequence[cst.CSTNode]:
        """Return the nodes of the given kinds that run with `roots`, roots included, in source order.

        What nested functions, classes and lambdas hold is left out.
        """
        found: list[int] = []
        scopes, order = self._scope, self._order
        for root in (roots,) if type(roots) in KINDS else roots:  # type: ignore[union-attr]
            start = self._number[id(root)]
            scope = scopes[start]
            for kind in kinds:
                found += [index for index in self._slice(kind, start) if scopes[index] == scope]
        if len(kinds) > 1:
            found.sort()
        return [order[index] for index in found]

    def all_below(self, root: cst.CSTNode, kind: type[Node]) -> list[Node]:
        """Return the nodes of one kind in and below `root`, in source order, those of nested functions included."""
        return [self._order[index] for index in self._slice(kind, self._number[id(root)])]  # type: ignore[misc]

    def _slice(self, kind: type[cst.CSTNode], start: int) -> Sequence[int]:
        numbers = self._by_kind.get(kind)
        if not numbers or numbers[-1] < start:
            return ()
        end = self._end[start]
        first = bisect_left(numbers, start)
        return numbers[first : bisect_left(numbers, end, first)] if numbers[first] < end else ()

    def is_below(self, node: cst.CSTNode, roots: Sequence[cst.CSTNode]) -> bool:
        """Say whether `node` is one of `roots` or lies below one of them."""
        index = self._number[id(node)]
        return any(self._number[id(root)] <= index < self._end[self._number[id(root)]] for root in roots)

    def is_before(self, first: cst.CSTNode, second: cst.CSTNode) -> bool:
        """Say whether `first` ends before `second` begins."""
        return self._end[self._number[id(first)]] <= self._number[id(second)]

    def names_in(self, *roots: cst.CSTNode) -> set[str]:
        """Collect the plain names that the roots read or write; attribute and keyword names are none."""
        return {name.value for root in roots for name in self.all_below(root, cst.Name)}

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the node that holds `node`; None for the module."""
        index = self._number[id(node)]
        return self._order[self._parent[index]] if index else None

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the nodes around `node`, innermost first."""
        index = self._number[id(node)]
        while index:
            index = self._parent[index]
            yield self._order[index]

    @overload
    def enclosing(self, node: cst.CSTNode, kind: type[Node], /) -> Node | None: ...
    @overload
    def enclosing(self, node: cst.CSTNode, kind: type[Node], second: type[Second], /) -> Node | Second | None: ...
    @overload
    def enclosing(
        self, node: cst.CSTNode, kind: type[Node], second: type[Second], third: type[Third], /
    ) -> Node | Second | Third | None: ...
    @overload
    def enclosing(self, node: cst.CSTNode, /, *kinds: type[cst.CSTNode]) -> cst.CSTNode | None: ...
    def enclosing(self, node: cst.CSTNode, /, *kinds: type[cst.CSTNode]) -> cst.CSTNode | None:
        """Return the innermost node around `node` of one of the `kinds`."""
        index, parents, order = self._number[id(node)], self._parent, self._order
        while index:
            index = parents[index]
            outer = order[index]
            if type(outer) in kinds:
                return outer
        return None

    def function_of(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """Return the function whose body runs `node`; None at module or class level."""
        scope = self._order[self._scope[self._number[id(node)]]]
        while type(scope) is cst.Lambda:
            scope = self._order[self._scope[self._number[id(scope)]]]
        return scope if type(scope) is cst.FunctionDef else None

    def symbol(self, node: cst.CSTNode) -> str:
        """Return the dotted path of classes and functions around `node` (itself included): ``Agent.fetch``."""
        if id(node) not in self._symbols:
            chain = [node, *self.ancestors(node)]
            names = [outer.name.value for outer in chain if isinstance(outer, _NAMED)]
            self._symbols[id(node)] = ".".join(reversed(names))
        return self._symbols[id(node)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """The names this file imports, and the full names they stand for."""
        return import_table([*self.nodes(cst.Import), *self.nodes(cst.ImportFrom)])

    @cached_property
    def packages(self) -> frozenset[str]:
        """The full names this file imports, and those of the packages that hold them: ``a.b`` for ``a.b.c``."""
        found: set[str] = set()
        for origin in self.imports.values():
            while origin and origin not in found:
                found.add(origin)
                origin = origin.rpartition(".")[0]
        return frozenset(found)

    def resolve(self, node: cst.CSTNode | None) -> str:
        """Return the dotted name of `node`, its import undone: ``tenacity.retry`` for ``t.retry``; "" without one."""
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
            found[node.name.value].append(node)
        return found

    @cached_property
    def classes(self) -> dict[str, list[cst.ClassDef]]:
        """Every class of this file, by its symbol."""
        found: dict[str, list[cst.ClassDef]] = defaultdict(list)
        for node in self.nodes(cst.ClassDef):
            found[self.symbol(node)].append(node)
        return found

    def once(self, question: Callable[[Node, ParsedModule], Known], node: Node) -> Known:
        """Return ``question(node, self)``, which is asked only the first time."""
        key = (question, id(node))
        if key not in self._once:
            self._once[key] = question(node, self)
        return self._once[key]  # type: ignore[return-value]

    def text(self, node: cst.CSTNode) -> str:
        """Return the source text of `node` as it stands, comments included."""
        if id(node) not in self._texts:
            self._texts[id(node)] = source(node)
        return self._texts[id(node)]

    def span(self, node: cst.CSTNode) -> Span:
        """Return where `node` stands in the file, without the white space and comments around it."""
        chain = [node, *self.ancestors(node)]
        place = next(index for index, outer in enumerate(chain) if self._positions.is_anchor(outer))
        blocks = [outer for outer in chain[place + 1 :] if isinstance(outer, cst.IndentedBlock)]
        indents = [self.tree.default_indent if block.indent is None else block.indent for block in reversed(blocks)]
        return self._positions.span(node, chain[place], indents)
