"""Find issues whose only key is a text that changes each time."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.sdk.shapes import text_of
from hiveloop_scan.syntax.tree import is_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def variable_issue_summary(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``report_issue(f"failed {count} times", "high")`` without an id: each text is an issue of its own."""
    call = sdk_call(node, module)
    if call is None or call.method != "report_issue" or call.unpacks:
        return
    given, summary = call.argument("issue_id"), call.argument("summary")
    if summary is None or not (given is None or is_name(given, "None")):
        return
    if any(text_of(choice) is None for choice in choices(summary, module)):
        yield complaint(call, "no-id-and-a-text-that-changes", at=summary, summary=short(summary))
