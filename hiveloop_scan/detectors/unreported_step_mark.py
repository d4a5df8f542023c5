"""Find the places where a step of a plan is marked as started, completed, failed or skipped, outside of a loop."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.plans.nouns import is_another_kind_of_plan
from hiveloop_scan.plans.positions import position_moved, reads_the_position
from hiveloop_scan.plans.status import Mark, mark_of, merged, owner_text
from hiveloop_scan.plans.step_loops import step_loop
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, last_name
from hiveloop_scan.visitor import detector


@detector(cst.Assign, cst.AugAssign)
def unreported_step_mark(node: cst.Assign | cst.AugAssign, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(node)
    if function is None:
        return
    mark = None
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        mark = mark_of(node, module) or merged(node, module)
    facts = list(_of_status(mark, node, module, options) if mark else _of_position(node, module, options))
    if not facts:
        return
    name = function.name.value
    if mentions(module.symbol(node), options["plan_words"]):
        facts.append("stands-in-a-plan")
    if words(name) and words(name)[0] in options["marking_words"]:
        facts.append("function-marks-steps")
    if mentions(name, options["restoring_words"]):
        facts.append("restores-a-state")
    if is_another_kind_of_plan(module.symbol(node), options) or mentions(module.symbol(node), options["record_words"]):
        facts.append("is-a-record")
    if _is_run_by_a_loop(function, module, options):
        facts.append("a-loop-stands-for-it")
    yield Match(node, _captures(mark, node, module), facts)


def _of_status(mark: Mark, node: cst.Assign | cst.AugAssign, module: ParsedModule, options: Options) -> Iterator[str]:
    text = owner_text(mark.owner, module)
    plan = mentions(f"{text} {module.symbol(node)}", options["plan_words"] - options["flow_words"])
    if mentions(text, options["step_names"]) and not (mentions(text, options["whole_words"])):
        yield "owner-is-a-step"
        if mentions(text, options["plan_words"]):
            yield "owner-is-part-of-a-plan"
    elif plan and mentions(text, options["item_names"]):
        yield "owner-is-part-of-a-plan"
    else:
        return
    yield "outcome-is-known" if mark.known else "outcome-is-given"
    if mentions(mark.states, options["plan_words"]):
        yield "outcome-of-a-plan"


def _of_position(node: cst.Assign | cst.AugAssign, module: ParsedModule, options: Options) -> Iterator[str]:
    place = position_moved(node, options)
    if place is None:
        return
    yield "position-moves-on"
    if reads_the_position(place, node, module, options):
        yield "position-picks-the-step"


def _is_run_by_a_loop(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a loop of this file carries out each step by calling `function`: the loop is what is reported."""
    called = [call for call in module.nodes(cst.Call) if last_name(call.func) == function.name.value]
    for loop in {
        id(outer): outer
        for call in called
        for outer in module.ancestors(call)
        if isinstance(outer, (cst.For, cst.While))
    }.values():
        found = step_loop(loop, module, options)
        if found and function in functions_run(found.call.func, module):
            return True
    return False


def _captures(mark: Mark | None, node: cst.Assign | cst.AugAssign, module: ParsedModule) -> dict[str, str | int | None]:
    """Describe a mark: the step, the SDK's action where the code says one, and the line after which it is made."""
    target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
    step = code(mark.owner) if mark else None
    return {
        "operation": code(target),
        "step": step,
        "step_text": None,
        "index": None if mark else code(target),
        "index_base": None,
        "action": mark.action if mark else None,
        "insert_after_line": module.span(node).end_line,
    }
