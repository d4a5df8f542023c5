"""Find circuits that open and cool-downs that begin: calls are refused until something is better."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.blocks import branch_around
from hiveloop_scan.conditions.breakers import Change, opening_facts, place_of
from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.counters import kept_place, limits_in, steps_of
from hiveloop_scan.conditions.identity import issue_id, key_of, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector


@detector(cst.Assign, cst.Call)
def unreported_open_circuit(node: Change, module: ParsedModule, options: Options) -> Iterator[Match]:
    facts = list(opening_facts(node, module, options))
    if not facts or _sets_the_same_twice(node, module, options):
        return
    branch = branch_around(node, module)
    inside = statements(branch.body) if branch is not None else ()
    reaction = reaction_of(inside, module)
    if reaction.level or reaction.alerts:
        facts.append("branch-tells-somebody")
    count = None
    if isinstance(branch, cst.If):
        limit = next(iter(limits_in(branch, module)), None)
        kept = kept_place(limit.counter, module) if limit is not None else None
        if limit is not None and kept is not None and steps_of(kept, module):
            facts.append("failures-reach-a-limit")
            count = code(limit.counter) if dotted(limit.counter) else None
    if _is_about_failures(node, branch, module, options):
        facts.append("branch-is-about-failures")
    if isinstance(branch, cst.If) and _asks_for_the_state(branch.test, options, module):
        facts.append("state-was-changed-before")
    place = place_of(node)
    owner = module.enclosing(node, cst.ClassDef)
    names = [
        code(place).partition("[")[0],
        owner.name.value if isinstance(owner, cst.ClassDef) else "",
        module.symbol(node),
    ]
    category = category_of(names)
    subject = subject_of([code(place).partition("[")[0]] if isinstance(node, cst.Assign) else [], node, module)
    shown = branch if isinstance(branch, cst.If) else node
    condition = Condition(
        what=code(place) if isinstance(node, cst.Assign) else last_name(node.func),
        severity="high",
        category=category,
        identity=issue_id(category, subject, key_of(place)),
        test=branch.test if isinstance(branch, cst.If) else None,
        count=count,
    )
    yield Match(shown, issue_captures(condition, shown, inside, module), facts)


def _sets_the_same_twice(node: Change, module: ParsedModule, options: Options) -> bool:
    """Say whether an earlier statement of the same block opens already: state, then time."""
    suite = module.enclosing(node, cst.IndentedBlock)
    if suite is None:
        return False
    others = module.below(statements(suite), cst.Assign, cst.Call)
    return any(
        other is not node and module.is_before(other, node) and any(opening_facts(other, module, options))
        for other in others
        if module.enclosing(other, cst.IndentedBlock) is suite
    )


def _is_about_failures(
    node: Change, branch: cst.If | cst.Else | cst.ExceptHandler | None, module: ParsedModule, options: Options
) -> bool:
    if isinstance(branch, cst.ExceptHandler):
        return True
    function = module.function_of(node)
    name = function.name.value if function is not None else ""
    test = code(branch.test) if isinstance(branch, cst.If) else ""
    return mentions(f"{name} {test}", options["failure_words"])


def _asks_for_the_state(test: cst.BaseExpression, options: Options, module: ParsedModule) -> bool:
    """Say whether a test asks if the state is open: who set it has known the condition before."""
    return any(
        isinstance(part.operator, (cst.Equal, cst.Is)) and last_name(part.comparator).lower() in options["open_words"]
        for comparison in module.below(test, cst.Comparison)
        for part in comparison.comparisons
    )
