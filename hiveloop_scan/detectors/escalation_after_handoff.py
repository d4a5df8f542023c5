"""Find escalations that are told when the work is handed over already."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.statements import earlier_statements
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def escalation_after_handoff(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``queue_for_review(item)`` and then ``task.escalate(...)``: a failing hand-over is never told."""
    call = sdk_call(node, module)
    if call is None or call.method != "escalate":
        return
    for statement in earlier_statements(node, module):
        if not isinstance(statement, cst.SimpleStatementLine):
            continue
        for other in module.below(statement, cst.Call):
            if sdk_call(other, module) is None and _hands_over(other, options):
                yield complaint(call, "work-is-handed-over-before", operation=short(other.func))
                return


def _hands_over(call: cst.Call, options: Options) -> bool:
    spoken = set(words(dotted(call.func).rpartition(".")[2]))
    named = {arg.keyword.value for arg in call.args if arg.keyword}
    return not spoken.isdisjoint(options["handing_words"]) and (
        not spoken.isdisjoint(options["human_words"]) or not named.isdisjoint(options["owner_arguments"])
    )
