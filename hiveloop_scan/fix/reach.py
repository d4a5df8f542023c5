"""Whether a name can be read at a place: which scope binds it, and whether it is bound by then on every way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.names import bound_in
from hiveloop_scan.fix.source import Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def is_bound_at(name: str, place: ast.stmt, source: Source) -> bool:
    """Say whether `name` has certainly a value when control comes to `place`."""
    inner: ast.AST = place
    for outer in source.ancestors(place):
        if isinstance(outer, _FUNCTIONS) and name in set(bound_in(outer)):
            if any(_deletes(name, node) for node in ast.walk(outer)):
                return False
            return name in _parameters(outer) or _is_bound_before(name, inner, outer, source)
        if isinstance(outer, _FUNCTIONS):
            inner = outer
    if any(_deletes(name, node) for node in source.nodes):
        return False
    if inner is place:
        return _is_bound_before(name, place, source.tree, source)
    return any(_binds(statement, name) for statement in source.tree.body)


def is_set_for_sure(attribute: str, place: ast.stmt, source: Source) -> bool:
    """Say whether the class around `place` sets ``self.<attribute>`` first thing: in its body or in ``__init__``."""
    around = source.enclosing(place, ast.ClassDef)
    if around is None or source.enclosing(place, *_FUNCTIONS[:2]) is None:
        return False
    for item in around.body:
        if _binds(item, attribute) and not isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return True
        if isinstance(item, ast.FunctionDef) and item.name == "__init__" and place not in set(ast.walk(item)):
            return any(_sets(statement, attribute) for statement in item.body)
    return False


def _is_bound_before(name: str, place: ast.AST, scope: ast.AST, source: Source) -> bool:
    """Say whether a statement that binds `name` stands in front of `place` in a block around it, or is around it."""
    node = place
    for outer in source.ancestors(place):
        for block in _blocks(outer):
            if any(item is node for item in block):
                earlier = block[: next(index for index, item in enumerate(block) if item is node)]
                if any(_binds(item, name) for item in earlier):
                    return True
        if isinstance(outer, (ast.With, ast.AsyncWith, ast.For, ast.AsyncFor)) and _head_binds(outer, name):
            return any(item is node for item in outer.body)
        if outer is scope:
            return False
        node = outer
    return False


def _binds(statement: ast.stmt, name: str) -> bool:
    """Say whether `name` has a value behind `statement`, whatever way control took through it."""
    match statement:
        case ast.Assign():
            return any(name in _targets(target) for target in statement.targets)
        case ast.AnnAssign():
            return statement.value is not None and name in _targets(statement.target)
        case ast.Import() | ast.ImportFrom():
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in statement.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return statement.name == name
        case ast.With() | ast.AsyncWith():  # what it enters may swallow an exception of its body
            return _head_binds(statement, name)
        case ast.If():
            return all(any(_binds(item, name) for item in block) for block in (statement.body, statement.orelse))
        case ast.Try() | ast.TryStar():
            ways = [statement.body, *(handler.body for handler in statement.handlers)]
            return all(any(_binds(item, name) for item in block) for block in ways)
        case _:
            return False


def _head_binds(statement: ast.With | ast.AsyncWith | ast.For | ast.AsyncFor, name: str) -> bool:
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        return name in _targets(statement.target)
    return any(item.optional_vars is not None and name in _targets(item.optional_vars) for item in statement.items)


def _targets(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _sets(statement: ast.stmt, attribute: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    return any(
        isinstance(target, ast.Attribute) and target.attr == attribute and isinstance(target.value, ast.Name)
        for target in targets
    )


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    args = function.args
    listed = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return {arg.arg for arg in listed if arg is not None}


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _deletes(name: str, node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Del)
