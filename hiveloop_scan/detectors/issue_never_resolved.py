"""Find issues that are reported and that no code of the project resolves."""

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


@detector(cst.Call)
def issue_never_resolved(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """The badge of an issue stays until ``resolve_issue`` names it."""
    if last_name(node.func) == "resolve_issue":
        given = [arg.value for arg in node.args if arg.keyword and arg.keyword.value == "issue_id"]
        yield Match(node, {}, [], facts=facts_about("resolves", key_of(given[0], module) if given else ANY))
        return
    call = sdk_call(node, module)
    if call is not None and call.method == "report_issue" and call.signature and not call.unpacks:
        key = key_of(call.argument("issue_id"), module) if call.argument("issue_id") is not None else ANY
        shown = "the issue" if key == ANY else f"the issue {key.strip('<>')}"
        yield complaint(
            call, "nobody-resolves-it", clues=clues_for("resolves", key, "somebody-resolves-it"), issue=shown
        )
