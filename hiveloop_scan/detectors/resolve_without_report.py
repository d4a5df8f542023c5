"""Find issues that are resolved and that no code of the project reports."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.issue_keys import ANY, clues_for, facts_about, key_of
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_BY_LOG_HANDLER = "log-"


@detector(cst.Call)
def resolve_without_report(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``resolve_issue("up again", issue_id="crm")`` where issues are reported as ``crm-403``."""
    if last_name(node.func) == "report_issue":
        given = [arg.value for arg in node.args if arg.keyword and arg.keyword.value == "issue_id"]
        yield Match(node, {}, [], facts=facts_about("reports", key_of(given[0], module) if given else ANY))
        return
    call = sdk_call(node, module)
    given_id = call.argument("issue_id") if call and call.method == "resolve_issue" else None
    if call is None or given_id is None:
        return
    key = key_of(given_id, module)
    if not key.startswith(_BY_LOG_HANDLER):  # the SDK's log handler reports those
        shown = "the issue" if key == ANY else f"the issue {key.strip('<>')}"
        yield complaint(call, "nobody-reports-it", clues=clues_for("reports", key, "somebody-reports-it"), issue=shown)
