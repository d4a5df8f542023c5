"""Look-ups of a task or an agent that stand elsewhere in the function or class, repeated where they cannot fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.held import is_named_for, node_at, parsed_for_handles
from hiveloop_scan.fix.reach import is_bound_at, is_set_for_sure
from hiveloop_scan.fix.source import Function, Source

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lookup_at(handle: Handle, place: ast.stmt, source: Source) -> str:
    """Return an expression for `handle` that repeats a look-up of the code around `place`; "" where there is none."""
    for text in _candidates(handle, place, source):
        expression = ast.parse(text, mode="eval").body
        if safe := _without_risk(expression, place, source):
            return safe
    return ""


def arguments_of(getter: str, place: ast.stmt, source: Source) -> str | None:
    """Return the arguments with which the function or class around `place` calls `getter`; None where it does not."""
    for scope in _scopes(place, source):
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and _last_name(node.func) == getter and (node.args or node.keywords):
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                named = [f"{keyword.arg}=" if keyword.arg else "" for keyword in node.keywords]
                if all(_is_readable(value, place, source) for value in values) and all(named):
                    return ", ".join(
                        prefix + ast.unparse(value)
                        for prefix, value in zip([""] * len(node.args) + named, values, strict=True)
                    )
    return None


def _candidates(handle: Handle, place: ast.stmt, source: Source) -> Iterator[str]:
    """Yield the look-ups of `handle` in the function around `place`, its class, and functions with a like parameter."""
    module = parsed_for_handles(source)
    if module is None:
        return
    import libcst as cst

    from hiveloop_scan.sdk.handle import Source as Origin
    from hiveloop_scan.sdk.handles import handle_of
    from hiveloop_scan.syntax.tree import code

    seen: dict[str, None] = {}
    for scope in _scopes(place, source):
        root = node_at(scope, module)
        kinds = (cst.Call, cst.Attribute) if root is not None else ()
        for kind in kinds:
            for node in module.all_below(root or module.tree, kind):
                found = handle_of(node, module)
                if found is None or not found.sure or found.kind.value != handle:
                    continue
                if found.source is Origin.LOOKUP or (found.source is Origin.NAME and is_named_for(handle, code(node))):
                    seen[code(node)] = None
    yield from seen


def _scopes(place: ast.stmt, source: Source) -> Iterator[ast.stmt]:
    functions = [item for item in source.ancestors(place) if isinstance(item, _FUNCTIONS)]
    yield from functions[:1]
    around = source.enclosing(place, ast.ClassDef)
    if around is not None:
        yield around
    for statement in source.statements:
        if functions and isinstance(statement, _FUNCTIONS) and _shares_a_parameter(statement, functions[0]):
            yield statement


def _shares_a_parameter(other: Function, function: Function) -> bool:
    """Say whether two functions are given the same: a parameter of one name and one annotation."""
    return not _annotated(other).isdisjoint(_annotated(function))


def _annotated(function: Function) -> set[tuple[str, str]]:
    return {(arg.arg, ast.unparse(arg.annotation)) for arg in function.args.args if arg.annotation is not None}


def _without_risk(expression: ast.expr, place: ast.stmt, source: Source) -> str:
    """Return a form of a look-up that gives None where there is nothing; "" where that cannot be had."""
    match expression:
        case ast.Call(
            func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), ast.Constant(value=None)]
        ):
            readable = _reading(owner, place, source)
            return f'getattr({readable}, "{name}", None)' if readable else ""
        case ast.Attribute(value=owner, attr=name):
            readable = _reading(owner, place, source)
            return f'getattr({readable}, "{name}", None)' if readable else ""
        case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[key], keywords=[]):
            if _is_readable(owner, place, source) and _is_readable(key, place, source):
                return f"{ast.unparse(owner)}.get({ast.unparse(key)})"
            return ""
        case _:
            return ""


def _reading(node: ast.expr, place: ast.stmt, source: Source) -> str:
    """Return how the owner of an attribute is read where it may be missing itself."""
    if _is_readable(node, place, source):
        return ast.unparse(node)
    if isinstance(node, ast.Attribute):
        owner = _reading(node.value, place, source)
        return f'getattr({owner}, "{node.attr}", None)' if owner else ""
    return ""


def _is_readable(node: ast.expr, place: ast.stmt, source: Source) -> bool:
    """Say whether reading an expression at `place` cannot fail: constants, bound names, attributes that are there."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return is_bound_at(name, place, source)
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return is_bound_at("self", place, source) and is_set_for_sure(name, place, source)
        case ast.Attribute(value=ast.Name(id="request"), attr="state"):  # a request of starlette always has one
            return is_bound_at("request", place, source)
        case _:
            return False


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
