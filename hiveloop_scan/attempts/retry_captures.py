"""The pieces of a retry loop that a `task.retry(...)` call is made of."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.headers import Counter, Header, Kind
from hiveloop_scan.attempts.names import counting_steps, names_and_attributes
from hiveloop_scan.attempts.operation import operation_name, operation_of
from hiveloop_scan.attempts.paths import Failure, Loop
from hiveloop_scan.attempts.placement import Placement, placement_of
from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import LEAVES, Flow, flow_of_suite
from hiveloop_scan.syntax.tree import code, statements


def retry_captures(
    loop: Loop, header: Header, tried: Sequence[cst.CSTNode], failure: Failure | None, module: ParsedModule
) -> dict[str, Capture]:
    """Describe one retry: what is tried, which attempt failed, how long the wait is, whether another attempt follows.

    ``attempt`` is the 1-based number of the attempt that failed, as an expression at ``insert_line`` (None: the loop
    has no counter; none is invented), and ``attempt_base`` what the counter starts at. ``backoff_seconds`` is the
    expression of the wait, with ``backoff_has_call`` when it must be worked out once only. ``another_attempt`` is
    "certain" where the failure path has already left on the last attempt, or there is no last; else "conditional",
    and ``another_attempt_if`` tells when, if that can be told. ``insert_line`` is the line before which the call
    belongs; where that is the end of a handler, a branch or the loop, ``block_line`` tells on which line it begins.
    """
    place = placement_of(loop, failure, module)
    sleep = first_sleep(place.node, module) if place.node else None
    counter = header.counter
    counted = counter is not None and _is_counted_before(place, counter, loop, module)
    captures: dict[str, Capture] = {
        "operation": operation_name(operation_of(tried, module) or operation_of(statements(loop.body), module)),
        "attempt": _attempt_expression(counter, counted),
        "attempt_base": counter.start if counter else None,
        "backoff_seconds": sleep.seconds if sleep else None,
        "backoff_has_call": bool(sleep and sleep.has_call),
    }
    captures.update(_exception(failure, place, module))
    captures.update(_another_attempt(loop, header, failure, place, counted, module))
    captures["insert_line"] = place.line
    captures["block_line"] = None if place.node else module.span(place.block).line
    return captures


def _attempt_expression(counter: Counter | None, counted: bool) -> str | None:
    if counter is None or counter.start is None or counter.counts_down:
        return None
    holds_this_failure = counter.step is not None and counted
    offset = 1 - counter.start - (1 if holds_this_failure else 0)
    if offset == 0:
        return counter.name
    return f"{counter.name} {'+' if offset > 0 else '-'} {abs(offset)}"


def _is_counted_before(place: Placement, counter: Counter, loop: Loop, module: ParsedModule) -> bool:
    """Say whether a while counter is counted before the place where the call belongs."""
    if counter.step is None:
        return False
    steps = [node for node, name, _ in counting_steps(statements(loop.body), module) if name == counter.name]
    return any(place.comes_after(step, module) for step in steps)


def _exception(failure: Failure | None, place: Placement, module: ParsedModule) -> dict[str, Capture]:
    """Name the exception where it is still bound: Python forgets it at the end of the handler."""
    if not isinstance(failure, (cst.ExceptHandler, cst.ExceptStarHandler)):
        return {"exception": None, "exception_type": None}
    bound = place.node is None or module.is_below(place.node, [failure])
    return {
        "exception": code(failure.name.name) if failure.name and bound else None,
        "exception_type": code(failure.type) if failure.type else None,
    }


def _another_attempt(
    loop: Loop, header: Header, failure: Failure | None, place: Placement, counted: bool, module: ParsedModule
) -> dict[str, Capture]:
    """Tell whether the place of the call is always followed by another attempt."""
    counter = header.counter
    if header.kind is Kind.FOREVER or _is_guarded(place, failure if failure is not None else loop, counter, module):
        return {"another_attempt": "certain", "another_attempt_if": None}
    condition: str | None = None
    if isinstance(loop, cst.While):
        condition = code(loop.test) if counter is None or counted else _next_test(loop, counter, module)
    elif counter is not None and header.bound is not None and not counter.counts_down:
        bound = header.bound.removesuffix(" + 1")
        condition = f"{counter.name} < {bound}" if bound != header.bound else f"{counter.name} + 1 < {bound}"
    elif header.bound is None:
        return {"another_attempt": "certain", "another_attempt_if": None}
    return {"another_attempt": "conditional", "another_attempt_if": condition}


def _next_test(loop: cst.While, counter: Counter, module: ParsedModule) -> str | None:
    """Return the loop's test as it will read once the counter is counted; None when it is no single comparison."""
    comparisons = module.below(loop.test, cst.Comparison)
    if len(comparisons) != 1 or len(comparisons[0].comparisons) != 1 or counter.name not in code(comparisons[0].left):
        return None
    step = "-" if counter.counts_down else "+"
    return code(loop.test).replace(code(comparisons[0].left), f"{counter.name} {step} 1", 1)


def _is_guarded(place: Placement, around: Failure | Loop, counter: Counter | None, module: ParsedModule) -> bool:
    """Say whether the last attempt never gets to the place: it stands under a test of the counter, or behind one."""
    if counter is None:
        return False
    for branch in module.below(statements(around.body), cst.If):
        if counter.name not in names_and_attributes(branch.test, module):
            continue
        if place.node is not None and module.is_below(place.node, [branch]):
            return True
        ways = flow_of_suite(branch.body) | (flow_of_suite(branch.orelse.body) if branch.orelse else Flow.NONE)
        if ways & (LEAVES | Flow.RAISE) and place.comes_after(branch, module):
            return True
    return False
