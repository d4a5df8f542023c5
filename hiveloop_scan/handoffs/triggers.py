"""What led to a statement: a threshold, an error, used-up attempts, an answer of the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.handoffs.wording import label_of
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.flow import Flow, flow_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, statements

ORDER = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
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
                facts.extend(_held_back(outer.test, module))
                condition = condition or code(outer.test)
            else:
                facts.append("inside-a-branch")
                if _tells_success(outer.test, options):
                    facts.append("the-work-has-failed")
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
            if isinstance(target.operator, ORDER):
                yield "decided-on-a-threshold"
            elif isinstance(target.operator, _EQUAL):
                if isinstance(target.operator, cst.In):
                    yield "found-among-others"
                sides = [comparison.left, target.comparator]
                labels = [label for side in sides for label in _labels(side)]
                if any(mentions(label, options["asked_words"]) for label in labels):
                    yield "a-person-is-asked-for"
    if _tells_failure(test, options):
        yield "the-work-has-failed"
    if mentions(text, options["exhausted_words"]):
        yield "attempts-are-used-up"
    elif mentions(text, options["asked_words"]):
        yield "a-person-is-asked-for"
    yield "inside-a-branch"


def _held_back(test: cst.BaseExpression, module: ParsedModule) -> Iterator[str]:
    """Yield a threshold that a name of the test was decided on before: ``unsure = score < 0.5``, then ``if unsure``."""
    for value in decided_before(test, module):
        if any(isinstance(part.operator, ORDER) for part in module.below(value, cst.ComparisonTarget)):
            yield "decided-on-a-threshold"


def decided_before(test: cst.BaseExpression, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return the comparisons that a plain name in a test holds."""
    names = [test] if isinstance(test, cst.Name) else module.below(test, cst.Name)
    kinds = (cst.Comparison, cst.BooleanOperation)
    return [value for name in names for value in values_of(name.value, test, module) if isinstance(value, kinds)]


def _tells_failure(test: cst.BaseExpression, options: Options) -> bool:
    """Say whether a test holds when something went wrong: ``not result.ok``, ``status == "failed"``."""
    if isinstance(test, cst.BooleanOperation):
        return _tells_failure(test.left, options) or _tells_failure(test.right, options)
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return _tells_success(test.expression, options)
    if isinstance(test, cst.Comparison):
        operator, compared = test.comparisons[0].operator, test.comparisons[0].comparator
        if isinstance(operator, (cst.NotEqual, cst.NotIn)):
            return mentions(code(compared), options["success_words"])
        if isinstance(operator, cst.Is) and code(compared) == "False":
            return mentions(code(test.left), options["success_words"])
        return not isinstance(operator, cst.Is) and mentions(code(test), options["failure_words"])
    return mentions(code(test), options["failure_words"])


def _tells_success(test: cst.BaseExpression, options: Options) -> bool:
    """Say whether a test holds when something went well: ``result.success``, ``fixed``."""
    if isinstance(test, cst.Comparison) and not isinstance(test.comparisons[0].operator, (cst.Equal, cst.Is)):
        return False
    return not isinstance(test, cst.UnaryOperation) and mentions(code(test), options["success_words"])


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
