"""Find the places where an agent framework is told to wait for a person."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.answers import answer_of, whole_wait
from hiveloop_scan.approvals.approval_captures import approval_captures
from hiveloop_scan.approvals.frameworks import pause_in
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unreported_framework_approval(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    pause = pause_in(call, module)
    if pause is None:
        return
    facts = ["framework-waits-for-a-person"]
    if not pause.is_certain:
        facts.append("only-known-at-run-time")
    whole = whole_wait(call, module) if pause.waits_here else call
    answer = answer_of(whole, module) if pause.waits_here else None
    captures = approval_captures(whole, pause.asked_by, module, options, summary=pause.summary, answer=answer)
    if not pause.waits_here:
        captures["insert_line"] = None
    yield Match(call, {**captures, "waits_here": pause.waits_here}, facts)
