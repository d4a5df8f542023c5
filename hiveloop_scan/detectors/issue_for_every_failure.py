"""Find issues that are reported for each single failure."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.conditions import is_conditional
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def issue_for_every_failure(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``except Exception as e: agent.report_issue(str(e), "high")``: nothing counts the failures."""
    call = sdk_call(node, module)
    if call is None or call.method != "report_issue" or call.argument("occurrence_count") is not None or call.unpacks:
        return
    handler = module.enclosing(node, cst.ExceptHandler, cst.FunctionDef)
    if not isinstance(handler, cst.ExceptHandler) or is_conditional(node, module, handler):
        return
    if handler.type is not None and mentions(module.text(handler.type), options["lasting_words"]):
        return
    if mentions(module.symbol(node), options["watching_words"]):
        return
    kind = dotted(handler.type) if handler.type is not None else "everything"
    yield complaint(call, "reported-in-a-handler", "nothing-counts", exception=kind or "an exception")
