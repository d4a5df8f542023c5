"""Find loops that try the same operation again after it failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.calls import is_sleep_call, work_calls
from hiveloop_scan.attempts.headers import Header, Kind, counting_steps, header_of
from hiveloop_scan.attempts.paths import AGAIN, Attempt, Loop, assigned_names, attempts_in, in_round
from hiveloop_scan.attempts.retry_captures import retry_captures
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import LEAVES
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_TAKES_NEXT = frozenset(
    {"get", "get_nowait", "recv", "receive", "receive_text", "receive_json", "readline", "input", "popleft", "brpop", "blpop", "poll", "accept"}
)

_STATUS_OF_A_REPLY = re.compile(r"(?:resp|response|res|r)_status|status_codes?")
_ASKS_A_HUMAN = frozenset({"input", "raw_input", "getpass", "confirm", "prompt", "ask", "prompt_for"})


@detector(cst.For, cst.While)
def unreported_retry_loop(loop: Loop, module: ParsedModule, options: Options) -> Iterator[Match]:
    header = header_of(loop, module, options["delay_words"])
    for attempt in attempts_in(loop, module):
        if header.kind is Kind.ITEMS and _works_on(header.targets, attempt.tried, module):
            continue
        facts = _Facts(loop, header, attempt, module, options)
        if found := facts.of_result() if attempt.by_result else facts.of_exception():
            failure = attempt.failures[0] if attempt.failures else None
            yield Match(loop, retry_captures(loop, header, attempt.tried, failure, module), found)


class _Facts:
    """The facts for and against a retry around one attempt of a loop."""

    def __init__(self, loop: Loop, header: Header, attempt: Attempt, module: ParsedModule, options: Options) -> None:
        self.loop, self.header, self.attempt, self.module, self.options = loop, header, attempt, module, options
        self.leaves_always = bool(attempt.otherwise & LEAVES) and not attempt.otherwise & AGAIN
        self.ends_test = isinstance(loop, cst.While) and _ends_test(loop, header, attempt, module)
        self.failure_speaks = any(mentions(module.text(branch), options["again_words"]) for branch in attempt.failures)
        self.body_speaks = mentions(module.text(loop.body), options["again_words"])
        counter = header.counter.name if header.counter else ""
        self.counts = mentions(f"{header.text} {counter}", options["retry_words"])
        self.sleeps_in_handler = any(first_sleep(statements(branch.body), module) for branch in attempt.failures)
        self.sleeps = self.sleeps_in_handler or (_sleeps(loop, module) and (attempt.by_result or not attempt.otherwise & AGAIN))

    def of_exception(self) -> list[str]:
        """Return the facts of an attempt that fails by an exception; none when it cannot be a retry."""
        facts = ["failure-starts-the-loop-again", *self._ways_out(), *self._shared()]
        if not self._can_end():
            keeps_trying = list(self._keeps_trying())
            return [*facts, *keeps_trying] if keeps_trying else []
        facts.extend(self._looks_like_something_else())
        fed_back = self.leaves_always and _feeds_error_back(self.loop, self.attempt, self.module)
        if fed_back:
            facts.append("error-is-fed-back")
        alone = self.header.kind in (Kind.FOREVER, Kind.COUNTED) and len(statements(self.loop.body)) == 1
        if self.leaves_always and alone:
            facts.append("loop-holds-only-the-attempt")
        certain = self.leaves_always and (self.sleeps or fed_back or alone or self.header.kind in (Kind.COUNTED, Kind.DELAYS))
        certain = certain and self.header.kind is not Kind.ITEMS
        return facts if certain or self.counts or self.body_speaks else []

    def of_result(self) -> list[str]:
        """Return the facts of an attempt that fails by its result; none when nothing calls it a retry."""
        asked = any(isinstance(branch, cst.If) and mentions(code(branch.test), self.options["again_words"]) for branch in self.attempt.failures)
        counts = self.counts or self._counts_in_body()
        until_valid = self._asks_until_valid()
        if not self._can_end() or not (counts or until_valid or (asked and self.leaves_always)):
            return []
        if not work_calls(self.attempt.tried, self.module):
            return []
        facts = ["failed-result-starts-the-loop-again", *self._ways_out(), *self._shared(), *self._looks_like_something_else()]
        if asked:
            facts.append("asks-whether-to-retry")
        if until_valid:
            facts.append("asks-a-model-until-its-answer-is-valid")
        if counts and not self.counts:
            facts.append("loop-counts-attempts")
        return facts

    def _can_end(self) -> bool:
        return bool(self.attempt.otherwise & LEAVES) or self.ends_test

    def _ways_out(self) -> Iterator[str]:
        if self.leaves_always:
            yield "success-leaves-the-loop"
        elif self.attempt.otherwise & LEAVES:
            yield "success-can-leave-the-loop"
        if self.ends_test:
            yield "success-ends-the-loop-test"

    def _shared(self) -> Iterator[str]:
        if self.counts:
            yield "loop-counts-attempts"
        elif mentions(self.header.text, self.options["turn_words"]):
            yield "counts-turns"
        if self.failure_speaks:
            yield "failure-path-speaks-of-a-retry"
        elif self.body_speaks:
            yield "body-speaks-of-a-retry"
        if self.sleeps:
            yield "sleeps-before-the-next-attempt"
        if self.header.kind is Kind.DELAYS:
            yield "waits-for-a-listed-time"
        if self.header.bound:
            yield "attempts-are-bounded"

    def _looks_like_something_else(self) -> Iterator[str]:
        if not self.leaves_always:
            if _polls(self.loop, self.attempt, self.module, self.options) or (not self.counts and self._waits_until_ready()):
                yield "polls-a-state"
            if _takes_next(self.loop, self.module):
                yield "takes-the-next-item"
            if self.attempt.by_result and mentions(self.module.text(self.loop.body), self.options["tool_words"]):
                yield "runs-chosen-tools"
        called = [last_name(call.func) for call in work_calls(statements(self.loop.body), self.module)]
        if any(name in _ASKS_A_HUMAN for name in called):
            yield "asks-a-human"
        caught = [code(branch.type) for branch in self.attempt.failures if isinstance(branch, cst.ExceptHandler) and branch.type]
        if any(mentions(name, self.options["conflict_words"]) for name in (*called, *caught)):
            yield "settles-a-write-conflict"

    def _asks_until_valid(self) -> bool:
        """A while loop that asks a model and checks the answer against a form, until a name its test reads is set."""
        if self.header.kind is not Kind.WHILE or not self.ends_test:
            return False
        called = [dotted(call.func) for call in work_calls(statements(self.loop.body), self.module)]
        checks = [name for name in called if mentions(name, self.options["valid_words"])]
        return bool(checks) and any(mentions(name, self.options["model_words"]) for name in called if name not in checks)

    def _waits_until_ready(self) -> bool:
        return mentions(self.module.text(self.loop.body), self.options["ready_words"])

    def _counts_in_body(self) -> bool:
        """Say whether the loop counts attempts in a name that its head does not test: ``self._retries += 1``."""
        steps = counting_steps(statements(self.loop.body), self.module)
        return any(mentions(name, self.options["retry_words"]) for _, name, _ in steps)

    def _keeps_trying(self) -> Iterator[str]:
        """A loop without an exit on success counts when it keeps a connection, or says that it tries a bounded number of times."""
        if self.header.kind is Kind.COUNTED and self.sleeps_in_handler and self.failure_speaks:
            yield "says-that-it-retries"
        if self.header.kind not in (Kind.WHILE, Kind.FOREVER) or not self.failure_speaks:
            return
        called = [last_name(call.func) for call in work_calls(self.attempt.tried, self.module)]
        if not any(mentions(name, self.options["connect_words"]) for name in called):
            return
        grows = any(_grows(node, self.module) for node in in_round(self.loop, self.module, cst.Assign, cst.AugAssign)) or mentions(self.module.text(self.loop.body), self.options["reconnect_words"])
        if self.sleeps_in_handler or (grows and _sleeps(self.loop, self.module)):
            yield "connects-again-after-a-pause"


def _works_on(targets: frozenset[str], body: Sequence[cst.CSTNode], module: ParsedModule) -> bool:
    """Say whether a call of `body` is given the loop's item, directly or through names made from it."""
    tainted = set(targets)
    for node in module.below(body, cst.Assign, cst.AnnAssign):
        if node.value is not None and module.names_in(node.value) & tainted:
            tainted |= assigned_names([node], module)
    return any(module.names_in(call) & tainted for call in work_calls(body, module))


def _ends_test(loop: cst.While, header: Header, attempt: Attempt, module: ParsedModule) -> bool:
    """Say whether success sets a name that the loop's test reads, other than its counter."""
    counter = {header.counter.name} if header.counter else set()
    return bool((module.names_in(loop.test) - counter) & assigned_names(attempt.tried, module))


def _sleeps(loop: Loop, module: ParsedModule) -> bool:
    return any(is_sleep_call(call) for call in in_round(loop, module, cst.Call))


def _grows(node: cst.Assign | cst.AugAssign, module: ParsedModule) -> bool:
    """Say whether a statement makes a waiting time longer: ``delay *= 2``, ``delay = min(delay * 2, 60)``."""
    if isinstance(node, cst.AugAssign):
        return isinstance(node.operator, cst.MultiplyAssign)
    products = [inner for inner in module.below(node.value, cst.BinaryOperation) if isinstance(inner.operator, (cst.Multiply, cst.Power))]
    return bool(products) and code(node.targets[0].target) in module.names_in(node.value)


def _feeds_error_back(loop: Loop, attempt: Attempt, module: ParsedModule) -> bool:
    """Say whether the failure leaves its error in a name that the next round reads."""
    for branch in attempt.failures:
        if not isinstance(branch, cst.ExceptHandler) or branch.name is None:
            continue
        inside = statements(branch.body)
        error = code(branch.name.name)
        kept = {
            code(node.targets[0].target)
            for node in module.below(inside, cst.Assign)
            if error in module.names_in(node.value) and isinstance(node.targets[0].target, cst.Name)
        }
        calls = work_calls(statements(loop.body), module)
        if any(not module.is_below(call, [branch]) and kept & module.names_in(call) for call in calls):
            return True
    return False


def _polls(loop: Loop, attempt: Attempt, module: ParsedModule, options: Options) -> bool:
    """Say whether the loop sleeps on its normal path and tests a state there."""
    handlers = [branch for branch in attempt.failures if isinstance(branch, cst.ExceptHandler)]
    sleeps = [call for call in in_round(loop, module, cst.Call) if is_sleep_call(call)]
    if all(module.is_below(call, handlers) for call in sleeps):
        return False
    tests = [branch.test for branch in in_round(loop, module, cst.If) if not module.is_below(branch, handlers)]
    if isinstance(loop, cst.While):
        tests.append(loop.test)
    return any(mentions(_STATUS_OF_A_REPLY.sub("", "_".join(words(code(test)))), options["poll_words"]) for test in tests)


def _takes_next(loop: Loop, module: ParsedModule) -> bool:
    first = next(iter(work_calls(statements(loop.body), module)), None)
    return first is not None and last_name(first.func) in _TAKES_NEXT
