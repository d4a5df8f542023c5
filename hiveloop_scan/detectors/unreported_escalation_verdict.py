"""Find the places where code decides, on evidence, that people shall take over."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.escalation_captures import escalation_captures
from hiveloop_scan.handoffs.triggers import trigger_of
from hiveloop_scan.handoffs.verdicts import (
    answers_either_way,
    answers_with_labels,
    only_forwards,
    routes_a_graph,
    speaks_of_roles_in_a_chat,
    verdicts_in,
)
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code
from hiveloop_scan.visitor import detector


@detector(cst.Return)
def unreported_escalation_verdict(node: cst.Return, module: ParsedModule, options: Options) -> Iterator[Match]:
    function = module.function_of(node)
    if node.value is None or function is None or _only_reads(function, options):
        return
    for value, told in verdicts_in(node.value, module, options):
        trigger = trigger_of(value, module, options)
        facts = [*told, *trigger.facts]
        branch = module.enclosing(value, cst.If, cst.IfExp, cst.FunctionDef)
        if isinstance(branch, (cst.If, cst.IfExp)):
            if speaks_of_roles_in_a_chat(branch.test, options) and "verdict-names-people" in told:
                return
            if mentions(code(branch.test), options["waiting_words"]):
                return
            if "says-that-people-take-over" not in told and only_forwards(branch.test, module, options):
                facts.append("only-forwards-a-flag")
        labels = answers_with_labels(function, module)
        if "verdict-names-people" in told and not labels:
            return
        if labels or answers_either_way(value, function, module):
            facts.append("function-answers-with-labels")
        if routes_a_graph(function, module):
            facts.append("function-routes-a-graph")
        elif mentions(function.name.value, options["router_words"]):
            facts.append("function-is-named-for-routing")
        captures = escalation_captures([node], None, trigger, module, options)
        yield Match(node, {**captures, "operation": code(value)[:80]}, facts)
        return


def _only_reads(function: cst.FunctionDef, options: Options) -> bool:
    """Say whether a function reads, checks or shows what others have decided."""
    return bool(set(words(function.name.value)[:1]) & options["view_words"])
