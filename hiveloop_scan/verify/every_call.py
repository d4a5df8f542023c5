"""Find all calls of the SDK that send events, those through the helpers that `hiveloop-scan init` writes too."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.outline.sdk import HELPERS, TELLERS
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.shapes import text_of
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.verify.senders import Sends
from hiveloop_scan.visitor import detector

_SURE = "on-an-sdk-object"
_AT_ONCE = frozenset(
    {
        "plan", "plan_step", "escalate", "request_approval", "approval_received", "retry", "llm_call", "report_issue",
        "resolve_issue", "queue_snapshot", "todo", "scheduled", "event", "start_task",
    }
)  # fmt: skip
_WHEN_ENTERED = ("task", "track_context")


@detector(cst.Call)
def every_call(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan(...)``, ``with agent.track_context(...)``, ``hb.agent(..., queue_provider=...)`` and so on."""
    if isinstance(node.func, cst.Name):
        method = HELPERS.get(node.func.value) or _told_by(node)
        if method:
            yield _match(node, method, Sends.HERE)
        return
    if last_name(node.func) == "agent":
        yield from _provider(node)
        return
    call = sdk_call(node, module)
    if call is None:
        return
    sends = None
    if call.method in _AT_ONCE:
        sends = Sends.HERE
    elif call.method in _WHEN_ENTERED:
        sends = Sends.HERE if _is_entered(node, module) else Sends.LATER
    elif call.method == "track" and isinstance(module.parent(node), cst.Decorator):
        sends = Sends.BY_FUNCTION
    if sends is None:
        return
    if call.guessed:
        yield complaint(call, sends=sends.value)
    else:  # whoever runs a program to see its events uses the SDK: no other file has to prove that
        yield _match(node, call.method, sends)


def _match(node: cst.Call, method: str, sends: Sends, **captures: str | None) -> Match:
    return Match(node, {"method": method, "sends": sends.value, **captures}, [_SURE])


def _told_by(node: cst.Call) -> str:
    """Return the method of ``tell_task(lambda task: task.retry(...))``; "" for none."""
    first = node.args[0].value if node.args else None
    if last_name(node.func) not in TELLERS or not isinstance(first, cst.Lambda):
        return ""
    told = first.body
    while isinstance(told, cst.BooleanOperation):
        told = told.right
    method = last_name(told) if isinstance(told, cst.Call) else ""
    return method if method in METHODS else ""


def _provider(node: cst.Call) -> Iterator[Match]:
    """Yield ``hb.agent("name", queue_provider=...)``; only the SDK has this argument."""
    given = {arg.keyword.value: arg.value for arg in node.args if arg.keyword}
    if "queue_provider" in given and last_name(given["queue_provider"]) != "None":
        name = given.get("agent_id", node.args[0].value)
        yield _match(node, "queue_provider", Sends.WITH_HEARTBEATS, agent=text_of(name))


def _is_entered(node: cst.Call, module: ParsedModule) -> bool:
    """Say whether the block that a call makes begins on its own lines."""
    around = module.parent(node)
    if isinstance(around, cst.Attribute):
        return around.attr.value == "__enter__"
    if isinstance(around, cst.Arg):
        call = module.parent(around)
        return isinstance(call, cst.Call) and last_name(call.func) in ("enter_context", "enter_async_context")
    return isinstance(around, cst.WithItem)
