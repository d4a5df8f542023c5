"""From where to where a call runs: the statements after which all that it does is over."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from hiveloop_scan.fix.names import PREFIX
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

_STARTERS = {
    "create_task", "ensure_future", "gather", "as_completed", "wait", "start_soon", "add_task", "call_soon", "spawn",
    "run_coroutine_threadsafe",
}  # fmt: skip
"""Calls that have what they are given run besides."""

_KEEPERS = {"append", "add", "put", "put_nowait"}
"""Calls that keep what they are given: a result, or in an async function one that has to be awaited still."""

_THREADS = {"submit", "apply_async", "map_async", "map", "imap", "starmap"}
"""Calls that come back while what they were given still runs."""

_RUN_ELSEWHERE = {"run_in_executor", "to_thread", "run_in_threadpool", "run_sync"}
"""Calls that have a function run in a thread, and can be awaited."""

_WAITERS = {"run_until_complete", "wait_for", "shield", "isawaitable", "iscoroutine", "asyncio_run"}
_ASYNC_STARTS = ("async", "aexec", "ainvoke", "acall", "arun", "aperform", "adispatch", "aprocess")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FURTHEST = 4
"""Statements behind the call among which the one is looked for that waits for it."""

_OWN_HINT = "put the call into a function of its own that runs one tool"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Statements that follow each other in one block, from the one that makes a call to the one that has its end."""

    statements: tuple[ast.stmt, ...]

    @property
    def first(self) -> ast.stmt:
        """The statement that makes the call."""
        return self.statements[0]

    @property
    def last(self) -> ast.stmt:
        """The statement after which the call is over."""
        return self.statements[-1]


def stretch_of(call: ast.Call, source: Source) -> Stretch:
    """Return the statements in which `call` runs; refuse where it runs later, more than once, or around a yield."""
    statement = _statement_of(call, source)
    awaited = _is_awaited(call, statement, source)
    if not awaited:
        _check_runs_now(call, statement, source)
    stretch = Stretch((statement,) if awaited else _until_waited_for(call, statement, source))
    if any(_yields(item) for item in stretch.statements):
        raise Refusal("the statement yields, and what takes its values would count as the tool's work", _OWN_HINT)
    if any(_is_ours(item) for item in stretch.statements):
        raise Refusal("a tool inside of it is tracked already", "nothing, if that is the tool that is meant")
    return stretch


def _statement_of(call: ast.Call, source: Source) -> ast.stmt:
    inner: ast.AST = call
    for outer in source.ancestors(call):
        if isinstance(outer, _COMPREHENSIONS):
            raise Refusal("several tools run in one expression", f"{_OWN_HINT}, or write the loop out")
        if isinstance(outer, ast.Lambda) and not _is_awaited_in_a_thread(outer, source):
            raise Refusal("the tool runs when the lambda is called", "make the lambda a function")
        if isinstance(outer, (ast.For, ast.AsyncFor)):
            if inner is not outer.iter:
                break
            if isinstance(outer, ast.For) and not _is_generator(call, source):
                reason = "the loop over the tool's results would count as its work"
                raise Refusal(reason, "give the results a name first")
            return outer
        if isinstance(outer, ast.stmt):
            if hasattr(outer, "body"):
                raise Refusal("the tool runs in the head of a statement", "give its result a name first")
            return outer
        inner = outer
    raise Refusal("the tool's call stands in no statement of its own")


def _is_awaited_in_a_thread(function: ast.Lambda, source: Source) -> bool:
    """Say whether a statement has a lambda run elsewhere and waits for it: ``await to_thread(lambda: run(tool))``."""
    runner = source.parents[function]
    if not isinstance(runner, ast.Call) or _last_name(runner) not in _RUN_ELSEWHERE:
        return False
    outer = source.parents[runner]
    while isinstance(outer, ast.Call) and _last_name(outer) in ("wait_for", "shield"):
        outer = source.parents[outer]
    return isinstance(outer, ast.Await)


def _is_awaited(call: ast.Call, statement: ast.stmt, source: Source) -> bool:
    """Say whether the statement itself waits for the call to be over."""
    if isinstance(statement, ast.AsyncFor):
        return True
    for outer in source.ancestors(call):
        if outer is statement:
            return False
        if isinstance(outer, ast.Await):
            return True
        if isinstance(outer, ast.Call) and call not in ast.walk(outer.func):
            name = _last_name(outer)
            if name in ("gather", "wait", "as_completed"):
                raise Refusal("several tools run at once", _OWN_HINT)
            if name in _STARTERS or (name in _KEEPERS and isinstance(source.scope_of(statement), ast.AsyncFunctionDef)):
                raise Refusal("the tool runs later than the statement", _OWN_HINT)
    return False


def _check_runs_now(call: ast.Call, statement: ast.stmt, source: Source) -> None:
    """Refuse a call that only has its work started, and one that gives what somebody else has to await."""
    name = _last_name(call)
    if name in _THREADS and name != "submit":
        raise Refusal("several tools run at once", _OWN_HINT)
    if _name_given(call, statement) is not None or _has_its_result(call, source):
        return
    if name in _THREADS or name in _STARTERS:
        raise Refusal("the tool runs in another thread or task", _OWN_HINT)
    if name.lower().startswith(_ASYNC_STARTS):
        raise Refusal("what the call gives has to be awaited elsewhere", _OWN_HINT)


def _until_waited_for(call: ast.Call, statement: ast.stmt, source: Source) -> tuple[ast.stmt, ...]:
    """Return the statement, and those up to the last that waits for the name it gives to what the call returns."""
    name = _name_given(call, statement)
    if name is None:
        return (statement,)
    scope = source.scope_of(statement)
    waits = [node for node in ast.walk(scope) if node is not call and _waits_for(node, name)]
    if not waits:
        if _last_name(call) in _THREADS | _STARTERS or _last_name(call).lower().startswith(_ASYNC_STARTS):
            raise Refusal("the tool runs in another thread or task", _OWN_HINT)
        return (statement,)
    block = source.block_of(statement)
    place = next(index for index, item in enumerate(block) if item is statement)
    near = block[place + 1 : place + 1 + _FURTHEST]
    found = [index for index, item in enumerate(near) if any(node in waits for node in ast.walk(item))]
    if not found:
        raise Refusal("the tool's result is waited for elsewhere", _OWN_HINT)
    return tuple(block[place : place + found[-1] + 2])


def _waits_for(node: ast.AST, name: str) -> bool:
    """Say whether a node awaits what `name` holds, or hands it to something that runs it."""
    if isinstance(node, ast.Await):
        return isinstance(node.value, ast.Name) and node.value.id == name
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == name:
        return _last_name(node) == "result"
    runs = _last_name(node) in _STARTERS | _WAITERS
    return runs and any(isinstance(arg, ast.Name) and arg.id == name for arg in node.args)


def _has_its_result(call: ast.Call, source: Source) -> bool:
    """Say whether the statement asks for the result at once: ``pool.submit(run, tool).result()``."""
    outer = source.parents[call]
    return isinstance(outer, ast.Attribute) and outer.attr == "result"


def _name_given(call: ast.Call, statement: ast.stmt) -> str | None:
    """Return the name that is given to just what the call returns."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is call:
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is call:
            return name
        case _:
            return None


def _is_generator(call: ast.Call, source: Source) -> bool:
    """Say whether the function that is called is one of this file, and a generator."""
    name = _last_name(call)
    found = [item for item in source.statements if isinstance(item, ast.FunctionDef) and item.name == name]
    return len(found) == 1 and any(_yields(item) for item in found[0].body)


def _yields(node: ast.AST) -> bool:
    """Say whether a statement yields itself, functions inside of it left out."""
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        return True
    return any(_yields(child) for child in ast.iter_child_nodes(node) if not isinstance(child, _FUNCTIONS))


def _is_ours(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Name) and node.id.startswith(PREFIX) for node in ast.walk(statement))


def _last_name(call: ast.Call) -> str:
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
