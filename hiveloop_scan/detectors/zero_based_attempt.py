"""Find attempts that are counted from nought: HiveBoard counts them from one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import number_given
from hiveloop_scan.sdk.plans import counts_by_hand, loops_counting
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def zero_based_attempt(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``for attempt in range(3): ... task.retry("again", attempt=attempt)``."""
    call = sdk_call(node, module)
    given = call.argument("attempt") if call and call.method == "retry" else None
    if call is None or given is None:
        return
    if isinstance(given, cst.Integer) and number_given(given, module) == 0:
        yield complaint(call, "attempt-is-nought", at=given, attempt=short(given))
    elif isinstance(given, cst.Name) and _starts_at_nought(given, module):
        yield complaint(call, "counts-from-nought", at=given, attempt=short(given))


def _starts_at_nought(name: cst.Name, module: ParsedModule) -> bool:
    if any(start == 0 for _, start in loops_counting(name.value, name, module)):
        return True
    by_hand = counts_by_hand(name.value, name, module)
    if by_hand is None or by_hand[0] != 0:
        return False
    return all(module.is_before(name, step) for step in by_hand[1])
