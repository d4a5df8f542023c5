"""Find ids of issues that say nothing: all problems become one issue."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.constants import texts_given
from hiveloop_scan.syntax.names import words
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def generic_issue_id(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``issue_id="error"``."""
    call = sdk_call(node, module)
    given = call.argument("issue_id") if call and call.method == "report_issue" else None
    if call is None or given is None:
        return
    generic = [text for text in texts_given(given, module) if options["empty_words"].issuperset(words(text))]
    if generic:
        yield complaint(call, "id-says-nothing", at=given, issue=generic[0])
