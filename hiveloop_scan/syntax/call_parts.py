"""Parts of calls in the standard parser's tree: what they are given, the names in them, where a chain begins."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.syntax.walking import nodes

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def calls_in(unit: Unit) -> list[ast.Call]:
    return nodes(unit, ast.Call)


def given_to(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (word.value for word in call.keywords)
    if isinstance(call.func, ast.Attribute):
        yield call.func.value


def names_in(target: ast.expr) -> set[str]:
    return {node.id for node in nodes(target, ast.Name)}


def root_of(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def last_name(node: ast.expr) -> str:
    """Return the last name of an expression, what is called, picked or awaited on the way left out."""
    while isinstance(node, (ast.Call, ast.Subscript, ast.Await)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
