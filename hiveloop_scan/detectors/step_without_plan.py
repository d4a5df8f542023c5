"""Find steps of a plan that nobody has told HiveBoard of."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_PLANS = "makes-a-plan"


@detector(cst.Call)
def step_without_plan(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan_step(...)`` where nothing in the project calls ``task.plan(...)``; the first of a file."""
    if last_name(node.func) == "plan" and len(node.args) > 1:
        yield Match(node, {}, [], facts=(_PLANS,))
    call = sdk_call(node, module)
    if call is None or call.method != "plan_step" or sdk_calls(module, "plan_step")[0].node is not node:
        return
    yield complaint(call, "nobody-plans", clues=(Clue("*", _PLANS, "somebody-plans"),))
