"""Runs of tools inside of an expression that runs several, or has one run elsewhere: what of it is one tool's run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hiveloop_scan.fix.source import Source

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_AWAITS_ALL = {"gather", "create_task", "as_completed"}
"""Functions of asyncio that take nothing but what can be awaited."""

_HANDS_ON = {"wait_for", "shield"}
_LOOPS = {"TaskGroup", "get_running_loop", "get_event_loop", "new_event_loop"}
_MAKE_COROUTINES = {"gather", "as_completed", "wait", "run", "run_until_complete", "create_task", "ensure_future"}


class Helper(StrEnum):
    """What shows the run of a tool as an action where no ``with`` can stand."""

    CALL = "track_call"
    AWAITABLE = "track_awaitable"


@dataclass(frozen=True, slots=True)
class Element:
    """The expression to be handed to the helper; `is_late`: the tool's name is asked for when the names may have moved.

    For a call that is what is called, else what is awaited.
    """

    helper: Helper
    node: ast.expr
    is_late: bool


def element_of(call: ast.Call, source: Source) -> Element | None:
    """Return which part of an expression is the run of one tool; None where that is not certain."""
    name = _last_name(call.func)
    if name == "submit" and _is_of_threads(call.func, source):
        return _handed(call, 0)
    if name == "run_in_executor" and call.args and isinstance(call.args[0], ast.Constant):
        return _handed(call, 1) if call.args[0].value is None else None
    if isinstance(source.parents[call], ast.Await):
        return Element(Helper.AWAITABLE, call, is_late=False)
    if _is_awaited_for_sure(call, source) or _is_coroutine(call, source):
        return Element(Helper.AWAITABLE, call, is_late=True)
    if _runs_at_once(call, source):
        return Element(Helper.CALL, call.func, is_late=False)
    return None


def _handed(call: ast.Call, position: int) -> Element | None:
    """Return the function that a call has run in another thread."""
    if len(call.args) <= position or any(isinstance(arg, ast.Starred) for arg in call.args[: position + 1]):
        return None
    return Element(Helper.CALL, call.args[position], is_late=True)


def _is_of_threads(func: ast.expr, source: Source) -> bool:
    """Say whether a pool is certainly one of threads: what runs in another process has to be pickled."""
    owner = ast.unparse(func.value) if isinstance(func, ast.Attribute) else ""
    made = list(_values_of(owner, source)) if owner else []
    return bool(made) and all(
        isinstance(value, ast.Call) and _last_name(value.func) == "ThreadPoolExecutor" for value in made
    )


def _values_of(name: str, source: Source) -> Iterator[ast.expr | None]:
    """Yield all that the file gives to a name or attribute; None for what it is given otherwise."""
    for node in source.nodes:
        match node:
            case ast.Assign(targets=targets, value=value) if name in map(ast.unparse, targets):
                yield value
            case ast.AnnAssign(target=target, value=ast.expr() as value) if ast.unparse(target) == name:
                yield value
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if ast.unparse(target) == name:
                yield value
            case ast.arg(arg=given) if given == name:
                yield None


def _is_awaited_for_sure(call: ast.Call, source: Source) -> bool:
    """Say whether `call` stands where only what can be awaited may stand: ``gather(*[run(x) for x in xs])``."""
    inner: ast.AST = call
    for outer in source.ancestors(call):
        if isinstance(outer, ast.Call):
            if inner is outer.func or not _is_of_asyncio(outer.func, source):
                return False
            if _last_name(outer.func) in _AWAITS_ALL:
                return True
            if _last_name(outer.func) not in _HANDS_ON:
                return False
        elif isinstance(outer, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            if inner is not outer.elt:
                return False
        elif isinstance(outer, (ast.Assign, ast.AnnAssign)):
            return inner is outer.value and _is_gathered(outer, source)
        elif not isinstance(outer, (ast.Starred, ast.List, ast.Tuple)):
            return False
        inner = outer
    return False


def _is_of_asyncio(func: ast.expr, source: Source) -> bool:
    """Say whether a function is one of asyncio, of an event loop or of a group of tasks."""
    match func:
        case ast.Name(id=name):
            imports = (item for item in source.imports if isinstance(item, ast.ImportFrom) and item.module == "asyncio")
            return any(name == (alias.asname or alias.name) for item in imports for alias in item.names)
        case ast.Attribute(value=ast.Name(id="asyncio")):
            return True
        case ast.Attribute(value=owner):
            made = list(_values_of(ast.unparse(owner), source))
            return bool(made) and all(isinstance(item, ast.Call) and _last_name(item.func) in _LOOPS for item in made)
        case _:
            return False


def _is_gathered(statement: ast.Assign | ast.AnnAssign, source: Source) -> bool:
    """Say whether the list that a statement makes goes to ``gather`` and nowhere else."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if len(targets) != 1 or not isinstance(targets[0], ast.Name) or isinstance(statement.value, ast.Call):
        return False
    name = targets[0].id
    uses = [node for node in ast.walk(source.scope_of(statement)) if isinstance(node, ast.Name) and node.id == name]
    read = [node for node in uses if isinstance(node.ctx, ast.Load)]
    return len(uses) == len(read) + 1 and bool(read) and all(_goes_to_gather(node, source) for node in read)


def _goes_to_gather(name: ast.Name, source: Source) -> bool:
    starred = source.parents[name]
    call = source.parents[starred]
    gathers = isinstance(call, ast.Call) and _last_name(call.func) == "gather" and _is_of_asyncio(call.func, source)
    return isinstance(starred, ast.Starred) and gathers


def _is_coroutine(call: ast.Call, source: Source) -> bool:
    """Say whether what is called is certainly a coroutine function of this file."""
    function = _function_called(call, source) if isinstance(call.func, ast.Name) else None
    return isinstance(function, ast.AsyncFunctionDef) and not any(
        isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(function)
    )


def _runs_at_once(call: ast.Call, source: Source) -> bool:
    """Say whether `call` stands in a comprehension and is certainly over when it returns."""
    if not any(isinstance(outer, _COMPREHENSIONS) for outer in _within_statement(call, source)):
        return False
    if any(isinstance(outer, ast.Lambda) for outer in _within_statement(call, source)):
        return False
    if isinstance(_function_called(call, source), ast.FunctionDef):
        return True
    scope = source.scope_of(call)
    name = _last_name(call.func).lower()
    return isinstance(scope, ast.FunctionDef) and not (
        (name.startswith("a") and name[1:] in ("run", "invoke", "call", "execute", "perform", "dispatch", "process"))
        or "async" in name
        or any(isinstance(node, ast.Call) and _last_name(node.func) in _MAKE_COROUTINES for node in ast.walk(scope))
    )


def _within_statement(node: ast.AST, source: Source) -> Iterator[ast.AST]:
    """Yield what stands around an expression up to its statement."""
    for outer in source.ancestors(node):
        if isinstance(outer, ast.stmt):
            return
        yield outer


def _function_called(call: ast.Call, source: Source) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the function of this file that is called by its plain name, or as a method of the class around."""
    if isinstance(call.func, ast.Name):
        block: list[ast.stmt] = source.tree.body
    elif isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "self":
        around = source.enclosing(call, ast.ClassDef)
        block = around.body if around is not None else []
    else:
        return None
    name = _last_name(call.func)
    found = [item for item in block if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name]
    others = [node for node in source.nodes if isinstance(node, ast.Name) and node.id == name and _stores(node)]
    return found[0] if len(found) == 1 and not found[0].decorator_list and not others else None


def _stores(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _last_name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
