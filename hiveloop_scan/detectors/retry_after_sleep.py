"""Find retries that are told when the wait is over."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.statements import earlier_statements, later_statements
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def retry_after_sleep(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``time.sleep(wait)`` and then ``task.retry(...)``: while it waits nobody sees why."""
    call = sdk_call(node, module)
    if call is None or call.method != "retry":
        return
    slept = next((found for line in earlier_statements(node, module) if (found := _sleep_in(line, module))), None)
    if slept and not any(_sleep_in(line, module) for line in later_statements(node, module)):
        yield complaint(call, "told-after-the-wait", operation=short(slept))


def _sleep_in(statement: cst.CSTNode, module: ParsedModule) -> cst.Call | None:
    """Return the sleep that a plain statement is."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return None
    return next((call for call in module.below(statement, cst.Call) if last_name(call.func) == "sleep"), None)
