"""Recognise what generated code looks like: every piece of it shows a name that begins with ``_hl_``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from hiveloop_scan.fix.names import GENERATED


def is_generated(statement: ast.stmt) -> bool:
    """Say whether a whole statement was generated: a handle that is fetched, a guard, a helper's call, a callback."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in GENERATED
        case ast.If(test=test, orelse=[]):
            return _is_about_a_handle(test) and all(map(_is_guard, statement.body))
        case ast.Expr(value=ast.Call(func=ast.Name() as func)):
            return is_ours(func)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return statement.name in GENERATED
        case ast.Try(body=[ast.ImportFrom(names=[ast.alias(asname=str(name))]), *_], orelse=[], finalbody=[]):
            return name in GENERATED
        case _:
            return False


def is_wrapper(statement: ast.stmt) -> bool:
    """Say whether a statement was put around the user's: a ``with``, or a ``try`` that tells of both ends."""
    match statement:
        case ast.With(items=[ast.withitem(context_expr=ast.Call(func=func), optional_vars=name)]):
            return is_ours(func) or (name is not None and is_ours(name))
        case ast.With(items=[ast.withitem(context_expr=context)]):
            return is_ours(context)
        case ast.Try(handlers=[ast.ExceptHandler(body=[*told, ast.Raise(exc=None)])], finalbody=[]):
            rest = [*told, *statement.orelse]
            return bool(told) and all(map(is_generated, rest))
        case _:
            return False


def wrapped(statement: ast.With | ast.Try) -> list[ast.stmt]:
    """Return the user's statements in a wrapper, without what was generated in front of them."""
    return [item for item in statement.body if not is_generated(item)]


def hoisted(block: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that stand for an expression of the user's, with that expression."""
    for statement in block:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) if name in GENERATED:
                yield name, statement.value


def is_ours(node: ast.AST) -> bool:
    """Say whether a node is a name that generated code binds."""
    return isinstance(node, ast.Name) and node.id in GENERATED


def _is_about_a_handle(test: ast.expr) -> bool:
    first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else test
    return is_ours(first)


def _is_guard(statement: ast.stmt) -> bool:
    """Say whether a statement keeps every error of what it does to itself."""
    match statement:
        case ast.Try(handlers=[ast.ExceptHandler(type=ast.Name(id="Exception"), body=[ast.Pass()])], orelse=[]):
            return not statement.finalbody
        case _:
            return False
