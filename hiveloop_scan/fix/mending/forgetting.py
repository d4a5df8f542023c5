"""What a mended text may have otherwise: arguments, the order of decorators, a guard, a place, a limit."""

from __future__ import annotations

import ast
from collections.abc import Callable

from hiveloop_scan.fix.mending.fronts import binding_of
from hiveloop_scan.fix.mending.order import Move
from hiveloop_scan.fix.mending.paths import Path, at_path, path_to, put_at
from hiveloop_scan.fix.mending.place import call_around, call_at, node_at, statement_of
from hiveloop_scan.fix.mending.proof import Forget
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding
from hiveloop_scan.sdk.signatures import MOST_ITEMS


def arguments(source: Source, finding: Finding) -> Forget:
    """Forget what the call is given."""
    path = path_to(call_around(source, finding), source)

    def forget(tree: ast.Module) -> None:
        call = at_path(tree, path)
        if isinstance(call, ast.Call):
            call.args, call.keywords = [], []

    return forget


def values(source: Source, finding: Finding) -> Forget:
    """Forget what the call is given, and the values of names that are made in front of it."""
    call = call_around(source, finding)
    names = [node for node in ast.walk(call) if isinstance(node, ast.Name)]
    paths: set[Path] = set()
    while names:
        statement = binding_of(names.pop(), source)
        if statement is not None and (path := path_to(statement, source)) not in paths:
            paths.add(path)
            names += [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    forget_arguments = arguments(source, finding)

    def forget(tree: ast.Module) -> None:
        forget_arguments(tree)
        for path in paths:
            statement = at_path(tree, path)
            if isinstance(statement, (ast.Assign, ast.AnnAssign)):
                statement.value = ast.Constant(None)

    return forget


def decorators(source: Source, finding: Finding) -> Forget:
    """Forget the order of the decorators of one function."""
    function = source.parents[call_at(source, finding.span)]
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        raise Refusal("it decorates no function")
    path = path_to(function, source)

    def forget(tree: ast.Module) -> None:
        function = at_path(tree, path)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function.decorator_list.sort(key=ast.dump)

    return forget


def guard(source: Source, finding: Finding) -> Forget:
    """Forget the one check, or the one try, that holds nothing but the statement."""
    path = path_to(statement_of(call_at(source, finding.span), source), source)

    def forget(tree: ast.Module) -> None:
        put_at(tree, path, _unguarded(at_path(tree, path)))

    return forget


def _unguarded(node: ast.AST) -> ast.AST:
    match node:
        case ast.If(
            test=ast.Name(id=asked),
            body=[ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) as inner],
            orelse=[],
        ) if asked == name:
            return inner
        case ast.If(
            test=ast.NamedExpr(target=ast.Name(id=asked), value=getter),
            body=[ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)) as func)) as inner],
            orelse=[],
        ) if asked == name:
            func.value = getter
            return inner
        case ast.Try(
            body=[ast.Expr() as inner],
            handlers=[ast.ExceptHandler(type=ast.Name(id="Exception"), name=None, body=[ast.Pass()])],
            orelse=[],
            finalbody=[],
        ):
            return inner
        case _:
            return node


def place(find: Callable[[Source, Finding], Move]) -> Callable[[Source, Finding], Forget]:
    """Forget where in its block a statement stands that is moved."""

    def forgetting(source: Source, finding: Finding) -> Forget:
        moved = find(source, finding).moved
        *outer, (field, _) = path_to(moved, source)
        written = ast.dump(moved)

        def forget(tree: ast.Module) -> None:
            block: list[ast.stmt] = getattr(at_path(tree, tuple(outer)), field)
            del block[next(index for index, item in enumerate(block) if ast.dump(item) == written)]

        return forget

    return forgetting


def limit(source: Source, finding: Finding) -> Forget:
    """Forget that a list is cut behind as many items as are shown."""
    path = path_to(node_at(source, finding.span), source)

    def forget(tree: ast.Module) -> None:
        match at_path(tree, path):
            case ast.Subscript(value=whole, slice=ast.Slice(lower=None, upper=ast.Constant(value=end), step=None)):
                if end == MOST_ITEMS:
                    put_at(tree, path, whole)

    return forget
