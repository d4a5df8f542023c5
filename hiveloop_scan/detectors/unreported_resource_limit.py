"""Find measures that cross their limit, memory, disk, spending or the age of a heartbeat, and a reaction to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.identity import issue_id, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.measures import graded_as_bad, is_named_as_a_limit, measured_in
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name, statements
from hiveloop_scan.visitor import detector


@detector(cst.If)
def unreported_resource_limit(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    measured = measured_in(node.test, module, options)
    function = module.function_of(node)
    if (
        measured is None
        or function is None
        or function.name.value == "__init__"
        or _is_a_softer_case(node, module, options)
    ):
        return
    block = statements(node.body)
    reaction = reaction_of(block, module)
    facts = [measured.kind, *_reaction_facts(block, module, options)]
    if measured.kind == "age-of-a-sign-of-life":  # what is kept then is the time of the next sign, as a rule
        if _gives_the_sign_itself(measured.measure, block, module):
            return
        facts = [fact for fact in facts if fact != "what-lasts-is-changed"]
    if len(facts) == 1:
        return
    if is_named_as_a_limit(measured.limit, options):
        facts.append("limit-is-named-so")
    if reaction.only_raises:
        facts.append("only-raises")
    names = [last_name(name) for name in module.below(measured.measure, cst.Name, cst.Attribute)]
    category = category_of([code(measured.measure)])
    condition = Condition(
        what=code(measured.measure),
        severity="critical" if reaction.stops else "medium",
        category=category,
        identity=issue_id(category, subject_of(names, node, module)),
        test=node.test,
    )
    yield Match(node, issue_captures(condition, node, block, module), facts)


def _is_a_softer_case(node: cst.If, module: ParsedModule, options: Options) -> bool:
    """Say whether an earlier branch of the same if statement asks for a measure already."""
    outer = module.parent(node)
    return isinstance(outer, cst.If) and outer.orelse is node and measured_in(outer.test, module, options) is not None


def _gives_the_sign_itself(measure: cst.BaseExpression, block: Sequence[cst.CSTNode], module: ParsedModule) -> bool:
    """``if now - self.last_beat >= interval: self.last_beat = now``: the time has come for the next sign of its own."""
    read = {code(part) for part in module.below(measure, cst.Name, cst.Attribute)}
    return any(code(target.target) in read for assign in module.below(block, cst.Assign) for target in assign.targets)


def _reaction_facts(block: Sequence[cst.CSTNode], module: ParsedModule, options: Options) -> Iterator[str]:
    reaction = reaction_of(block, module)
    if reaction.level or reaction.alerts:
        yield "somebody-is-told"
    if reaction.changes:
        yield "what-lasts-is-changed"
    if reaction.acts or any(
        mentions(last_name(call.func), options["relief_words"]) for call in module.below(block, cst.Call)
    ):
        yield "something-is-done"
    if any(True for _ in graded_as_bad(module.below(block, cst.Assign), options)):
        yield "is-graded-as-bad"
