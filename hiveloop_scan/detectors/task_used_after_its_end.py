"""Find events of a task that is over: behind its with statement, or behind complete() and fail()."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import bindings
from hiveloop_scan.sdk.calls import SdkCall, sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.handle import Source
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector

_ENDS = ("complete", "fail")


@detector(cst.Call)
def task_used_after_its_end(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``with agent.task("a") as task: ...`` and then, outside, ``task.retry(...)``."""
    call = sdk_call(node, module)
    if call is None or call.handle.kind is not Kind.TASK or call.method in _ENDS:
        return
    if call.handle.source is Source.BLOCK:
        block = module.enclosing(call.handle.origin, cst.With)
        same = block is not None and module.function_of(block) is module.function_of(node)
        if same and block is not None and module.is_before(block, node):
            yield complaint(call, "block-of-the-task-is-over")
            return
    if any(_ends_before(end, call, module) for end in sdk_calls(module, *_ENDS)):
        yield complaint(call, "task-was-ended")


def _ends_before(end: SdkCall, call: SdkCall, module: ParsedModule) -> bool:
    """Say whether `end` stands in front of `call`, in the same block: nothing can lead around it."""
    if end.receiver is None or dotted(end.receiver) != dotted(call.receiver) or not dotted(end.receiver):
        return False
    line = module.enclosing(end.node, cst.SimpleStatementLine)
    block = module.parent(line) if line else None
    if block is None or not module.is_before(end.node, call.node) or not module.is_below(call.node, [block]):
        return False
    name = dotted(end.receiver)
    bound = [target for target, _ in bindings(call.node, module) if dotted(target) == name]
    return not any(module.is_before(end.node, target) and module.is_before(target, call.node) for target in bound)
