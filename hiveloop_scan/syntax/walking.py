"""Walk the standard parser's tree: a function is numbered once, then what is below a node of it is a slice."""

from __future__ import annotations

import ast
from collections.abc import Sequence

_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_EMPTY = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
"""Nodes that hold nothing, and that are the same object wherever they stand."""


class _Numbered:
    """The nodes of the tree that was walked last, each with the end of what is below it."""

    def __init__(self) -> None:
        self.order: list[ast.AST] = []
        self.places: dict[int, tuple[int, int]] = {}

    def number(self, root: ast.AST) -> None:
        order, places = self.order, self.places
        order.clear()
        places.clear()
        starts: list[tuple[ast.AST, int]] = []
        pending: list[ast.AST | None] = [root]
        while pending:
            node = pending.pop()
            if node is None:
                ended, start = starts.pop()
                places[id(ended)] = (start, len(order))
                continue
            starts.append((node, len(order)))
            order.append(node)
            pending.append(None)
            kind = type(node)
            fields = _FIELDS.get(kind)
            if fields is None:
                fields = _FIELDS[kind] = kind._fields[::-1]
            for name in fields:
                value = getattr(node, name, None)
                if isinstance(value, list):
                    pending.extend([item for item in reversed(value) if isinstance(item, ast.AST)])
                elif isinstance(value, ast.AST) and not isinstance(value, _EMPTY):
                    pending.append(value)


_LAST = _Numbered()


def walk(node: ast.AST) -> Sequence[ast.AST]:
    """Return `node` and all nodes below it, parents first, in source order.

    Nodes of the tree that was given last are found by number; any other node begins a new tree.
    """
    place = _LAST.places.get(id(node))
    if place is None or _LAST.order[place[0]] is not node:
        _LAST.number(node)
        return list(_LAST.order)
    return _LAST.order[place[0] : place[1]]
