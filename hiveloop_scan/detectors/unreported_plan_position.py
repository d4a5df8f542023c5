"""Find functions that carry out the one step of a plan whose turn it is: nodes of a graph, turns of an agent."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.execution import executions
from hiveloop_scan.plans.nouns import is_another_kind_of_plan, noun_of
from hiveloop_scan.plans.positions import steps_taken
from hiveloop_scan.plans.step_captures import statement_of
from hiveloop_scan.plans.walks import names_made_from
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, statements
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef)
def unreported_plan_position(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    body = statements(function.body)
    for name, items, index in steps_taken(function, module, options):
        names = names_made_from(frozenset({name}), body, module)
        for call, sureness in executions(body, names, module, options):
            if (
                sureness == "each-step-is-worked-on"
                or module.enclosing(call, cst.For, cst.While, cst.FunctionDef) != function
            ):
                continue
            facts = ["step-is-taken-from-the-plan", "step-is-executed" if "executed" in sureness else "step-is-awaited"]
            facts += _surroundings(items, function, module, options)
            yield Match(call, _captures(call, name, items, index, module), facts)
            return


def _surroundings(
    items: cst.BaseExpression, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> Iterator[str]:
    if mentions(noun_of(items), options["plan_words"]) or mentions(module.symbol(function), options["plan_words"]):
        yield "steps-of-a-plan"
    if _moves_on(function, module, options):
        yield "position-moves-on"
    if is_another_kind_of_plan(f"{module.symbol(function)} {noun_of(items)}", options):
        yield "another-kind-of-plan"


def _moves_on(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether the function counts the step as done: a position grows, or a list of past steps."""
    body = statements(function.body)
    for element in module.below(body, cst.DictElement):
        if mentions(code(element.key), options["position_words"]) and isinstance(element.value, cst.BinaryOperation):
            return True
        if mentions(code(element.key), options["past_words"]):
            return True
    return any(
        mentions(code(target), options["position_words"], options["past_words"])
        for node in module.below(body, cst.AugAssign, cst.Assign)
        for target in ([node.target] if isinstance(node, cst.AugAssign) else [item.target for item in node.targets])
        if isinstance(target, (cst.Attribute, cst.Subscript))
    )


def _captures(
    call: cst.Call, name: str, items: cst.BaseExpression, index: str | None, module: ParsedModule
) -> dict[str, str | int | None]:
    """Describe the step whose turn it is; the position as an expression that counts from zero, as Python does."""
    statement = module.span(statement_of(call, module))
    return {
        "operation": dotted(call.func) or code(call.func),
        "plan": code(items),
        "step": name,
        "step_text": None,
        "index": None if index == "0" else index,
        "index_base": 0 if index not in (None, "0") else None,
        "action": None,
        "started_line": statement.line,
        "completed_line": statement.end_line,
    }
