"""Find escalations behind which the agent stops and waits: those are requests for approval."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call, sdk_calls
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.waiting import answer_waited_for
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def escalate_then_wait(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.escalate(...)`` and then ``answer = input(...)``."""
    call = sdk_call(node, module)
    if call is None or call.method != "escalate":
        return
    function = module.function_of(node)
    asked = [other for other in sdk_calls(module, "request_approval") if module.function_of(other.node) is function]
    wait = answer_waited_for(node, module, options["answer_words"])
    if wait is not None and not asked:
        yield complaint(call, "waits-after-the-escalation", operation=short(wait.func))
