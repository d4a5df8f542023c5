"""Find places that know that the agent goes round in circles, or gets nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.blocks import branch_around
from hiveloop_scan.conditions.circles import counted_rounds, steps_alike
from hiveloop_scan.conditions.counters import kept_place, limits_in
from hiveloop_scan.conditions.identity import issue_id, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.log_lines import grave_lines, printed_lines, text_of
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.conditions.reactions import Reaction, reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_ANNOUNCES = {"report", "emit", "notify", "announce", "publish", "alert", "flag"}


@detector(cst.If)
def unreported_stuck_agent(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    if module.function_of(node) is None or _is_a_softer_case(node, module, options):
        return
    block = statements(node.body)
    counter = _repetitions(node, module, options)
    if counter is not None:
        facts = ["repetitions-reach-a-limit"]
        if not outlives_the_call(counter, module):
            facts.append("rounds-of-one-call")
    elif steps_alike(node.test, module, options) is not None:
        facts = ["last-steps-are-alike"]
    elif _asks_whether_stuck(node.test, module, options):
        facts = ["asks-whether-it-is-stuck"]
    elif _says_that_it_is_stuck(node, module, options):
        facts = ["says-that-it-is-stuck"]
    else:
        return
    reaction = reaction_of(block, module)
    facts += _reaction_facts(reaction)
    if "somebody-is-told" not in facts and (printed_lines(block, module) or _announcements(block, module)):
        facts.append("somebody-is-told")
    if any(last_name(call.func) in options["hint_words"] for call in module.below(block, cst.Call)):
        facts.append("agent-is-told")
    if mentions(f"{module.symbol(node)} {code(node.test)}", options["other_words"]):
        facts.append("is-about-something-else")
    condition = Condition(
        what=code(counter) if counter is not None else code(node.test),
        severity="critical" if reaction.stops else "high",
        category="other",
        identity=issue_id("stuck", subject_of([], node, module)),
        test=node.test,
        count=code(counter) if counter is not None and dotted(counter) else None,
    )
    yield Match(node, issue_captures(condition, node, block, module), facts)


def _repetitions(node: cst.If, module: ParsedModule, options: Options) -> cst.BaseExpression | None:
    """Return the counter of repetitions, or of rounds of a loop, that the test of `node` compares with a limit."""
    for limit in limits_in(node, module):
        place = kept_place(limit.counter, module)
        if limit.node is not node:
            continue
        if place is not None and mentions(last_name(place), options["repetition_words"]):
            return limit.counter
        if counted_rounds(limit, module, options):
            return limit.counter
    return None


def _asks_whether_stuck(test: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a test is a plain question: a name, attribute or call that says that the agent is stuck."""
    if isinstance(test, cst.BooleanOperation):
        return _asks_whether_stuck(test.left, module, options) or _asks_whether_stuck(test.right, module, options)
    if isinstance(test, cst.Await):
        return _asks_whether_stuck(test.expression, module, options)
    if isinstance(test, cst.Comparison) and isinstance(test.comparisons[0].operator, cst.IsNot):
        return _asks_whether_stuck(test.left, module, options)
    return isinstance(test, (cst.Name, cst.Attribute, cst.Call)) and mentions(last_name(test), options["stuck_words"])


def _says_that_it_is_stuck(node: cst.If, module: ParsedModule, options: Options) -> bool:
    """Say whether what a branch writes itself, or hands to be announced, says that something is stuck."""
    block = statements(node.body)
    told = [*grave_lines(block, module), *printed_lines(block, module), *_announcements(block, module)]
    said = "\n".join(text_of(call, module) for call in told if branch_around(call, module) is node)
    return mentions(said, options["stuck_text_words"]) and not mentions(said, options["perhaps_words"])


def _announcements(block: Sequence[cst.CSTNode], module: ParsedModule) -> list[cst.Call]:
    return [call for call in module.below(block, cst.Call) if _ANNOUNCES.intersection(words(last_name(call.func)))]


def _is_a_softer_case(node: cst.If, module: ParsedModule, options: Options) -> bool:
    """Say whether an earlier branch of the same if statement asks for the same counter."""
    outer = module.parent(node)
    return isinstance(outer, cst.If) and outer.orelse is node and _repetitions(outer, module, options) is not None


def _reaction_facts(reaction: Reaction) -> Iterator[str]:
    if reaction.level or reaction.alerts:
        yield "somebody-is-told"
    if reaction.changes or reaction.acts:
        yield "another-way-is-taken"
    if reaction.flow & (Flow.BREAK | Flow.RETURN):
        yield "leaves"
    if reaction.only_raises:
        yield "only-raises"
