"""Find telemetry whose arguments can raise and take the agent's work down with them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.guards import can_raise, is_caught, task_block_of
from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.visitor import detector

_STRUCTURE = ("task", "start_task", "track", "track_context", "complete", "fail")


@detector(cst.Call)
def call_without_try(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan(goal, [step["name"] for step in steps])`` outside of any try, and outside of the task's own block."""
    call = sdk_call(node, module)
    if call is None or call.handle.kind not in (Kind.TASK, Kind.AGENT) or call.method in _STRUCTURE:
        return
    risky = can_raise(call, module)
    if risky is None or is_caught(node, module) or task_block_of(node, module):
        return
    yield complaint(call, "arguments-can-raise", risk=short(risky))
