"""Find ids of issues that are others each time."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.unstable import why_unstable
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unstable_issue_id(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``issue_id=str(uuid.uuid4())``, ``issue_id=f"crm-{error}"``."""
    call = sdk_call(node, module)
    given = call.argument("issue_id") if call and call.method in ("report_issue", "resolve_issue") else None
    if call is None or given is None:
        return
    reason = why_unstable(given, module)
    if reason:
        yield complaint(call, reason, at=given, issue=short(given))
