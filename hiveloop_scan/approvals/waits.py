"""Code that stands still until somebody else sets an event, fills a future, puts an answer, or sends a signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.approvals.answers import literals_in
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import bindings, values_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_SET_BY_OTHERS = {
    "event", "evt", "future", "fut", "promise", "queue", "q", "waiter", "view", "decided", "decision", "decisions",
    "answer", "answers", "answered", "reply", "replies", "response", "responses", "resolved", "pending", "inbox",
    "channel", "gate", "approved", "approval", "approvals", "confirmation", "confirmed", "permission", "done",
    "request", "result", "signal", "deferred",
}  # fmt: skip
_MAKERS = {
    "Event",
    "Future",
    "create_future",
    "Queue",
    "SimpleQueue",
    "Condition",
    "run_coroutine_threadsafe",
    "LifoQueue",
}
_NOT_SET_BY_OTHERS = {
    "asyncio", "process", "proc", "popen", "thread", "threads", "server", "task", "tasks", "barrier", "executor",
    "pool", "container", "subprocess", "browser", "page", "driver", "concurrent", "futures", "requests", "os",
    "environ", "config",
}  # fmt: skip
_TAKES = {"blpop", "brpop", "bzpopmin", "recv", "receive", "receive_json", "receive_text", "receive_message", "xread"}
_NOT_WAITS = {
    "wait_for_selector",
    "wait_for_load_state",
    "wait_for_timeout",
    "wait_for_url",
    "wait_for_navigation",
    "wait_for_element",
}


@dataclass(frozen=True)
class Wait:
    """A wait: what is waited on (nodes whose names and texts tell), how long, whether only a name says so."""

    subject: tuple[cst.CSTNode, ...]
    timeout: cst.BaseExpression | None
    operation: str
    by_name: bool = False


def wait_in(node: cst.Call | cst.Await, module: ParsedModule) -> Wait | None:
    """Return the wait that `node` is; None for work that the agent itself does."""
    if isinstance(node, cst.Await):
        return Wait((node.expression,), None, dotted(node.expression)) if _is_open(node.expression, module) else None
    name = last_name(node.func)
    if isinstance(module.parent(node), cst.WithItem):
        return None
    timeout = _timeout(node)
    if name in ("wait", "result", "get") and isinstance(node.func, cst.Attribute):
        owner = node.func.value
        waits_for_any = isinstance(module.parent(node), cst.Await) and not node.args
        if (name == "get" and timeout is None and not waits_for_any) or not _is_open(owner, module):
            return None
        return Wait(
            (owner,), timeout or (node.args[0].value if name == "wait" and node.args else None), dotted(node.func)
        )
    if name in ("run_in_executor", "to_thread"):
        waits = [arg.value for arg in node.args if last_name(arg.value) in ("wait", "get", "result")]
        owners = [value.value for value in waits if isinstance(value, cst.Attribute) and _is_open(value.value, module)]
        return Wait((owners[0],), timeout, dotted(waits[0])) if owners else None
    if name == "wait_for" and node.args and not isinstance(node.args[0].value, (cst.Call, cst.SimpleString)):
        future = node.args[0].value
        return Wait((future,), timeout or _second(node), dotted(future)) if _is_open(future, module) else None
    if name in _TAKES or (
        set(words(name)) & {"wait", "await", "waits"} and name not in ("wait", "wait_for", *_NOT_WAITS)
    ):
        return Wait((node.func, *node.args), timeout, dotted(node.func), by_name=True)
    if name == "wait_for" and node.args:
        return (
            Wait(tuple(node.args), timeout, dotted(node.func), by_name=True)
            if isinstance(node.args[0].value, cst.SimpleString)
            else None
        )
    return None


def _is_open(value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether something is made to be set from elsewhere: an event, a future, a queue for the answer."""
    if not isinstance(value, (cst.Name, cst.Attribute, cst.Subscript)):
        return False
    name = dotted(value)
    made = [last_name(bound) for bound in values_of(name, value, module)]
    if any(maker in _MAKERS or maker.endswith("View") for maker in made):
        return True
    said = words(name.rpartition(".")[2])
    if set(said) & _NOT_SET_BY_OTHERS:
        return False
    calls = [bound for bound in values_of(name, value, module) if isinstance(bound, (cst.Call, cst.Await))]
    if isinstance(module.parent(value), cst.Await) and (
        calls or not {"future", "fut", "promise", "deferred"} & set(said)
    ):
        return False
    return bool(set(said) & _SET_BY_OTHERS)


def _timeout(call: cst.Call) -> cst.BaseExpression | None:
    return next(
        (arg.value for arg in call.args if arg.keyword and arg.keyword.value in ("timeout", "timeout_seconds")), None
    )


def _second(call: cst.Call) -> cst.BaseExpression | None:
    return call.args[1].value if len(call.args) > 1 and call.args[1].keyword is None else None


def said_by(subject: Sequence[cst.CSTNode], module: ParsedModule) -> str:
    """Return the names and literals of what is waited on, and of what its names were made from."""
    said: list[str] = []
    for node in subject:
        said += [dotted(part) for part in module.all_below(node, cst.Attribute)]
        said += [name.value for name in module.all_below(node, cst.Name)]
        said += literals_in(node, module)
        for name in module.all_below(node, cst.Name):
            for value in values_of(name.value, name, module):
                said += [dotted(value), *literals_in(value, module)]
    names = {dotted(node) for node in subject if isinstance(node, (cst.Name, cst.Attribute))}
    for target, value in bindings(subject[0], module) if names else ():
        if dotted(value) in names:  # self.pending[request.id] = future
            said.append(code(target))
    return " ".join(said)
