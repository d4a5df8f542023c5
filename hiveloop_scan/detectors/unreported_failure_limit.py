"""Find counters of failures that outlive the call and reach their limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.counters import (
    Limit,
    Test,
    counts_exceptions,
    kept_place,
    leaf_of,
    limits_in,
    name_of_counter,
    resets_of,
    steps_of,
)
from hiveloop_scan.conditions.identity import issue_id, key_of, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.reactions import Reaction, reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.syntax.flow import Flow
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name
from hiveloop_scan.visitor import detector


@detector(cst.If, cst.Return)
def unreported_failure_limit(node: Test, module: ParsedModule, options: Options) -> Iterator[Match]:
    for limit in limits_in(node, module):
        place = kept_place(limit.counter, module)
        if place is None or not _counts_trouble(limit, place, module, options):
            continue
        steps = steps_of(place, module)
        here = [step for step in steps if module.function_of(step) is module.function_of(node)]
        if isinstance(node, cst.Return) and not here:
            continue
        reaction = reaction_of(limit.reached, module)
        if (
            not isinstance(limit.node, type(node))
            and not _sure(place, options)
            and not isinstance(limit.counter, cst.Name)
        ):
            continue
        facts = [*_facts(limit, place, module, options), *_reaction_facts(reaction, bool(limit.reached))]
        if steps:
            facts.append("counts-failures" if not here else "counts-failures-here")
        elif mentions(dotted(place), options["increment_words"]):
            facts.append("counts-failures-here")
        else:
            continue
        if not here and limit.reached and _only_answers(limit.reached, reaction):
            facts.append("branch-only-answers")
        if not here and any(_is_tested_beside(step, place, module) for step in steps):
            facts.append("limit-is-tested-where-it-is-counted")
        yield Match(
            limit.node,
            issue_captures(_condition(limit, place, reaction, module), limit.node, limit.reached, module),
            facts,
        )
        return


def _only_answers(reached: Sequence[cst.CSTNode], reaction: Reaction) -> bool:
    """Say whether the branch of a limit does nothing but to answer yes, no or nothing."""
    first = reached[0]
    plain = isinstance(first, cst.Return) and (first.value is None or code(first.value) in ("True", "False", "None"))
    return plain and reaction.flow == Flow.RETURN and not reaction.does_something


def _is_tested_beside(step: cst.CSTNode, place: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether the function that counts compares the counter itself."""
    function = module.function_of(step)
    tests = module.below(function.body, cst.If) if function is not None else ()
    return any(
        leaf_of(kept) == leaf_of(place)
        for test in tests
        for limit in limits_in(test, module)
        if (kept := kept_place(limit.counter, module)) is not None
    )


def _sure(place: cst.BaseExpression, options: Options) -> bool:
    return mentions(code(place), options["sure_words"])


def _counts_trouble(limit: Limit, place: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    names = f"{code(limit.counter)} {name_of_counter(place, module)}"
    if mentions(names, options["other_words"]):
        return False
    return mentions(names, options["failure_words"]) or counts_exceptions(place, module)


def _facts(limit: Limit, place: cst.BaseExpression, module: ParsedModule, options: Options) -> Iterator[str]:
    yield "counter-outlives-the-call"
    names = f"{code(limit.counter)} {name_of_counter(place, module)}"
    if mentions(f"{names} {code(limit.limit)}", options["consecutive_words"]):
        yield "counts-failures-in-a-row"
    if mentions(code(limit.limit), options["limit_words"]):
        yield "limit-is-named-so"
    function = module.function_of(limit.node)
    if mentions(dotted(place), options["increment_words"]) and function is not None:
        names += f" {function.name.value}"
        if any(mentions(last_name(call.func), options["reset_words"]) for call in module.nodes(cst.Call)):
            yield "counter-is-set-back-elsewhere"
    if mentions(names, options["failure_words"]) and not mentions(names, options["sure_words"]):
        yield "counter-is-named-for-tries"
    resets = [reset for reset in resets_of(place, module) if not module.is_below(reset, limit.reached)]
    if resets:
        yield "counter-is-set-back-elsewhere"
    owner = dotted(place).partition(".")[0]
    if function is not None and owner in {param.name.value for param in parameters(function)}:
        yield "counter-belongs-to-one-run"


def _reaction_facts(reaction: Reaction, known: bool) -> Iterator[str]:
    if reaction.changes or reaction.acts:
        yield "branch-changes-what-lasts"
    if reaction.level or reaction.alerts:
        yield "branch-tells-somebody"
    if known and reaction.only_raises:
        yield "branch-only-raises"


def _condition(limit: Limit, place: cst.BaseExpression, reaction: Reaction, module: ParsedModule) -> Condition:
    owner = module.enclosing(limit.node, cst.ClassDef)
    category = category_of([code(place).partition("[")[0], owner.name.value if isinstance(owner, cst.ClassDef) else ""])
    subject = subject_of([code(place).partition("[")[0]], limit.node, module)
    return Condition(
        what=code(limit.counter),
        severity="critical" if reaction.stops else "high",
        category=category,
        identity=issue_id(category, subject, key_of(place)),
        test=limit.test,
        count=code(limit.counter) if dotted(limit.counter) else None,
    )
