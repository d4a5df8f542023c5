"""Find the places where a running conversation is handed to another agent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.alternatives import is_alternative
from hiveloop_scan.handoffs.agents import (
    asks_for_a_switch,
    derives_from_a_handoff,
    goes_to_another_graph,
    is_about_a_beginning,
    is_in_a_handoff_class,
    returns_an_agent,
    runs_target,
    sends_a_handoff,
    speaks_of_a_handoff,
    switches_agent,
)
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

Statement = cst.Assign | cst.Return | cst.Expr


@detector(cst.FunctionDef)
def unreported_agent_handoff(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    if set(words(function.name.value)[:1]) & options["view_words"] or is_about_a_beginning(function):
        return
    seen: list[tuple[str, cst.CSTNode]] = []
    runs: dict[str, list[cst.Call]] = defaultdict(list)
    body = statements(function.body)
    for node in module.below(body, cst.Assign, cst.Return, cst.Call):
        facts, target = _facts(node, function, module, options)
        block = module.enclosing(node, cst.IndentedBlock, cst.SimpleStatementSuite)
        if not facts or block is None or any(fact == facts[0] and module.is_below(node, [held]) for fact, held in seen):
            continue
        if isinstance(node, cst.Call) and target is not None:
            if is_alternative(node, runs[target], module):
                continue
            runs[target].append(node)
        seen.append((facts[0], block))
        if speaks_of_a_handoff(node, module, options) or (
            isinstance(node, cst.Call) and derives_from_a_handoff(node, module, options)
        ):
            facts.append("speaks-of-a-handoff")
        elif is_in_a_handoff_class(node, module, options):
            facts.append("class-speaks-of-handoffs")
        if module.enclosing(node, cst.If, cst.MatchCase, cst.FunctionDef) is not function:
            facts.append("inside-a-branch")
        if any(isinstance(outer, (cst.For, cst.While)) for outer in module.ancestors(node)):
            facts.append("inside-a-loop")
        yield Match(node, _captures(node, target, module), list(dict.fromkeys(facts)))


def _facts(
    node: Statement | cst.Call, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> tuple[list[str], str | None]:
    """Return how a node hands the conversation over, and the expression of the agent that gets it."""
    if isinstance(node, cst.Assign):
        facts = switches_agent(node, module, options)
        return facts, code(node.value) if isinstance(node.value, (cst.Name, cst.Attribute)) else None
    if isinstance(node, cst.Return):
        if returns_an_agent(node, function, module, options):
            return ["answers-with-the-agent-that-takes-over"], code(node.value) if node.value else None
        return [], None
    if isinstance(node, cst.Call):
        if runs_target(node, module, options):
            owner = node.func.value if isinstance(node.func, cst.Attribute) else node.func
            return ["target-agent-runs"], dotted(owner)
        if asks_for_a_switch(node, options):
            return ["agent-is-switched-by-call"], code(node.args[0].value)
        if goes_to_another_graph(node, module):
            return ["command-leaves-for-another-agent"], _keyword(node, ("goto",))
        if sends_a_handoff(node, options) and module.enclosing(node, cst.Return, cst.Yield, cst.Await) is not None:
            return ["handoff-message-is-sent"], _keyword(node, ("target", "to", "agent", "new_agent", "target_agent"))
    return [], None


def _keyword(call: cst.Call, names: tuple[str, ...]) -> str | None:
    return next((code(arg.value) for arg in call.args if arg.keyword and arg.keyword.value in names), None)


def _captures(node: cst.CSTNode, target: str | None, module: ParsedModule) -> dict[str, Capture]:
    name = dotted(node.targets[0].target) if isinstance(node, cst.Assign) else last_name(node) or "return"
    return {
        "operation": name,
        "summary": None,
        "assigned_to": target,
        "assigned_to_is_code": True if target is not None else None,
        "reason": None,
        "condition": None,
        "exception": None,
        "insert_line": module.span(node).line,
    }
