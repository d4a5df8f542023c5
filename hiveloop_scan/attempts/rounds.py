"""One round of a loop, with the plain facts that every question about it starts from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.calls import is_sleep_call, work_calls
from hiveloop_scan.attempts.headers import Header
from hiveloop_scan.attempts.names import assigned_names, counting_steps
from hiveloop_scan.attempts.paths import AGAIN, Attempt, Loop, in_round
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import LEAVES
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, reference, statements


class Round:
    """One way in which a round of `loop` can fail and lead to another."""

    def __init__(self, loop: Loop, header: Header, attempt: Attempt, module: ParsedModule, options: Options) -> None:
        """Take the loop, its head, the attempt in it, and the vocabulary of the rule."""
        self.loop, self.header, self.attempt, self.module, self.options = loop, header, attempt, module, options

    @cached_property
    def body(self) -> Sequence[cst.CSTNode]:
        """The statements of the loop."""
        return statements(self.loop.body)

    @cached_property
    def handlers(self) -> list[cst.ExceptHandler | cst.ExceptStarHandler]:
        """The handlers among the branches that lead to another round."""
        return [
            branch for branch in self.attempt.failures if isinstance(branch, (cst.ExceptHandler, cst.ExceptStarHandler))
        ]

    @cached_property
    def called(self) -> list[str]:
        """The dotted names of all work calls in the loop."""
        return [dotted(call.func) for call in work_calls(self.body, self.module)]

    def body_mentions(self, option: str) -> bool:
        """Say whether a word of the rule's `option` stands in the loop's body: names, texts and comments count.

        The names that the loop counts in do not: they are evidence of their own.
        """
        return mentions(self._body_text, self.options[option])

    @cached_property
    def _body_text(self) -> str:
        counter = {self.header.counter.name} if self.header.counter else set()
        names = "|".join(re.escape(name) for name in {*self.header.targets, *counter} - {""})
        text = self.module.text(self.loop.body)
        return re.sub(rf"(?<![\w.])(?:{names})\b", "", text) if names else text

    @cached_property
    def leaves_always(self) -> bool:
        """Success never leads to another round."""
        return self.can_leave and not self.attempt.otherwise & AGAIN

    @property
    def can_leave(self) -> bool:
        """Success can leave the loop."""
        return bool(self.attempt.otherwise & LEAVES)

    @cached_property
    def ends_test(self) -> bool:
        """Success sets a name that the loop's test reads, other than its counter."""
        if not isinstance(self.loop, cst.While):
            return False
        counter = {self.header.counter.name} if self.header.counter else set()
        return bool((self.module.names_in(self.loop.test) - counter) & assigned_names(self.attempt.tried, self.module))

    @cached_property
    def sets_flag(self) -> bool:
        """Success sets a name that the loop's test reads to True or False."""
        if not self.ends_test or not isinstance(self.loop, cst.While):
            return False
        tested = self.module.names_in(self.loop.test)
        flags = (
            node for node in self.module.below(self.attempt.tried, cst.Assign) if code(node.value) in ("True", "False")
        )
        return any(reference(node.targets[0].target) in tested for node in flags)

    @cached_property
    def counts_failures(self) -> bool:
        """The counter that the loop tests is counted in a branch that leads to another round."""
        step = self.header.counter.step if self.header.counter else None
        return step is not None and self.module.is_below(step, self.attempt.failures)

    @property
    def is_bounded(self) -> bool:
        """The loop tests how often it runs, in its head or in an if below it."""
        return self.header.bound is not None or (self.header.counter is not None and self.counts)

    @property
    def is_bounded_by_number(self) -> bool:
        """The head of the loop compares its counter with something, or says how many rounds there are."""
        return self.header.bound is not None

    @cached_property
    def failure_speaks(self) -> bool:
        """A branch that leads to another round speaks of a retry."""
        texts = (self.module.text(branch) for branch in self.attempt.failures)
        return any(mentions(text, self.options["again_words"]) for text in texts)

    @cached_property
    def counts(self) -> bool:
        """The head of the loop, or the counter it tests, is named for attempts."""
        counter = self.header.counter.name if self.header.counter else ""
        return mentions(f"{self.header.text} {counter}", self.options["retry_words"])

    def counts_in_body(self) -> bool:
        """Say whether the loop counts attempts in a name that its head does not test: ``self._retries += 1``."""
        steps = counting_steps(self.body, self.module)
        return any(mentions(name, self.options["retry_words"]) for _, name, _ in steps)

    @cached_property
    def sleep_calls(self) -> list[cst.Call]:
        """The sleeps of the loop itself."""
        return [call for call in in_round(self.loop, self.module, cst.Call) if is_sleep_call(call)]

    @cached_property
    def sleeps_in_failure(self) -> bool:
        """A branch that leads to another round sleeps."""
        return any(first_sleep(statements(branch.body), self.module) for branch in self.attempt.failures)

    @cached_property
    def sleeps(self) -> bool:
        """The way to another round leads over a sleep."""
        only_way_back = self.attempt.by_result or not self.attempt.otherwise & AGAIN
        return self.sleeps_in_failure or (bool(self.sleep_calls) and only_way_back)

    def works_on(self, targets: frozenset[str]) -> bool:
        """Say whether a tried call is given one of `targets`, directly or through names made from it."""
        tainted = set(targets)
        for node in self.module.below(self.attempt.tried, cst.Assign, cst.AnnAssign):
            if node.value is not None and self.module.names_in(node.value) & tainted:
                tainted |= assigned_names([node], self.module)
        tried = work_calls(self.attempt.tried, self.module)
        return any(self.module.names_in(call) & tainted for call in tried)
