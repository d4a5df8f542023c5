"""Find lists of steps that are written out and carried out, or made by a function whose job is the plan."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.nouns import is_another_kind_of_plan, last_noun
from hiveloop_scan.plans.plan_captures import plan_captures
from hiveloop_scan.plans.planners import is_called_a_planner
from hiveloop_scan.plans.step_loops import ENDINGS
from hiveloop_scan.plans.uses import uses_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, statements
from hiveloop_scan.visitor import detector

_FEWEST = 2


@detector(cst.Assign, cst.AnnAssign)
def unreported_listed_plan(node: cst.Assign | cst.AnnAssign, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(node)
    if function is None or not isinstance(node.value, (cst.List, cst.Tuple)):
        return
    name = node.targets[0].target if isinstance(node, cst.Assign) else node.target
    if not isinstance(name, cst.Name) or len(node.value.elements) + _appended(name, function, module) < _FEWEST:
        return
    named = mentions(last_noun(name), options["plan_names"])
    made = is_called_a_planner(function, module, options)
    if not named and not made:
        return
    facts = ["steps-are-listed", *uses_of(name, node, function, module, options)]
    if named:
        facts.append("value-is-called-a-plan")
    if made:
        facts.append("function-makes-a-plan")
    if is_another_kind_of_plan(f"{module.symbol(node)} {name.value}", options) or mentions(
        name.value, options["past_words"], ENDINGS
    ):
        facts.append("another-kind-of-plan")
    known = _complete(name, node, function, module)
    yield Match(known, plan_captures(known, name, node.value, module), facts)


def _complete(
    name: cst.Name, node: cst.Assign | cst.AnnAssign, function: cst.FunctionDef, module: ParsedModule
) -> cst.CSTNode:
    """Return the statement at which the list is complete: where it is returned, if it starts empty and grows."""
    if not isinstance(node.value, (cst.List, cst.Tuple)) or node.value.elements:
        return node
    answers = [answer for answer in module.below(statements(function.body), cst.Return) if answer.value is not None]
    return next((answer for answer in answers if answer.value is not None and code(answer.value) == name.value), node)


def _appended(name: cst.Name, function: cst.FunctionDef, module: ParsedModule) -> int:
    """Return how many statements add to the list."""
    return sum(
        dotted(call.func) in (f"{name.value}.append", f"{name.value}.extend")
        for call in module.below(statements(function.body), cst.Call)
    ) + sum(code(node.target) == name.value for node in module.below(statements(function.body), cst.AugAssign))
