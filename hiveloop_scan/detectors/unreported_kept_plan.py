"""Find the places where a plan is put to be worked off later: a new one, one more step of it, one for another."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.keeping import is_a_tool, is_marked, is_worked_off, kept_plan, starts_anew
from hiveloop_scan.plans.plan_captures import plan_captures
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code
from hiveloop_scan.visitor import detector


@detector(cst.Assign, cst.Call)
def unreported_kept_plan(node: cst.Assign | cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(node)
    found = kept_plan(node, module, options) if function is not None else None
    if found is None or function is None:
        return
    plan, how = found
    facts = [how, *_surroundings(plan, how, function, module, options)]
    value = node.value if isinstance(node, cst.Assign) else node
    yield Match(node, plan_captures(node, plan, value, module), facts)


def _surroundings(
    plan: cst.BaseExpression, how: str, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> Iterator[str]:
    name, symbol = function.name.value, module.symbol(function)
    if how == "step-is-added":
        if is_marked(plan, module):
            yield "steps-of-it-are-marked"
    elif how not in ("plan-is-replaced", "plan-is-given") and is_worked_off(plan, function, module, options):
        yield "steps-are-worked-off"
        if starts_anew(function, module):
            yield "work-starts-anew"
    if is_a_tool(function, module):
        yield "a-model-calls-it"
    elif words(name) and words(name)[0] in options["writing_verbs"] and mentions(name, options["kept_words"]):
        yield "function-writes-the-plan"
    if mentions(symbol, options["plan_words"]):
        yield "stands-in-a-plan"
    if mentions(name, options["restoring_words"]):
        yield "restores-a-state"
    if any(mentions(code(item.decorator), options["route_words"]) for item in function.decorators):
        yield "a-person-does-it"
    if mentions(symbol, options["other_words"]):
        yield "another-kind-of-plan"
