"""Loops that carry out what is next until the plan is over, and leave it to others which step that is."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.nouns import is_another_kind_of_plan, noun_of
from hiveloop_scan.plans.step_loops import StepLoop
from hiveloop_scan.plans.walks import Walk
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import last_name, statements

_OVER = (
    "complete", "completed", "done", "finished", "empty", "exhausted", "has_next", "has_more", "remaining", "all_done",
    "has_pending", "pending", "over",
)  # fmt: skip


_TOO_WIDE = {"pipeline", "procedure", "strategy"}


def rounds_of(loop: cst.For | cst.While, module: ParsedModule, options: Options) -> StepLoop | None:
    """Describe a while loop that ends with a plan: ``while not plan.is_complete: self.run_next_step()``."""
    if isinstance(loop, cst.For):
        return None
    plan = next(_ends(loop, module, options), None)
    call = _execution(loop, module, options) if plan is not None else None
    if plan is None or call is None or is_another_kind_of_plan(module.symbol(loop), options):
        return None
    walk = Walk(loop, plan, frozenset(), None, None, None)
    return StepLoop(walk, call, ("each-step-is-executed", "ends-with-the-plan"))


def _ends(loop: cst.While, module: ParsedModule, options: Options) -> Iterator[cst.BaseExpression]:
    """Yield what says that the plan is over, in the loop's test or where a round leaves it."""
    tests = [loop.test] + [
        branch.test
        for branch in module.below(statements(loop.body), cst.If)
        if any(isinstance(last, (cst.Break, cst.Return)) for last in statements(branch.body))
    ]
    for test in tests:
        for read in module.below(test, cst.Attribute):
            told = noun_of(read)
            if mentions(told, options["plan_words"] - _TOO_WIDE) and mentions(read.attr.value, _OVER):
                yield read


def _execution(loop: cst.While, module: ParsedModule, options: Options) -> cst.Call | None:
    """Return the call of a round that carries something out: a verb for it begins its name."""
    for call in module.below(statements(loop.body), cst.Call):
        method = last_name(call.func)
        if mentions(method, options["run_words"]) and words(method)[0] not in options["idle_words"]:
            return call
    return None
