"""Find services that could not be set up, where the agent carries on without them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.identity import issue_id, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.log_lines import grave_lines, text_of
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.conditions.services import kept_as_missing, set_up_in
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.syntax.flow import Flow
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector


@detector(cst.ExceptHandler)
def unreported_failed_start(node: cst.ExceptHandler, module: ParsedModule, options: Options) -> Iterator[Match]:
    tried, function = module.parent(node), module.function_of(node)
    if not isinstance(tried, cst.Try) or function is None:
        return
    if node.type is not None and mentions(code(node.type), options["package_words"]):
        return
    block = statements(node.body)
    lines = grave_lines(block, module)
    if not lines or mentions(function.name.value, options["ending_words"]):
        return
    if _hands_the_error_on(node, module):
        return
    place = set_up_in(tried, module, options)
    reaction = reaction_of(block, module)
    if place is None or reaction.flow & Flow.RAISE or reaction.stops:
        return
    facts = ["service-could-not-be-set-up", "somebody-is-told", *sorted(set(kept_as_missing(node, place, module)))]
    if mentions(function.name.value, options["building_words"]):
        facts.append("function-sets-up")
    if mentions(" ".join(text_of(line, module) for line in lines), options["missing_words"]):
        facts.append("says-that-it-is-missing")
    if any(leaf.value is None or code(leaf.value) in ("None", "False") for leaf in module.below(block, cst.Return)):
        facts.append("answers-without-it")
    if isinstance(module.enclosing(node, cst.For, cst.While, cst.FunctionDef), (cst.For, cst.While)):
        facts.append("is-tried-for-each")
    if any(mentions(param.name.value, options["item_words"]) for param in parameters(function)):
        facts.append("is-about-one-request")
    owner = module.enclosing(node, cst.ClassDef)
    category = category_of([code(place), owner.name.value if isinstance(owner, cst.ClassDef) else "", "service"])
    condition = Condition(
        what=code(place),
        severity="high",
        category=category,
        identity=issue_id(category, subject_of([last_name(place)], node, module)),
    )
    yield Match(node, issue_captures(condition, node, block, module), facts)


def _hands_the_error_on(handler: cst.ExceptHandler, module: ParsedModule) -> bool:
    """Say whether a handler returns what it caught: who called knows of it then, as after a raise."""
    caught = handler.name.name.value if handler.name is not None and isinstance(handler.name.name, cst.Name) else ""
    if not caught:
        return False
    same = {caught} | {
        dotted(assign.targets[0].target)
        for assign in module.below(statements(handler.body), cst.Assign)
        if dotted(assign.value) == caught and isinstance(assign.value, cst.Name)
    }
    leaves = module.below(statements(handler.body), cst.Return)
    return any(isinstance(leaf.value, cst.Name) and leaf.value.value in same for leaf in leaves)
