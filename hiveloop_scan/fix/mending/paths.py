"""The way from the root of a tree to a node: the same in two trees, whatever has changed beside it."""

from __future__ import annotations

import ast
from typing import cast

from hiveloop_scan.fix.source import Source

Path = tuple[tuple[str, int | None], ...]
"""Fields, and places in them where they hold several."""


def path_to(node: ast.AST, source: Source) -> Path:
    """Return the way to a node of the source's own tree."""
    steps = []
    while node is not source.tree:
        outer = source.parents[node]
        steps.append(_step(outer, node))
        node = outer
    return tuple(reversed(steps))


def _step(outer: ast.AST, node: ast.AST) -> tuple[str, int | None]:
    for field, value in ast.iter_fields(outer):
        if value is node:
            return field, None
        if isinstance(value, list):
            for place, item in enumerate(value):
                if item is node:
                    return field, place
    raise LookupError(field)


def at_path(tree: ast.AST, path: Path) -> ast.AST:
    """Return the node at the end of the way; LookupError where the tree has none."""
    for field, place in path:
        found = getattr(tree, field, None)
        found = found[place] if place is not None and isinstance(found, list) else found
        if not isinstance(found, ast.AST):
            raise LookupError(field)
        tree = found
    return tree


def put_at(tree: ast.AST, path: Path, node: ast.AST) -> None:
    """Put another node at the end of the way."""
    outer = at_path(tree, path[:-1])
    field, place = path[-1]
    if place is None:
        setattr(outer, field, node)
    else:
        cast("list[ast.AST]", getattr(outer, field))[place] = node
