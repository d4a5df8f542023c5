"""Walk the standard parser's tree: a function is numbered once, then what is below a node of it is a slice."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from typing import TypeVar, overload

Node = TypeVar("Node", bound=ast.AST)
Second = TypeVar("Second", bound=ast.AST)
Third = TypeVar("Third", bound=ast.AST)
Known = TypeVar("Known")
_DATA = {
    "ctx", "op", "ops", "id", "attr", "arg", "name", "asname", "module", "level", "type_comment", "kind", "conversion",
    "simple", "is_async", "rest", "kwd_attrs", "tag", "type_ignores",
}  # fmt: skip
"""Fields without nodes, or with such as hold nothing and are the same object wherever they stand."""

_WHOLE = (ast.Constant, ast.Global, ast.Nonlocal, ast.MatchSingleton)
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


def fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a kind of node that hold other nodes, or lists of them; the last field first."""
    found = _FIELDS.get(kind)
    if found is None:
        data = _DATA - ({"name"} if kind.__name__ == "TypeAlias" else set())
        names = [name for name in reversed(kind._fields) if name not in data]
        found = _FIELDS[kind] = () if kind in _WHOLE else tuple(names)
    return found


class _Numbered:
    """The nodes of the tree that was walked last, each with the end of what is below it."""

    def __init__(self) -> None:
        self.order: list[ast.AST] = []
        self.ends: list[int] = []
        self.places: dict[int, int] = {}
        self.kinds: dict[type[ast.AST], list[int]] = {}
        self.texts: dict[int, tuple[str, ...]] = {}
        self.text_sets: dict[int, set[str]] = {}
        self.answers: dict[tuple[object, int], object] = {}

    def number(self, root: ast.AST) -> None:
        order: list[ast.AST] = []
        ends: list[int] = []
        kinds: dict[type[ast.AST], list[int]] = defaultdict(list)
        pending: list[ast.AST | int] = [root]
        while pending:
            node = pending.pop()
            if isinstance(node, int):  # all that is below the node with this number is numbered
                ends[node] = len(order)
                continue
            index = len(order)
            order.append(node)
            ends.append(index + 1)
            kind = type(node)
            kinds[kind].append(index)
            fields = _FIELDS.get(kind)
            if fields is None:
                fields = fields_of(kind)
            if not fields:
                continue
            pending.append(index)
            for name in fields:
                value = getattr(node, name, None)
                if type(value) is list:  # with None in it: a default that is not given, the key of `**more`
                    pending.extend([below for below in reversed(value) if below is not None])
                elif value is not None:
                    pending.append(value)
        self.order, self.ends, self.kinds, self.texts, self.text_sets, self.answers = order, ends, kinds, {}, {}, {}
        self.places = {id(node): index for index, node in enumerate(order)}

    def place(self, node: ast.AST) -> int:
        """Return the number of `node`; one of another tree begins a new tree."""
        place = self.places.get(id(node))
        if place is None or self.order[place] is not node:
            self.number(node)
            return 0
        return place


_LAST = _Numbered()


def walk(node: ast.AST) -> Sequence[ast.AST]:
    """Return `node` and all nodes below it, parents first, in source order.

    Nodes of the tree that was given last are found by number; any other node begins a new tree.
    """
    place = _LAST.place(node)
    return _LAST.order[place : _LAST.ends[place]]


@overload
def nodes(root: ast.AST, kind: type[Node], /) -> list[Node]: ...
@overload
def nodes(root: ast.AST, kind: type[Node], second: type[Second], /) -> list[Node | Second]: ...
@overload
def nodes(
    root: ast.AST, kind: type[Node], second: type[Second], third: type[Third], /
) -> list[Node | Second | Third]: ...
@overload
def nodes(root: ast.AST, /, *kinds: type[ast.AST]) -> list[ast.AST]: ...
def nodes(root: ast.AST, /, *kinds: type[ast.AST]) -> Sequence[ast.AST]:
    """Return the nodes of the given kinds in and below `root`, in source order, as `walk` does."""
    start = _LAST.place(root)
    end = _LAST.ends[start]
    found: list[int] = []
    for kind in kinds:
        numbers = _LAST.kinds.get(kind)
        if numbers:
            found += numbers[bisect_left(numbers, start) : bisect_left(numbers, end)]
    if len(kinds) > 1:
        found.sort()
    order = _LAST.order
    return [order[index] for index in found]


def texts(root: ast.AST) -> tuple[str, ...]:
    """Return the names, attribute names and texts in and below `root`, in source order."""
    place = _LAST.place(root)
    known = _LAST.texts.get(place)
    if known is None:
        known = _LAST.texts[place] = tuple(text for node in walk(root) if (text := text_of(node)))
    return known


def text_set(root: ast.AST) -> Set[str]:
    """Return the different names, attribute names and texts in and below `root`."""
    place = _LAST.place(root)
    known = _LAST.text_sets.get(place)
    if known is None:
        known = {node.id for node in nodes(root, ast.Name)}
        known.update([node.attr for node in nodes(root, ast.Attribute)])
        known.update([node.value for node in nodes(root, ast.Constant) if type(node.value) is str])
        _LAST.text_sets[place] = known
    return known


def once(question: Callable[[ast.AST], Known], node: ast.AST) -> Known:
    """Return ``question(node)``, which is asked only the first time while a tree is looked at."""
    key = (question, _LAST.place(node))
    if key not in _LAST.answers:
        _LAST.answers[key] = question(node)
    return _LAST.answers[key]  # type: ignore[return-value]


def text_of(node: ast.AST) -> str:
    """Return the name or text of one node; "" when it has none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
