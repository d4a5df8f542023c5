"""Which names mean what at a place: what the user's code has bound, and what that does to generated code."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

PREFIX = "_hl_"
"""How the names begin that generated code binds."""

GENERATED = frozenset(
    PREFIX + name
    for name in (
        "action", "agent", "answer", "backoff", "before_sleep", "chained", "get_current_agent", "get_current_task",
        "get_hiveloop_agent", "get_hiveloop_task", "index", "made_agent", "on_backoff", "perf_counter",
        "queue_state", "stack", "started", "steps", "task", "tell_agent", "tell_task", "track", "track_awaitable",
        "track_call", "track_step", "ExitStack",
    )
)  # fmt: skip
"""All names that generated code may bind: what it writes is known by them, and nobody else's ``_hl_color`` is."""


def check_names(written: str, place: ast.AST, source: Source) -> None:
    """Refuse code whose builtins mean something else at `place`, or which the user's code would see as variables."""
    bound = bound_around(place, source)
    for node in ast.walk(ast.parse(written)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            name = node.id
            if name in bound and hasattr(builtins, name) and not name.startswith(PREFIX):
                raise Refusal(f"`{name}` has another meaning here", f"give the user's `{name}` another name")
    if isinstance(source.scope_of(place), ast.ClassDef):
        raise Refusal("it runs while a class is made, where every new name becomes an attribute")
    scope = source.scope_of(place)
    if not isinstance(scope, ast.Module) and any(_reads_frame(node, source) for node in ast.walk(scope)):
        raise Refusal("the function reads all its variables (locals(), exec, eval), new ones would show")


def _reads_frame(node: ast.AST, source: Source) -> bool:
    """Say whether a call reads the variables of the function around it, more than one that it names."""
    match node:
        case ast.Call(func=ast.Name(id="exec" | "eval")):
            return True
        case ast.Call(func=ast.Name(id="locals" | "vars" | "dir"), args=[]):
            return not _asks_for_one(node, source)
        case _:
            return False


def _asks_for_one(call: ast.Call, source: Source) -> bool:
    """Say whether ``locals()`` is asked for one name only: ``locals().get("x")``, ``locals()["x"]``."""
    outer = source.parents[call]
    match outer:
        case ast.Attribute(attr="get"):
            asked = source.parents[outer]
            return isinstance(asked, ast.Call) and bool(asked.args) and isinstance(asked.args[0], ast.Constant)
        case ast.Subscript(slice=ast.Constant()):
            return True
        case ast.Compare(left=ast.Constant(), ops=[ast.In() | ast.NotIn()]):
            return True
        case _:
            return False


def are_known(expression: str, place: ast.AST, source: Source) -> bool:
    """Say whether all names of an expression are bound around `place`, or by the language."""
    names = [node for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)]
    own = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return {name.id for name in names} <= bound_around(place, source) | own | set(dir(builtins))


def bound_around(place: ast.AST, source: Source) -> set[str]:
    """Return the names that the functions around `place` and the module bind."""
    scopes = [outer for outer in source.ancestors(place) if not isinstance(outer, ast.ClassDef)]
    found: set[str] = set()
    for scope in scopes:
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Module)):
            found.update(bound_in(scope))
    return found


def bound_in(scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module) -> Iterator[str]:
    """Yield the names that one scope binds, those of scopes inside it left out."""
    if not isinstance(scope, ast.Module):
        args = scope.args
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if arg is not None:
                yield arg.arg
    pending: list[ast.AST] = [scope.body] if isinstance(scope, ast.Lambda) else list(scope.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            pending += node.decorator_list
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        pending += ast.iter_child_nodes(node)
