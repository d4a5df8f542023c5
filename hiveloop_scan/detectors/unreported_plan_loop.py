"""Find loops that carry out the steps of a plan one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.plans.rounds import rounds_of
from hiveloop_scan.plans.step_captures import loop_captures
from hiveloop_scan.plans.step_loops import maker_of, step_loop
from hiveloop_scan.references import own_reference, reference
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector


@detector(cst.For, cst.While)
def unreported_plan_loop(loop: cst.For | cst.While, module: ParsedModule, options: Options) -> Iterator[Match]:
    found = step_loop(loop, module, options) or rounds_of(loop, module, options)
    if found is None:
        return
    if "items-may-be-anything" in found.facts:
        maker = maker_of(found.walk.items, module, options)
        callee = own_reference(maker.func, module) if maker else ""
        if callee:
            clue = Clue(callee, "replies-in-parts", "a-model-thought-of-the-items")
            yield Match(loop, loop_captures(found, module), found.facts, (clue,))
        return
    yield Match(loop, loop_captures(found, module), found.facts, tuple(_clues(found.walk.items, module)))


def _clues(items: cst.BaseExpression, module: ParsedModule) -> Iterator[Clue]:
    """Ask whether a function of another file, whose result is walked over, makes plans."""
    name = dotted(items).partition(".")[0]
    for value in (items, *(values_of(name, items, module) if name not in ("", "self") else ())):
        call = value.expression if isinstance(value, cst.Await) else value
        if isinstance(call, cst.Call) and (callee := reference(call.func, module)):
            yield Clue(callee, "makes-a-plan", "steps-come-from-a-planner")
