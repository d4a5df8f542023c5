"""Find steps that are started and, on some way through the function, neither completed nor failed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import texts_given
from hiveloop_scan.sdk.handle import Source
from hiveloop_scan.sdk.step_paths import StepPaths
from hiveloop_scan.syntax.tree import code
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def step_left_open(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``plan_step(0, "started", ...)`` and a return before ``plan_step(0, "completed", ...)``."""
    call = sdk_call(node, module)
    if call is None or call.method != "plan_step" or not _starts(call, module):
        return
    function = module.function_of(node)
    index = call.argument("step_index")
    if function is None or index is None:
        return
    steps = [step for step in sdk_calls(module, "plan_step") if module.function_of(step.node) is function]
    others = [step for step in steps if not _starts(step, module)]
    closing = [step.node for step in others if code(step.argument("step_index") or node) == code(index)]
    closing = [close for close in closing if module.is_before(node, close)]
    if not closing:
        if others and call.handle.source is Source.BLOCK and isinstance(index, cst.Integer):
            yield complaint(call, "never-closed", step=short(index), exit="the end")
        return
    ends = StepPaths(lambda inner: inner in closing, module).open_ends(node)
    if ends:
        where = "the end" if ends[0] is node else f"line {module.span(ends[0]).line}"
        yield complaint(call, "open-at-an-exit", step=short(index), exit=where)


def _starts(call: SdkCall, module: ParsedModule) -> bool:
    return texts_given(call.argument("action"), module) == ["started"]
