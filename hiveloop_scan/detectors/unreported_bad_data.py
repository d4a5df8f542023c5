"""Find shares of bad cases that cross a limit, and something is done about it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.identity import issue_id, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_MORE = (cst.GreaterThan, cst.GreaterThanEqual)
_LESS = (cst.LessThan, cst.LessThanEqual)


@detector(cst.If)
def unreported_bad_data(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    for comparison in module.below(node.test, cst.Comparison):
        part = comparison.comparisons[0]
        share, limit = comparison.left, part.comparator
        if len(comparison.comparisons) != 1 or not isinstance(part.operator, (*_MORE, *_LESS)):
            continue
        facts = list(_share_facts(share, isinstance(part.operator, _MORE), module, options))
        if not facts or not _is_a_limit(limit, options):
            continue
        block = statements(node.body)
        reaction = reaction_of(block, module)
        if reaction.level or reaction.alerts:
            facts.append("somebody-is-told")
        if reaction.changes or reaction.acts:
            facts.append("what-lasts-is-changed")
        if reaction.only_raises:
            facts.append("only-raises")
        if mentions(last_name(limit), options["limit_words"]) or last_name(limit).lstrip("_").isupper():
            facts.append("limit-is-named-so")
        names = [last_name(name) for name in module.below(share, cst.Name, cst.Attribute)]
        condition = Condition(
            what=code(share),
            severity="medium",
            category="data_quality",
            identity=issue_id("data-quality", subject_of(names, node, module)),
            test=node.test,
            count=None,
        )
        yield Match(node, issue_captures(condition, node, block, module), facts)
        return


def _share_facts(share: cst.BaseExpression, more: bool, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what makes a value the share of bad (or, below a limit, of good) cases."""
    if isinstance(share, cst.BinaryOperation):
        divided = isinstance(share.operator, cst.Divide)
        text = code(share)
    else:
        text = dotted(share)
        bound = values_of(text, share, module) if isinstance(share, cst.Name) else []
        divided = any(
            isinstance(part.operator, cst.Divide)
            for value in bound
            for part in module.below(value, cst.BinaryOperation)
        )
        if not mentions(last_name(share), options["share_words"]):
            return
        text += " ".join(code(value) for value in bound)
    if more and mentions(text, options["bad_words"]):
        yield "share-of-bad-cases"
    elif not more and mentions(text, options["good_words"]):
        yield "share-of-good-cases"
    else:
        return
    if divided:
        yield "is-worked-out-here"


def _is_a_limit(limit: cst.BaseExpression, options: Options) -> bool:
    if isinstance(limit, (cst.Float, cst.Integer)):
        return code(limit) not in ("0", "0.0")
    return isinstance(limit, (cst.Name, cst.Attribute, cst.Subscript, cst.Call))
