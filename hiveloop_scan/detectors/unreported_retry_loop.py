"""Find loops that try the same operation again after it failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.calls import is_sleep_call, work_calls
from hiveloop_scan.attempts.headers import Header, Kind, header_of
from hiveloop_scan.attempts.operation import operation_of
from hiveloop_scan.attempts.paths import AGAIN, Loop, Try, assigned_names, round_nodes, tries_in
from hiveloop_scan.attempts.retry_captures import retry_captures
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import LEAVES
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name, names_in, source, statements, walk_scope
from hiveloop_scan.visitor import detector

_TAKES_NEXT = {"get", "get_nowait", "recv", "receive", "receive_text", "receive_json", "read", "readline", "input", "popleft", "brpop", "blpop", "poll", "accept"}


@detector(cst.For, cst.While)
def unreported_retry_loop(loop: Loop, module: ParsedModule, options: Options) -> Iterator[Match]:
    header = header_of(loop, module, options["delay_words"])
    best: tuple[int, Try, list[str]] | None = None
    for attempt in tries_in(loop, module):
        facts = _facts(loop, header, attempt, options)
        if facts and (best is None or len(facts) > best[0]):
            best = (len(facts), attempt, facts)
    if best is not None:
        _, attempt, facts = best
        yield Match(loop, retry_captures(loop, header, attempt.body, attempt.again[0], module), facts)


def _facts(loop: Loop, header: Header, attempt: Try, options: Options) -> list[str]:
    """Collect the facts for and against a retry around one try statement; none when it cannot be one."""
    if header.kind is Kind.ITEMS and _works_on(header.targets, attempt.body):
        return []
    facts = ["failure-starts-the-loop-again"]
    strict = bool(attempt.success & LEAVES) and not attempt.success & AGAIN
    if strict:
        facts.append("success-leaves-the-loop")
    elif attempt.success & LEAVES:
        facts.append("success-can-leave-the-loop")
    if isinstance(loop, cst.While) and _ends_test(loop, header, attempt):
        facts.append("success-ends-the-loop-test")
    leaves = len(facts) > 1
    handlers = " ".join(source(handler) for handler in attempt.again)
    names_retry = mentions(header.text, options["retry_words"]) or bool(header.counter and mentions(header.counter.name, options["retry_words"]))
    speaks = mentions(handlers, options["again_words"])
    sleeps = _sleeps_after_failure(attempt, loop)
    if names_retry:
        facts.append("loop-counts-attempts")
    if speaks:
        facts.append("failure-path-speaks-of-a-retry")
    if sleeps:
        facts.append("sleeps-before-the-next-attempt")
    if header.kind is Kind.DELAYS:
        facts.append("waits-for-a-listed-time")
    if header.bound:
        facts.append("attempts-are-bounded")
    if not leaves:
        return facts if _connects_again(facts, header, attempt, options, speaks, sleeps) else []
    if mentions(source(loop), options["again_words"]) and not speaks:
        facts.append("body-speaks-of-a-retry")
    if not strict and _polls(loop, attempt, options):
        facts.append("polls-a-state")
    if not names_retry and mentions(header.text, options["turn_words"]):
        facts.append("counts-turns")
    if _takes_next(loop) and not strict:
        facts.append("takes-the-next-item")
    named = names_retry or speaks or "body-speaks-of-a-retry" in facts
    certain = strict and (sleeps or header.kind in (Kind.COUNTED, Kind.DELAYS))
    return facts if named or certain else []


def _works_on(targets: frozenset[str], body: Sequence[cst.CSTNode]) -> bool:
    """Say whether a call of `body` is given the loop's item, directly or through names made from it."""
    tainted = set(targets)
    for node in walk_scope(*body):
        if isinstance(node, (cst.Assign, cst.AnnAssign)) and node.value is not None and names_in(node.value) & tainted:
            tainted |= assigned_names([node])
    return any(names_in(call) & tainted for call in work_calls(*body))


def _ends_test(loop: cst.While, header: Header, attempt: Try) -> bool:
    """Say whether success sets a name that the loop's test reads, other than its counter."""
    counter = {header.counter.name} if header.counter else set()
    return bool((names_in(loop.test) - counter) & assigned_names(attempt.body))


def _sleeps_after_failure(attempt: Try, loop: Loop) -> bool:
    if any(first_sleep(statements(handler.body)) for handler in attempt.again):
        return True
    after = [node for node in round_nodes(loop) if isinstance(node, cst.Call) and is_sleep_call(node)]
    return bool(after) and not attempt.success & AGAIN


def _connects_again(
    facts: list[str], header: Header, attempt: Try, options: Options, speaks: bool, sleeps: bool
) -> bool:
    """A loop without an exit on success that keeps a connection: it counts when its handler pauses and says so."""
    if header.kind not in (Kind.WHILE, Kind.FOREVER) or not (sleeps and speaks):
        return False
    called = [last_name(call.func) for call in work_calls(*attempt.body)]
    if not any(mentions(name, options["connect_words"]) for name in called):
        return False
    facts.append("connects-again-after-a-pause")
    return True


def _polls(loop: Loop, attempt: Try, options: Options) -> bool:
    """Say whether the loop sleeps on its normal path and tests a state there."""
    in_handlers = {id(node) for handler in attempt.again for node in walk_scope(*statements(handler.body))}
    normal = [node for node in round_nodes(loop) if id(node) not in in_handlers]
    if not any(isinstance(node, cst.Call) and is_sleep_call(node) for node in normal):
        return False
    tests = [node.test for node in normal if isinstance(node, cst.If)]
    if isinstance(loop, cst.While):
        tests.append(loop.test)
    return any(mentions(code(test), options["poll_words"]) for test in tests)


def _takes_next(loop: Loop) -> bool:
    first = next(work_calls(*statements(loop.body)), None)
    return first is not None and last_name(first.func) in _TAKES_NEXT
