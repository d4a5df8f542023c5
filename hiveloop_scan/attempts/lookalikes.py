"""What a loop can be that looks like a retry and is none: each sign is a fact against it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.calls import work_calls
from hiveloop_scan.attempts.headers import Kind
from hiveloop_scan.attempts.paths import exception_names, in_round
from hiveloop_scan.attempts.rounds import Round
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, last_name

_STATUS_OF_A_REPLY = re.compile(
    r"(?:retry|retryable|retriable|transient|recoverable)_(?:http_)?status(?:es)?|(?:resp|response|res|r)_status"
    r"|status_codes?|[a-z]+_returncode"
)


def lookalikes(around: Round) -> Iterator[str]:
    """Yield the facts that speak for something other than a retry."""
    last_names = [name.rpartition(".")[2] for name in around.called]
    if not around.leaves_always:
        if _polls(around) or (not around.counts and around.body_mentions("ready_words")):
            yield "polls-a-state"
        if _takes_next(around):
            yield "takes-the-next-item"
        if (around.attempt.by_result or not around.counts) and around.body_mentions("tool_words"):
            yield "runs-chosen-tools"
    if _sleeps_first(around):
        yield "polls-a-state"
    if not around.counts and not around.failure_speaks and _is_there_to_wait(around):
        yield "waits-until-it-is-up"
    if _takes_another_name(around):
        yield "takes-another-name"
    if not _is_named(around) and around.header.kind is Kind.COUNTED and around.works_on(around.header.targets):
        yield "number-of-the-round-is-the-input"
    if not around.counts and _waits_in_slices(around):
        yield "waits-in-slices"
    if any(name in around.options["human_words"] for name in last_names):
        yield "asks-a-human"
    caught = [code(handler.type) for handler in around.handlers if handler.type]
    if any(mentions(name, around.options["conflict_words"]) for name in (*last_names, *caught)):
        yield "settles-a-write-conflict"


def _sleeps_first(around: Round) -> bool:
    """Say whether each round, the first one too, sleeps before it asks for a result that is only there or not."""
    if not around.attempt.by_result or around.leaves_always or around.body_mentions("again_words"):
        return False
    first = next(iter(around.body), None)
    return first is not None and any(around.module.is_below(call, [first]) for call in around.sleep_calls)


def _is_there_to_wait(around: Round) -> bool:
    """Say whether the function is named for waiting until something is up, and only tries whether it can be reached."""
    function = around.module.function_of(around.loop)
    if function is None or not around.sleeps:
        return False
    waits = around.options["waiting_words"] | around.options["ready_words"]
    return mentions(function.name.value, waits)


def _takes_another_name(around: Round) -> bool:
    """Say whether a round fails only because a name is taken, and the next one tries another."""
    caught = [name for handler in around.handlers for name in exception_names(handler)]
    return bool(caught) and not around.sleeps and all(mentions(name, around.options["taken_words"]) for name in caught)


def _is_named(around: Round) -> bool:
    """Say whether the loop is called a retry: by its head, and by more than that where no exception is involved."""
    if not around.counts or not around.attempt.by_result:
        return around.counts
    return around.body_mentions("again_words")


def _takes_next(around: Round) -> bool:
    """Say whether the loop begins with taking an item: ``queue.get()``, but not ``session.get(url)``."""
    first = next(iter(work_calls(around.body, around.module)), None)
    if first is None or last_name(first.func) not in around.options["take_words"]:
        return False
    return last_name(first.func) != "get" or not any(arg.keyword is None for arg in first.args)


def _waits_in_slices(around: Round) -> bool:
    """Say whether what fails is only a wait that was cut short: ``try: process.wait(0.1) except TimeoutExpired``."""
    caught = [name for handler in around.handlers for name in exception_names(handler)]
    if not caught or not all(name.startswith("Timeout") or name.endswith(("Timeout", "Empty")) for name in caught):
        return False
    waits = (last_name(call.func) for call in around.module.below(around.attempt.tried, cst.Call))
    return any(mentions(name, around.options["slice_words"]) for name in waits)


def _polls(around: Round) -> bool:
    """Say whether the loop sleeps on its normal path and tests a state there."""
    module = around.module
    if all(module.is_below(call, around.handlers) for call in around.sleep_calls):
        return False
    function = module.function_of(around.loop)
    if function is not None and mentions(function.name.value, around.options["waiting_words"]):
        return True
    branches = in_round(around.loop, module, cst.If)
    tests = [branch.test for branch in branches if not module.is_below(branch, around.handlers)]
    if isinstance(around.loop, cst.While):
        tests.append(around.loop.test)
    texts = ("_".join(words(code(test))) for test in tests)
    return any(mentions(_STATUS_OF_A_REPLY.sub("", text), around.options["poll_words"]) for text in texts)
