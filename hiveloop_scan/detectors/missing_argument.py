"""Find calls of the SDK that lack an argument without which they raise."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def missing_argument(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.escalate(assigned_to="ops")``: no summary."""
    call = sdk_call(node, module)
    if call is None or call.signature is None or call.unpacks:
        return
    missing = [name for name in call.signature.required if call.argument(name) is None]
    if not missing or (missing == ["summary"] and call.argument("reason") is not None):
        return  # a reason in place of the summary is a complaint of its own
    yield complaint(call, "argument-is-missing", argument=" and ".join(missing))
