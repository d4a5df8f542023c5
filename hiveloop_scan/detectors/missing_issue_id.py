"""Find issues without an id."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.sdk.shapes import text_of
from hiveloop_scan.syntax.tree import is_name
from hiveloop_scan.visitor import detector

_WITH_AN_ID = ("report_issue", "resolve_issue")


@detector(cst.Call)
def missing_issue_id(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``report_issue("CRM is down", "high")``: its text is its key."""
    call = sdk_call(node, module)
    if call is None or call.method not in _WITH_AN_ID or call.unpacks:
        return
    given, summary = call.argument("issue_id"), call.argument("summary")
    if summary is None or not (given is None or is_name(given, "None")):
        return
    if call.method == "resolve_issue" or all(text_of(choice) is not None for choice in choices(summary, module)):
        yield complaint(call, "no-id")
