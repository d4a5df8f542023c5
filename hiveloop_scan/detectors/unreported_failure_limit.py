"""Find counters of failures that outlive the call and reach their limit."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.counters import Limit, Test, kept_place, limits_in, resets_of, steps_of
from hiveloop_scan.conditions.identity import issue_id, key_of, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.reactions import Reaction, reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted
from hiveloop_scan.visitor import detector


@detector(cst.If, cst.Return)
def unreported_failure_limit(node: Test, module: ParsedModule, options: Options) -> Iterator[Match]:
    for limit in limits_in(node, module):
        place = kept_place(limit.counter, module)
        if place is None or not _counts_trouble(limit, place, options):
            continue
        steps = steps_of(place, module)
        here = [step for step in steps if module.function_of(step) is module.function_of(node)]
        if isinstance(node, cst.Return) and not here:
            continue
        reaction = reaction_of(limit.reached, module)
        facts = [*_facts(limit, place, module, options), *_reaction_facts(reaction, bool(limit.reached))]
        if steps:
            facts.append("counts-failures" if not here else "counts-failures-here")
        elif not mentions(dotted(place), options["increment_words"]):
            continue
        elif limit.node is not None:
            facts.append("counts-failures-here")
        yield Match(limit.node, issue_captures(_condition(limit, place, reaction, module), limit.node, limit.reached, module), facts)
        return


def _counts_trouble(limit: Limit, place: cst.BaseExpression, options: Options) -> bool:
    names = f"{code(limit.counter)} {code(place)}"
    return mentions(names, options["failure_words"]) and not mentions(names, options["other_words"])


def _facts(limit: Limit, place: cst.BaseExpression, module: ParsedModule, options: Options) -> Iterator[str]:
    yield "counter-outlives-the-call"
    names = f"{code(limit.counter)} {code(place)}"
    if mentions(f"{names} {code(limit.limit)}", options["consecutive_words"]):
        yield "counts-failures-in-a-row"
    if mentions(code(limit.limit), options["limit_words"]):
        yield "limit-is-named-so"
    if not mentions(names, options["sure_words"]):
        yield "counter-is-named-for-tries"
    function = module.function_of(limit.node)
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
    category = category_of([code(place), owner.name.value if isinstance(owner, cst.ClassDef) else ""])
    subject = subject_of([code(place).partition("[")[0]], limit.node, module)
    return Condition(
        what=code(limit.counter),
        severity="critical" if reaction.stops else "high",
        category=category,
        identity=issue_id(category, subject, key_of(place)),
        test=limit.test,
        count=code(limit.counter) if dotted(limit.counter) else None,
    )
