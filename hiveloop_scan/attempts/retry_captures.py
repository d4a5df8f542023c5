"""The pieces of a retry loop that a `task.retry(...)` call is made of."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.attempts.backoff import Backoff, first_sleep
from hiveloop_scan.attempts.headers import Counter, Header, Kind, counting_steps
from hiveloop_scan.attempts.operation import operation_name, operation_of
from hiveloop_scan.attempts.paths import Loop
from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import LEAVES, Flow, flow_of_suite
from hiveloop_scan.syntax.tree import code, statements


def retry_captures(
    loop: Loop,
    header: Header,
    tried: Sequence[cst.CSTNode],
    failure: cst.ExceptHandler | cst.If | None,
    module: ParsedModule,
) -> dict[str, Capture]:
    """Describe one retry: what is tried, which attempt failed, how long the wait is, whether another attempt follows.

    ``attempt`` is the 1-based number of the attempt that failed as an expression (None: the loop has no counter; none
    is invented) and ``attempt_base`` what the counter starts at. ``backoff_seconds`` is the expression of the wait,
    with ``backoff_has_call`` when it must be worked out once only. ``another_attempt`` is "certain" where the failure
    path has already left on the last attempt, or there is no last; else "conditional", and ``another_attempt_if``
    tells when. ``insert_line`` is the line before which the call belongs.
    """
    failed = statements(failure.body) if failure else ()
    sleep = first_sleep(failed, module) or _sleep_after(failure, loop, module)
    counter = header.counter
    counted = counter is not None and _is_counted_before(counter, failure, loop, module)
    captures: dict[str, Capture] = {
        "operation": operation_name(operation_of(tried, module)),
        "attempt": _attempt_expression(counter, counted),
        "attempt_base": counter.start if counter else None,
        "backoff_seconds": sleep.seconds if sleep else None,
        "backoff_has_call": bool(sleep and sleep.has_call),
        "exception": _exception_variable(failure),
        "exception_type": _exception_type(failure),
    }
    captures.update(_another_attempt(header, failure, counted, loop, module))
    captures["insert_line"] = _insert_line(sleep, failure, module)
    return captures


def _attempt_expression(counter: Counter | None, counted: bool) -> str | None:
    if counter is None or counter.start is None or counter.counts_down:
        return None
    holds_this_failure = counter.step is not None and counted
    offset = 1 - counter.start - (1 if holds_this_failure else 0)
    if offset == 0:
        return counter.name
    return f"{counter.name} {'+' if offset > 0 else '-'} {abs(offset)}"


def _is_counted_before(counter: Counter, failure: cst.CSTNode | None, loop: Loop, module: ParsedModule) -> bool:
    """Say whether a while counter is counted before its failure path sleeps or goes back to the head of the loop."""
    if counter.step is None:
        return False
    steps = [node for node, name, _ in counting_steps(statements(loop.body), module) if name == counter.name]
    if failure is None or any(module.is_below(step, [failure]) for step in steps):
        return True
    return any(module.is_before(step, failure) for step in steps)


def _sleep_after(failure: cst.CSTNode | None, loop: Loop, module: ParsedModule) -> Backoff | None:
    """Return the sleep that the failure path reaches after its own branch."""
    later = [
        call
        for call in module.below(statements(loop.body), cst.Call)
        if failure is None or module.is_before(failure, call)
    ]
    return next((sleep for call in later if (sleep := first_sleep(call, module))), None)


def _exception_variable(failure: cst.CSTNode | None) -> str | None:
    if isinstance(failure, cst.ExceptHandler) and failure.name is not None:
        return code(failure.name.name)
    return None


def _exception_type(failure: cst.CSTNode | None) -> str | None:
    return code(failure.type) if isinstance(failure, cst.ExceptHandler) and failure.type else None


def _another_attempt(
    header: Header, failure: cst.ExceptHandler | cst.If | None, counted: bool, loop: Loop, module: ParsedModule
) -> dict[str, Capture]:
    """Tell whether the end of the failure path is always followed by another attempt."""
    endless = header.bound is None
    guarded = failure is not None and _leaves_on_last(failure, header, loop, module)
    if endless or guarded:
        return {"another_attempt": "certain", "another_attempt_if": None}
    counter, bound = header.counter, header.bound
    if counter is None or counter.start is None or bound is None:
        return {"another_attempt": "conditional", "another_attempt_if": None}
    if counter.counts_down:
        condition = f"{counter.name} > {bound}" if counted else f"{counter.name} > {bound} + 1"
    elif counted or header.kind is Kind.FOREVER:
        condition = f"{counter.name} < {bound}"
    else:
        condition = f"{counter.name} + 1 < {bound}"
    return {"another_attempt": "conditional", "another_attempt_if": condition}


def _leaves_on_last(failure: cst.ExceptHandler | cst.If, header: Header, loop: Loop, module: ParsedModule) -> bool:
    """Say whether the failure path leaves the loop under a test of the counter: ``if attempt == last: raise``."""
    names = {header.counter.name} if header.counter else set()
    for node in module.below(statements(failure.body), cst.If):
        if any(name in code(node.test) for name in names):
            branches = flow_of_suite(node.body) | (flow_of_suite(node.orelse.body) if node.orelse else Flow.NONE)
            if branches & (LEAVES | Flow.RAISE):
                return True
    return False


def _insert_line(sleep: Backoff | None, failure: cst.CSTNode | None, module: ParsedModule) -> int | None:
    """Return the line before which the call belongs: that of the sleep, else of what ends the failure path."""
    if sleep is not None:
        return module.span(sleep.call).line
    if isinstance(failure, (cst.ExceptHandler, cst.If)) and (block := statements(failure.body)):
        last = block[-1]
        span = module.span(last)
        return span.line if isinstance(last, cst.Continue) else span.end_line + 1
    return None
