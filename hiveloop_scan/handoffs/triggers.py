"""What led to a statement: a threshold, an error, used-up attempts, an answer of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.handoffs.wording import label_of
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, statements

_ORDER = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
_EQUAL = (cst.Equal, cst.Is, cst.In)


@dataclass(frozen=True)
class Trigger:
    """Why control got to a place: facts for the weighing, and the test or the exception that decided."""

    facts: tuple[str, ...]
    condition: str | None
    exception: str | None


def trigger_of(place: cst.CSTNode, module: ParsedModule, options: Options) -> Trigger:
    """Read the branches around `place`, innermost first, up to the function that holds it."""
    facts: list[str] = []
    condition: str | None = None
    exception: str | None = None
    inner: cst.CSTNode = place
    function = module.function_of(place)
    for outer in module.ancestors(place):
        if outer is function:
            break
        if isinstance(outer, cst.ExceptHandler):
            facts.append("inside-an-except-handler")
            exception = exception or (code(outer.name.name) if outer.name else None)
        elif isinstance(outer, cst.If) and inner is not outer.test:
            if inner is not outer.orelse:
                facts.extend(_of_test(outer.test, module, options))
                condition = condition or code(outer.test)
            else:
                facts.append("inside-a-branch")
                if any(fact == "decided-on-a-threshold" for fact in _of_test(outer.test, module, options)):
                    facts.append("decided-on-a-threshold")
        elif isinstance(outer, cst.IfExp) and inner is not outer.test:
            facts.extend(_of_test(outer.test, module, options))
            condition = condition or (code(outer.test) if inner is outer.body else None)
        elif isinstance(outer, cst.MatchCase):
            facts.extend(_of_case(outer, options))
        elif isinstance(outer, cst.Else) and isinstance(module.parent(outer), (cst.For, cst.While)):
            facts.append("attempts-are-used-up")
        if isinstance(outer, cst.BaseSuite):
            facts.extend(_left_before(outer, inner, module))
        inner = outer
    return Trigger(tuple(dict.fromkeys(facts)), condition, exception)


def _of_test(test: cst.BaseExpression, module: ParsedModule, options: Options) -> Iterator[str]:
    text = code(test)
    for comparison in module.below(test, cst.Comparison):
        for target in comparison.comparisons:
            if isinstance(target.operator, _ORDER):
                yield "decided-on-a-threshold"
            elif isinstance(target.operator, _EQUAL):
                if isinstance(target.operator, cst.In):
                    yield "found-among-others"
                sides = [comparison.left, target.comparator]
                labels = [label for side in sides for label in _labels(side)]
                if any(mentions(label, options["asked_words"]) for label in labels):
                    yield "a-person-is-asked-for"
    if mentions(text, options["exhausted_words"]):
        yield "attempts-are-used-up"
    elif mentions(text, options["asked_words"]):
        yield "a-person-is-asked-for"
    yield "inside-a-branch"


def _labels(side: cst.BaseExpression) -> Iterator[str]:
    if isinstance(side, (cst.Tuple, cst.List, cst.Set)):
        for element in side.elements:
            yield from _labels(element.value)
    elif (text := label_of(side)) is not None:
        yield text


def _of_case(case: cst.MatchCase, options: Options) -> Iterator[str]:
    if mentions(code(case.pattern), options["asked_words"]):
        yield "a-person-is-asked-for"
    yield "inside-a-branch"


def _left_before(block: cst.BaseSuite, inner: cst.CSTNode, module: ParsedModule) -> Iterator[str]:
    """Yield a fact where some ways have left the function, or the round, before `inner`, a part of `block`."""
    leaves = Flow.RETURN | Flow.CONTINUE | Flow.BREAK
    for statement in statements(block):
        if not module.is_before(statement, inner):
            return
        if isinstance(statement, (cst.For, cst.While)) and flow_of(statement) & Flow.RETURN:
            yield "attempts-are-used-up"
        elif isinstance(statement, (cst.If, cst.Try)) and flow_of(statement, failing=False) & leaves:
            yield "others-have-left-before"
