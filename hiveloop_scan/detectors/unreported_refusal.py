"""Find branches that notice a rate limit or refused credentials and do something about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.identity import issue_id, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.log_lines import text_of
from hiveloop_scan.conditions.reactions import Reaction, reaction_of
from hiveloop_scan.conditions.refusals import Place, refused_in
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name
from hiveloop_scan.visitor import detector

_PRINTS = {"print", "echo", "secho", "rprint", "tool_error", "tool_warning", "tool_output"}


@detector(cst.If, cst.ExceptHandler)
def unreported_refusal(node: Place, module: ParsedModule, options: Options) -> Iterator[Match]:
    refused = refused_in(node, module, options)
    if refused is None or module.function_of(node) is None:
        return
    category, block = refused
    reaction = reaction_of(block, module)
    facts = ["service-limits-the-agent" if category == "rate_limit" else "service-locks-the-agent-out"]
    facts += _reaction_facts(block, reaction, module, options)
    if len(facts) == 1:
        return
    owner = module.enclosing(node, cst.ClassDef)
    subject = subject_of([owner.name.value] if isinstance(owner, cst.ClassDef) else [], node, module)
    condition = Condition(
        what=code(node.test) if isinstance(node, cst.If) else code(node.type) if node.type else "a refusal",
        severity="critical" if reaction.stops else "high",
        category=category,
        identity=issue_id(category, subject),
        test=node.test if isinstance(node, cst.If) else None,
    )
    yield Match(node, issue_captures(condition, node, block, module), facts)


def _reaction_facts(
    block: Sequence[cst.CSTNode], reaction: Reaction, module: ParsedModule, options: Options
) -> Iterator[str]:
    if any(not mentions(change, options["memo_words"]) for change in reaction.changes):
        yield "outlives-the-call"
    if reaction.level or reaction.alerts or _announces(block, module, options):
        yield "somebody-is-told"
    called = [last_name(call.func) for call in module.below(block, cst.Call)]
    if any(mentions(name, options["alternative_words"]) for name in called) or _is_one_of_several(
        block, reaction, module, options
    ):
        yield "goes-another-way"
    if reaction.flow == Flow.RAISE:
        yield "is-raised-again"
    if any(mentions(name, options["wait_words"]) for name in called):
        yield "is-sat-out"
    if any(mentions(name, options["renewal_words"]) for name in (*called, *_keywords(block, module))):
        yield "credentials-are-renewed"
    if not reaction.changes and _only_words(block):
        yield "becomes-an-answer"


def _announces(block: Sequence[cst.CSTNode], module: ParsedModule, options: Options) -> bool:
    """Say whether a block prints a line about the limit, or about the wait that it means."""
    return any(
        mentions(text_of(call, module), options["announced_words"])
        for call in module.below(block, cst.Call)
        if last_name(call.func) in _PRINTS
    )


def _is_one_of_several(
    block: Sequence[cst.CSTNode], reaction: Reaction, module: ParsedModule, options: Options
) -> bool:
    """Say whether a loop over models, providers or keys goes on with the next one after `block`."""
    loop = module.enclosing(block[0], cst.For, cst.While, cst.FunctionDef) if block else None
    if not isinstance(loop, cst.For) or reaction.flow & (Flow.RAISE | Flow.RETURN | Flow.BREAK):
        return False
    return mentions(f"{code(loop.target)} {code(loop.iter)}", options["several_words"])


def _keywords(block: Sequence[cst.CSTNode], module: ParsedModule) -> Iterator[str]:
    """Yield the names of the keyword arguments that a block passes."""
    for call in module.below(block, cst.Call):
        yield from (arg.keyword.value for arg in call.args if arg.keyword is not None)


def _only_words(block: Sequence[cst.CSTNode]) -> bool:
    """Say whether a block does nothing but choose a text or return one."""
    return all(isinstance(statement, (cst.Return, cst.Assign, cst.Pass)) for statement in block)
