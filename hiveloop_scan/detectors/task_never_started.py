"""Find events of a task that was made and never entered."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.handle import Source
from hiveloop_scan.sdk.handles import possible_handle
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def task_never_started(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task = agent.task("a"); task.plan(...)``: only ``with`` or start_task() begin a task."""
    call = sdk_call(node, module)
    if call is None or call.handle.kind is not Kind.TASK or call.handle.source is not Source.MADE:
        return
    origin = call.handle.origin
    if not isinstance(origin, cst.Call) or last_name(origin.func) != "task" or _goes_on(origin, module):
        return
    yield complaint(call, "task-is-not-entered")


def _goes_on(origin: cst.Call, module: ParsedModule) -> bool:
    """Say whether the task is entered, or given to somebody who may enter it."""
    for item in module.nodes(cst.WithItem):
        if _is_it(item.item, origin, module):
            return True
    for call in module.nodes(cst.Call):
        if any(_is_it(arg.value, origin, module) for arg in call.args):
            return True
        if last_name(call.func) == "__enter__":
            return True
    return any(node.value is not None and _is_it(node.value, origin, module) for node in module.nodes(cst.Return))


def _is_it(node: cst.CSTNode, origin: cst.Call, module: ParsedModule) -> bool:
    if not isinstance(node, (cst.Name, cst.Attribute, cst.Call)):
        return False
    handle = possible_handle(node, module)
    return handle is not None and handle.origin is origin
