"""A call that may carry a tool out: what it runs and with what, also when another thread or task runs it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, is_name, last_name

_FIRST = (
    "to_thread", "submit", "partial", "run_sync", "map", "starmap", "imap", "apply_async", "start_soon", "add_task",
    "run_in_threadpool", "sync_to_async",
)  # fmt: skip
_ADAPTERS = ("run_async", "run_sync", "sync_to_async", "async_to_sync", "syncify", "asyncify", "partial", "asyncio_run")
_SECOND = ("run_in_executor",)
_TOGETHER = ("gather", "as_completed", "wait", "TaskGroup", "map", "starmap", "imap")


@dataclass(frozen=True)
class Run:
    """What a call runs, what that is given, and whether it is handed to another thread or task to be run."""

    call: cst.Call
    callee: cst.BaseExpression
    arguments: tuple[cst.Arg, ...]
    handed_over: bool

    @property
    def unpacks(self) -> bool:
        """The arguments come out of a mapping: ``tool(**arguments)``."""
        return any(arg.star for arg in self.arguments)


def run_of(call: cst.Call) -> Run:
    """Read a call; ``pool.submit(run_tool, request)`` runs ``run_tool`` and not ``submit``."""
    name = last_name(call.func)
    place = 0 if name in _FIRST else 1 if name in _SECOND else None
    if place is not None and len(call.args) > place and call.args[place].keyword is None:
        callee = call.args[place].value
        if isinstance(callee, (cst.Name, cst.Attribute, cst.Subscript, cst.Call)):
            return _in_context(Run(call, callee, tuple(call.args[place + 1 :]), True))
    if isinstance(call.func, cst.Call) and len(call.func.args) == 1 and not is_name(call.func.func, "getattr"):
        made = call.func.args[0].value
        if isinstance(made, (cst.Name, cst.Attribute)) and last_name(call.func.func) in _ADAPTERS:
            return Run(call, made, tuple(call.args), False)
    return _in_context(Run(call, call.func, tuple(call.args), False))


def _in_context(run: Run) -> Run:
    """Undo ``copy_context().run(work, ...)``."""
    owner, _, name = dotted(run.callee).rpartition(".")
    if name != "run" or not set(words(owner)) & {"context", "ctx"} or not run.arguments:
        return run
    first = run.arguments[0]
    if first.star or not isinstance(first.value, (cst.Name, cst.Attribute)):
        return run
    return replace(run, callee=first.value, arguments=run.arguments[1:])


def is_awaited(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call, or the call that is chained to it, is awaited on the spot."""
    return isinstance(_chain_end(call, module), cst.Await) or _is_iterated_async(call, module)


def is_kept(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether something is made of what a call gives back."""
    outer = _chain_end(call, module)
    while isinstance(outer, cst.Await):
        outer = module.parent(outer)
    return not isinstance(outer, cst.Expr)


def position_of(run: Run, module: ParsedModule) -> str:
    """Return how often and where a tool is run: gather, executor, task, comprehension, loop or single."""
    if run.handed_over:
        return "executor"
    for outer in module.ancestors(run.call):
        if isinstance(outer, cst.Call):
            name = last_name(outer.func)
            if name in _TOGETHER:
                return "gather"
            if name in ("create_task", "ensure_future", "run_coroutine_threadsafe"):
                return "task"
        if isinstance(outer, (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)) and not _is_gathered(
            outer, module
        ):
            return "comprehension"
        if isinstance(outer, (cst.For, cst.While)):
            return "loop"
        if isinstance(outer, (cst.FunctionDef, cst.Lambda)):
            return "single"
    return "single"


def _is_gathered(node: cst.CSTNode, module: ParsedModule) -> bool:
    return any(
        isinstance(outer, cst.Call) and last_name(outer.func) in _TOGETHER
        for outer in module.ancestors(node)
        if not isinstance(outer, cst.BaseStatement)
    )


def _chain_end(call: cst.CSTNode, module: ParsedModule) -> cst.CSTNode | None:
    """Return what holds the chain of calls that begins with `call`: ``tool.run(x).with_context(y)``."""
    inner, outer = call, module.parent(call)
    while (isinstance(outer, cst.Attribute) and outer.value is inner) or (
        isinstance(outer, cst.Call) and outer.func is inner
    ):
        inner, outer = outer, module.parent(outer)
    return outer


def _is_iterated_async(call: cst.Call, module: ParsedModule) -> bool:
    loop = module.parent(call)
    return isinstance(loop, cst.For) and loop.iter is call and loop.asynchronous is not None
