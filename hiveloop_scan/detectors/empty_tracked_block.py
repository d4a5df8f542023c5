"""Find tracked blocks in which nothing is done."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.tracked import is_about_telemetry, tracked_by
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.visitor import detector

_LOGS = ("debug", "info", "warning", "error", "exception", "print", "log")


@detector(cst.With)
def empty_tracked_block(node: cst.With, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``with agent.track_context("search"): pass``, the search behind it."""
    call = tracked_by(node, module)
    if call is None or module.below(node.body, cst.Await, cst.Yield, cst.Raise):
        return
    if module.below(node.body, cst.For, cst.While, cst.With):
        return
    calls = [inner for inner in module.below(node.body, cst.Call) if not is_about_telemetry(inner, module)]
    if all(last_name(inner.func) in _LOGS or _is_part_of_telemetry(inner, module) for inner in calls):
        yield complaint(call, "nothing-is-done-inside", name=dotted(call.receiver))


def _is_part_of_telemetry(call: cst.Call, module: ParsedModule) -> bool:
    return any(isinstance(outer, cst.Call) and is_about_telemetry(outer, module) for outer in module.ancestors(call))
