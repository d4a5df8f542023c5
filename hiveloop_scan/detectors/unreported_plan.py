"""Find places where the steps of a plan become known: a model's reply in parts, the answer of a planner."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.makers import Made, plans_made
from hiveloop_scan.plans.plan_captures import plan_captures
from hiveloop_scan.references import own_reference, reference
from hiveloop_scan.visitor import detector

_TELLING = {
    "planner-is-asked",
    "value-is-called-a-plan",
    "function-makes-a-plan",
    "class-makes-plans",
    "schema-is-a-plan",
    "steps-are-worked-off",
    "answer-is-worked-off",
}
"""Facts of which one is needed: most replies in parts are no plan."""


@detector(cst.FunctionDef)
def unreported_plan(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    for made in plans_made(function, module, options):
        if _TELLING.isdisjoint(made.facts):
            continue
        captures = plan_captures(made.node, made.name, made.value, module)
        facts = list(made.facts)
        if captures["is_replan"]:
            facts.append("plan-is-made-anew")
        yield Match(made.node, captures, facts, tuple(_clues(made, module)))


def _clues(made: Made, module: ParsedModule) -> Iterator[Clue]:
    """Ask whether the planner of another file reports the plan where it makes it."""
    if not isinstance(made.value, cst.Call):
        return
    if callee := reference(made.value.func, module):
        yield Clue(callee, "makes-a-plan", "reported-where-it-is-made")
    if "answer-is-worked-off" in made.facts and (callee := own_reference(made.value.func, module)):
        yield Clue(callee, "replies-in-parts", "helper-asks-a-model")
