"""Statements after which the steps of a plan are known, because a model, a planner or a text has told them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from, parameters
from hiveloop_scan.plans.nouns import is_another_kind_of_plan, last_noun
from hiveloop_scan.plans.planners import is_called_a_planner, is_made_to_plan
from hiveloop_scan.plans.replies import has_form, names_a_plan, nouns_of_plans, reply_facts
from hiveloop_scan.plans.sources import (
    asks_a_model,
    comes_from_a_model,
    is_a_choice,
    is_parsed,
    is_planner_call,
    planner_call_behind,
    runs_a_planner,
)
from hiveloop_scan.plans.uses import is_thought_of_and_worked_off, uses_of
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.plan_shapes import MAIN_METHODS
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

Statement = cst.Assign | cst.AnnAssign | cst.Return | cst.Call

_SEVERAL = 2
_STEP_FIELDS = {"steps", "tasks", "phases", "sections", "subtasks", "items", "todos", "stages", "milestones"}
_PUTTING = {"update", "apply", "load", "fill", "populate", "replace", "merge"}


@dataclass(frozen=True)
class Made:
    """A statement or call that makes a plan known, the name that holds it (None: none does), and the facts."""

    node: Statement
    name: cst.BaseExpression | None
    value: cst.BaseExpression
    facts: tuple[str, ...]


def plans_made(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Made]:
    """Yield the places of a function where a plan becomes known: a model's reply in parts, a planner's answer."""
    replied: list[Made] = []
    run: list[Made] = []
    body = statements(function.body)
    asks = any(asks_a_model(call, module, options) for call in module.below(body, cst.Call))
    asks = asks or any(is_a_choice(node) for node in module.below(body, cst.Attribute))
    built = _built(function, module, options)
    if built is not None and built.value is not None:
        yield _described(built, built.value, ["planner-is-asked", "plan-is-built"], function, module, options)
    put = [
        call for call in module.below(statements(function.body), cst.Call) if _puts_into_the_plan(call, module, options)
    ]
    for call in put:
        yield _described(call, call, ["model-is-asked", "reply-becomes-steps"], function, module, options)
    for node in module.below(statements(function.body), cst.Assign, cst.AnnAssign, cst.Return):
        if node.value is None:
            continue
        value = node.value.expression if isinstance(node.value, cst.Await) else node.value
        if isinstance(value, cst.Call) and is_planner_call(value, options):
            if built is not None or (put and is_made_to_plan(value, options)):
                continue  # it goes into the plan that is built of it
            yield _described(node, value, ["planner-is-asked"], function, module, options)
        elif runs_a_planner(value) and not (asks and reply_facts(value, module, options)):
            run.append(_described(node, value, ["planner-is-asked"], function, module, options))
        elif facts := (asks and reply_facts(value, module, options)) or _text(node, value, module, options):
            replied.append(_described(node, value, facts, function, module, options))
        elif isinstance(value, cst.Call) and is_thought_of_and_worked_off(node, value, function, module, options):
            yield _described(node, value, ["answer-is-worked-off"], function, module, options)
        elif isinstance(value, cst.Call) and _may_answer_with_a_plan(node, value, options):
            made = _described(node, value, ["call-answers-with-a-plan"], function, module, options)
            if {"steps-are-worked-off", "plan-is-handed-on"} & set(made.facts):
                yield made
    worked_off = [made for made in replied if "steps-are-worked-off" in made.facts]
    named = [made for made in replied if "value-is-called-a-plan" in made.facts]
    named = [made for made in named if not _is_read_again(made, named)]
    kept = [made for made in replied if "plan-is-kept" in made.facts]
    yield from worked_off or _last_of_each(named, function, module, options) or kept[:1] or replied[:1] or run


def _may_answer_with_a_plan(node: cst.CSTNode, call: cst.Call, options: Options) -> bool:
    """Say whether a call binds what is called a plan, and does more than fetch, sort or build it."""
    target = node.targets[0].target if isinstance(node, cst.Assign) else getattr(node, "target", None)
    if target is None or words(last_noun(target))[-1:] != ("plan",):
        return False
    name = last_name(call.func)
    return bool(words(name)) and not (
        name.strip("_")[:1].isupper() or words(name)[0] in options["idle_words"] or mentions(name, _FETCHES)
    )


_FETCHES = ("query", "db", "session", "command", "sql", "cursor", "request", "plan", "plans")


def _last_of_each(named: list[Made], function: cst.FunctionDef, module: ParsedModule, options: Options) -> list[Made]:
    """Keep the last of the statements that make one plan: a model is asked again before the next plan begins."""
    if len(named) < _SEVERAL:
        return named
    asked = [call for call in module.below(statements(function.body), cst.Call) if asks_a_model(call, module, options)]
    return [
        made
        for made, after in zip(named, [*named[1:], None], strict=True)
        if after is None
        or any(module.is_before(made.node, call) and module.is_before(call, after.node) for call in asked)
    ]


def _is_read_again(made: Made, named: list[Made]) -> bool:
    """Say whether a plan is only taken out of where it was put: ``plan = state.get("plan")`` after it was parsed."""
    first = next(other for other in named if (other.name and code(other.name)) == (made.name and code(made.name)))
    return first is not made and made.name is not None and last_noun(made.value).strip("\"'") == code(made.name)


def _built(
    function: cst.FunctionDef, module: ParsedModule, options: Options
) -> cst.Assign | cst.AnnAssign | cst.Return | None:
    """Return the statement that builds a plan of what one planner made and another made better."""
    asked = [call for call in module.below(statements(function.body), cst.Call) if is_planner_call(call, options)]
    if len(asked) < _SEVERAL:
        return None
    for node in module.below(statements(function.body), cst.Assign, cst.AnnAssign, cst.Return):
        value = node.value
        if isinstance(value, cst.Call) and _is_a_plan_class(last_name(value.func), options):
            given = [arg.value for arg in value.args if arg.keyword and arg.keyword.value in _STEP_FIELDS]
            if any(planner_call_behind(steps, module, options) for steps in given):
                return node
    return None


def _is_a_plan_class(name: str, options: Options) -> bool:
    return name[:1].isupper() and words(name)[-1:] in (("plan",), ("outline",), ("roadmap",))


def _puts_into_the_plan(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether a statement puts what a planner or model replied into a plan: ``update_plan_from(reply, plan)``."""
    if not isinstance(module.parent(call), (cst.Expr, cst.Await)):
        return False
    name = last_name(call.func)
    if not words(name) or words(name)[0] not in _PUTTING or not mentions(name, options["plan_names"]):
        return False
    if mentions(name, options["no_plan_words"], ("status", "state")):
        return False
    return any(
        comes_from_a_model(arg.value, module, options)
        or ((asked := planner_call_behind(arg.value, module, options)) is not None and is_made_to_plan(asked, options))
        for arg in call.args
        if isinstance(arg.value, (cst.Name, cst.Attribute))
    )


def _text(node: Statement, value: cst.BaseExpression, module: ParsedModule, options: Options) -> list[str]:
    """Return the fact that a text is parsed into what is called a plan: a stored one, one that is written out."""
    target = node.targets[0].target if isinstance(node, cst.Assign) else None
    if target is None or not names_a_plan(last_noun(target), options) or not has_form(value, module, options):
        return []
    return ["text-is-parsed"] if derives_from(value, module, lambda part: is_parsed(part, options)) else []


def _keys_of(value: cst.BaseExpression) -> str:
    keys = [code(item.key) for item in getattr(value, "elements", ()) if isinstance(item, cst.DictElement)]
    return " ".join(keys)


def _described(
    node: Statement,
    value: cst.BaseExpression,
    facts: list[str],
    function: cst.FunctionDef,
    module: ParsedModule,
    options: Options,
) -> Made:
    target = node.targets[0].target if isinstance(node, cst.Assign) else getattr(node, "target", None)
    name = _held(target, node, function, module, options) if isinstance(target, cst.Tuple) else target
    shown = last_noun(name) if name is not None else _keys_of(value)
    if isinstance(node, cst.Call):
        shown = last_name(node.func)
    elif isinstance(node, cst.Return) and isinstance(value, cst.Call):
        shown = last_name(value.func)
    elif isinstance(value, cst.Call) and is_made_to_plan(value, options):
        shown += f" {dotted(value.func)} {code(value.func)}"
    if mentions(shown, nouns_of_plans(value, module, options)) and not mentions(shown, options["past_words"]):
        facts.append("value-is-called-a-plan")
    if is_called_a_planner(function, module, options):
        facts.append("class-makes-plans" if function.name.value in MAIN_METHODS else "function-makes-a-plan")
    facts += uses_of(name, node, function, module, options)
    choosing = {param.name.value for param in parameters(function)} & {"intermediate_steps", "agent_scratchpad"}
    if choosing and "steps-are-worked-off" not in facts:
        facts.append("chooses-the-next-action")
    if is_another_kind_of_plan(f"{module.symbol(node)} {shown}", options):
        facts.append("another-kind-of-plan")
    return Made(node, name, value, tuple(facts))


def _held(
    targets: cst.Tuple, node: Statement, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> cst.BaseExpression | None:
    """Return the one of several names that holds the steps: what is worked off, what is called a plan, the first."""
    names = [element.value for element in targets.elements]
    worked = [
        name
        for name in names
        if isinstance(name, cst.Name) and "steps-are-worked-off" in uses_of(name, node, function, module, options)
    ]
    named = [name for name in names if names_a_plan(last_noun(name), options)]
    return next(iter([*worked, *named, *names]), None)
