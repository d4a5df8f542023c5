"""Find the places where a plan becomes known as its steps are built of a file, a dictionary or a text."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.building import (
    Built,
    is_one_of_many,
    is_restored,
    reads_a_listing,
    reads_its_order,
    steps_built,
)
from hiveloop_scan.plans.makers import plans_made
from hiveloop_scan.plans.plan_captures import plan_captures
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, statements
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef)
def unreported_loaded_plan(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    for built in steps_built(function, module, options):
        facts = ["steps-are-built", *_facts(built, function, module, options)]
        if any(_stands_for_itself(made.facts) for made in plans_made(function, module, options)):
            return
        node = _whole(built, function, module) or built.statement
        yield Match(node, plan_captures(node, built.name, _value(built), module), facts)
        return


def _stands_for_itself(facts: tuple[str, ...]) -> bool:
    """Say whether a plan is known before its steps are built; a text that was cut into parts is none yet."""
    if facts == ("text-is-parsed", "value-is-called-a-plan"):
        return False
    return "value-is-called-a-plan" in facts or "steps-are-worked-off" in facts


def _whole(built: Built, function: cst.FunctionDef, module: ParsedModule) -> cst.CSTNode | None:
    """Return the statement that makes the plan of its steps: ``return Workflow(name, steps=steps)``."""
    for later in module.below(statements(function.body), cst.Assign, cst.Return):
        if not isinstance(later.value, cst.Call) or not module.is_before(built.statement, later):
            continue
        kind = dotted(later.value.func)
        if (kind == "cls" or kind.rpartition(".")[2][:1].isupper()) and any(
            code(arg.value) == code(built.name) for arg in later.value.args
        ):
            return later
    return None


def _value(built: Built) -> cst.BaseExpression:
    statement = built.statement
    return built.made if isinstance(statement, cst.For) or statement.value is None else statement.value


def _facts(built: Built, function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[str]:
    symbol = module.symbol(function)
    kinds = " ".join(
        dotted(call.func)
        for call in module.below(statements(function.body), cst.Call)
        if any(code(arg.value) == code(built.name) for arg in call.args)
    )
    if mentions(f"{symbol} {kinds} {code(built.name)}", options["plan_words"]):
        yield "stands-for-a-plan"
    if reads_a_listing(built, module, options):
        yield "steps-are-listed-elsewhere"
    if reads_its_order(built, options):
        yield "order-of-the-steps-is-read"
    if is_restored(built, options) or mentions(function.name.value, options["restoring_words"]):
        yield "restores-what-was-run"
    if is_one_of_many(built, module):
        yield "is-one-of-many-plans"
    if mentions(symbol, options["other_words"]):
        yield "another-kind-of-plan"
