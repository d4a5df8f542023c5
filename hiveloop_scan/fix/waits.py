"""Where in a statement it is waited for an answer, and whether the same is asked until the answer is understood."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Span

_HANDED_ON = {"strip", "lower", "upper", "casefold", "rstrip", "lstrip"}
_TELLS = {"print", "echo", "secho", "write", "rule", "append", "info", "warning", "error", "debug"}


def leading_wait(place: ast.stmt, span: Span, source: Source) -> ast.expr | None:
    """Return the whole answer that is waited for at `span`, where `place` works nothing out before it.

    The answer is what the call gives, awaited and with its white space and capitals taken away.
    """
    start = source.line_start(span.line) + span.column - 1
    end = source.line_start(span.end_line) + span.end_column - 1
    calls = [item for item in ast.walk(place) if isinstance(item, ast.Call) and source.start(item) == start]
    wait: ast.expr | None = next((item for item in calls if source.end(item) == end), None)
    if wait is None:
        return None
    while (outer := _handed_on(wait, source)) is not None:
        wait = outer
    return wait if _is_first(wait, place, source) else None


def _handed_on(node: ast.expr, source: Source) -> ast.expr | None:
    parent = source.parents[node]
    if isinstance(parent, ast.Await):
        return parent
    if isinstance(parent, ast.Attribute) and parent.attr in _HANDED_ON:
        call = source.parents[parent]
        return call if isinstance(call, ast.Call) and call.func is parent else None
    return None


def _is_first(wait: ast.expr, place: ast.stmt, source: Source) -> bool:
    """Say whether nothing else of `place` runs before `wait`, and nothing decides whether it runs."""
    if not isinstance(place, (ast.If, ast.Return)):
        return False
    node: ast.AST = wait
    while (parent := source.parents[node]) is not place:
        first = (
            (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not))
            or (isinstance(parent, ast.Compare) and parent.left is node)
            or (isinstance(parent, ast.BoolOp) and parent.values[0] is node)
        )
        if not first:
            return False
        node = parent
    return node is (place.test if isinstance(place, ast.If) else place.value)


def asks_again(place: ast.stmt, source: Source) -> bool:
    """Say whether a loop asks until the answer is one of those known: around `place` or behind it."""
    bound = {node.id for node in ast.walk(place) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    behind = source.block_of(place)
    for loop in behind[behind.index(place) + 1 :]:
        if isinstance(loop, ast.While):
            names = [node for node in ast.walk(loop) if isinstance(node, ast.Name) and node.id in bound]
            if any(isinstance(name.ctx, ast.Store) for name in names):
                return True
    for outer in source.ancestors(place):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False
        if isinstance(outer, ast.While):
            asked = {id(node) for node in ast.walk(place)}
            return all(
                id(node) in asked or _name(node.func) in _HANDED_ON | _TELLS
                for node in ast.walk(outer)
                if isinstance(node, ast.Call)
            )
    return False


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
