"""Find the places where work is handed to people."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.escalation_captures import escalation_captures
from hiveloop_scan.handoffs.events import Event, events_in, hands_over_by_name
from hiveloop_scan.handoffs.triggers import trigger_of
from hiveloop_scan.handoffs.wording import is_a_state_of_people, names_a_role, names_people
from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import reference
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector


@detector(cst.FunctionDef)
def unreported_escalation(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    name = function.name.value
    named = hands_over_by_name(function, module, options)
    if not named and set(words(name)[:1]) & options["view_words"]:
        return
    for event in events_in(function, module, options):
        main = event.main
        trigger = trigger_of(_decided(main.node, options), module, options)
        facts = [*event.facts, *trigger.facts]
        if named:
            facts.append("in-a-function-that-hands-over")
        elif names_people(name, options) or names_a_role(name, options):
            facts.append("function-is-named-for-people")
        nodes = [main.node, *(step.node for step in event.steps if step is not main)]
        captures = escalation_captures(nodes, main.call, trigger, module, options)
        yield Match(main.node, captures, facts, list(_clues(event, module)))


def _decided(node: cst.CSTNode, options: Options) -> cst.CSTNode:
    """Return the part of a statement for which something was decided: a branch of its conditional expression."""
    if not isinstance(node, cst.Assign) or not isinstance(node.value, cst.IfExp):
        return node
    choice = node.value
    return choice.body if is_a_state_of_people(choice.body, options) else choice.orelse


def _clues(event: Event, module: ParsedModule) -> Iterator[Clue]:
    callees = [reference(step.call.func, module) or _only_one(step.call, module) for step in event.steps if step.call]
    for callee in dict.fromkeys(filter(None, callees)):
        yield Clue(callee, "hands-off-to-a-human", "callee-hands-over-itself")


def _only_one(call: cst.Call, module: ParsedModule) -> str:
    """Return the one method of this file that a call of another object can run: ``self.desk.page_oncall(case)``."""
    name = last_name(call.func)
    found = module.functions.get(name, ())
    return f":{module.symbol(found[0])}" if len(found) == 1 and len(words(name)) > 1 else ""
