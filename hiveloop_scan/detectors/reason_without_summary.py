"""Find calls of the SDK that are given a reason where they need a summary."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def reason_without_summary(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.retry(reason="timeout")``."""
    call = sdk_call(node, module)
    if call is None or call.signature is None or call.unpacks:
        return
    if (
        "summary" in call.signature.required
        and call.argument("summary") is None
        and call.argument("reason") is not None
    ):
        yield complaint(call, "reason-in-place-of-a-summary")
