"""Find loops that run steps in the order of their dependencies: graphs of tasks, workflows, waves of steps."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.schedules import schedule_of
from hiveloop_scan.plans.step_captures import loop_captures
from hiveloop_scan.plans.step_loops import StepLoop
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.visitor import detector


@detector(cst.While, cst.For)
def unreported_scheduled_step(loop: cst.While | cst.For, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(loop)
    found = schedule_of(loop, module, options) if function is not None else None
    if found is None or function is None:
        return
    walk, call, facts = found
    symbol = module.symbol(function)
    if mentions(symbol, options["plan_words"]):
        facts.append("stands-where-plans-are-run")
    name = function.name.value
    if any(word in options["idle_words"] for word in words(name)[:1]) or mentions(name, options["reading_words"]):
        facts.append("only-reads-the-steps")
    if mentions(symbol, options["other_words"]):
        facts.append("another-kind-of-plan")
    yield Match(loop, loop_captures(StepLoop(walk, call, tuple(facts)), module), facts)
