"""Find steps that the plan does not have."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.constants import number_given
from hiveloop_scan.sdk.plans import plans_of, steps_written
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def step_index_beyond_plan(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan(goal, ["a", "b"])`` and ``task.plan_step(2, ...)``."""
    call = sdk_call(node, module)
    if call is None or call.method != "plan_step":
        return
    number = number_given(call.argument("step_index"), module)
    if number is None:
        return
    if number < 0:
        yield complaint(call, "index-is-negative", index=number, why="the first is step 0")
        return
    plans = [steps_written(plan, module) for plan in plans_of(call, module)]
    lengths = [len(steps) for steps in plans if steps is not None]
    if lengths and len(lengths) == len(plans) and number >= max(lengths):
        yield complaint(
            call, "index-is-beyond-the-plan", index=number, why=f"the plan has {max(lengths)}, counted from nought"
        )
