"""Find loops that try the same operation again after it failed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.calls import work_calls
from hiveloop_scan.attempts.headers import Kind, header_of
from hiveloop_scan.attempts.insistence import (
    asks_the_same_again,
    asks_until_it_fits,
    asks_until_valid,
    asks_whether_to_retry,
    feeds_error_back,
    is_told_to_retry,
    keeps_trying,
    waits_after_refusal,
)
from hiveloop_scan.attempts.lookalikes import lookalikes
from hiveloop_scan.attempts.paths import Loop, attempts_in
from hiveloop_scan.attempts.retry_captures import retry_captures
from hiveloop_scan.attempts.rounds import Round
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import reference
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.visitor import detector


@detector(cst.For, cst.While)
def unreported_retry_loop(loop: Loop, module: ParsedModule, options: Options) -> Iterator[Match]:
    header = header_of(loop, module, options["delay_words"])
    for attempt in attempts_in(loop, module):
        around = Round(loop, header, attempt, module, options)
        if attempt.by_result and not (around.can_leave or around.ends_test):
            continue
        if header.kind is Kind.ITEMS and around.works_on(header.targets):
            continue
        if facts := _of_result(around) if attempt.by_result else _of_exception(around):
            failure = attempt.failures[0] if attempt.failures else None
            captures = retry_captures(loop, header, attempt.tried, failure, module)
            yield Match(loop, captures, facts, [] if around.sleeps else list(_sleeps_elsewhere(around)))


def _sleeps_elsewhere(around: Round) -> Iterator[Clue]:
    """Yield the functions that the failure calls for what they do: one of them may sleep."""
    for statement in around.module.below(around.handlers, cst.Expr):
        value = statement.value.expression if isinstance(statement.value, cst.Await) else statement.value
        if isinstance(value, cst.Call) and (callee := reference(value.func, around.module)):
            yield Clue(callee, "sleeps", "sleeps-before-the-next-attempt")


def _of_exception(around: Round) -> list[str]:
    """Return the facts of an attempt that fails by an exception; none when it cannot be a retry."""
    if around.header.kind is Kind.ITEMS and not work_calls(around.body, around.module):
        return []
    facts = ["failure-starts-the-loop-again", *_shared(around)]
    if not around.can_leave and not around.ends_test:
        insists = list(keeps_trying(around))
        return [*facts, *insists] if insists else []
    facts.extend(lookalikes(around))
    if not around.leaves_always and not around.ends_test:
        facts.extend(keeps_trying(around))
    fed_back = around.leaves_always and feeds_error_back(around)
    alone = around.leaves_always and len(around.body) == 1 and around.header.kind in (Kind.FOREVER, Kind.COUNTED)
    if fed_back:
        facts.append("error-is-fed-back")
    if alone:
        facts.append("loop-holds-only-the-attempt")
    if around.counts_failures:
        facts.append("failure-is-counted")
    counted = around.header.kind in (Kind.COUNTED, Kind.DELAYS) or around.counts_failures
    certain = around.leaves_always and (around.sleeps or fed_back or alone or counted)
    certain = certain or (around.sets_flag and around.sleeps_in_failure)
    named = around.counts or around.body_mentions("again_words")
    return facts if named or (certain and around.header.kind is not Kind.ITEMS) else []


def _of_result(around: Round) -> list[str]:
    """Return the facts of an attempt that fails by its result; none when nothing calls it a retry."""
    asked, until_valid = asks_whether_to_retry(around), asks_until_valid(around) or asks_until_it_fits(around)
    same_again = asks_the_same_again(around)
    refused = around.leaves_always and waits_after_refusal(around)
    counts = around.counts or around.counts_in_body()
    if not (
        counts or until_valid or same_again or refused or (asked and (around.leaves_always or is_told_to_retry(around)))
    ):
        return []
    if not work_calls(around.attempt.tried, around.module):
        return []
    facts = ["failed-result-starts-the-loop-again", *_shared(around), *lookalikes(around)]
    if asked:
        facts.append("asks-whether-to-retry")
    if refused:
        facts.append("waits-after-a-refusal")
    if same_again:
        facts.append("asks-a-model-the-same-again")
    elif until_valid:
        facts.append("asks-a-model-until-its-answer-is-valid")
    if counts and not around.counts:
        facts.append("loop-counts-attempts")
    return facts


def _shared(around: Round) -> Iterator[str]:
    if around.leaves_always:
        yield "success-leaves-the-loop"
    elif around.can_leave:
        yield "success-can-leave-the-loop"
    if around.ends_test:
        yield "success-ends-the-loop-test"
    if around.counts:
        yield "loop-counts-attempts"
    elif mentions(around.header.text, around.options["turn_words"]):
        yield "counts-turns"
    if around.failure_speaks:
        yield "failure-path-speaks-of-a-retry"
    elif around.body_mentions("again_words"):
        yield "body-speaks-of-a-retry"
    if around.sleeps:
        yield "sleeps-before-the-next-attempt"
    if around.header.kind is Kind.DELAYS:
        yield "waits-for-a-listed-time"
    if around.is_bounded:
        yield "attempts-are-bounded"
