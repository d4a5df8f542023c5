"""Measures that are compared with a limit: what is left of a resource, what was spent, how old a sign of life is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name

_MORE = (cst.GreaterThan, cst.GreaterThanEqual)
_LESS = (cst.LessThan, cst.LessThanEqual)
_SAME = (cst.Equal, cst.In)


@dataclass(frozen=True)
class Measured:
    """A measure, the limit that it has crossed, and what kind of measure it is."""

    measure: cst.BaseExpression
    limit: cst.BaseExpression
    kind: str


def measured_in(test: cst.BaseExpression, module: ParsedModule, options: Options) -> Measured | None:
    """Return the measure that a test finds beyond its limit, or graded as bad; None for any other test."""
    for comparison in module.below(test, cst.Comparison):
        if len(comparison.comparisons) != 1:
            continue
        operator, left = comparison.comparisons[0].operator, comparison.left
        right = comparison.comparisons[0].comparator
        if isinstance(operator, (*_MORE, *_LESS)):
            measure, limit = (left, right) if not mentions(last_name(left), options["limit_words"]) else (right, left)
            kind = _kind_of(measure, module, options)
            over = isinstance(operator, _MORE) == (measure is left)
            if kind and over != _is_what_is_left(measure, options) and _is_a_limit(limit, options):
                return Measured(measure, limit, kind)
        elif isinstance(operator, _SAME) and _is_graded(left, right, options):
            return Measured(left, right, "measure-of-a-resource")
    return None


def _is_graded(left: cst.BaseExpression, right: cst.BaseExpression, options: Options) -> bool:
    """Say whether a comparison asks if the state of a resource is a bad one: ``disk["status"] == "critical"``."""
    if not mentions(code(right), options["grade_words"]):
        return False
    return mentions(code(left), options["resource_words"]) and mentions(code(left), options["state_words"])


def _kind_of(measure: cst.BaseExpression, module: ParsedModule, options: Options) -> str | None:
    text = code(measure)
    if isinstance(measure, cst.Name):
        text += " ".join(f" {code(value)}" for value in values_of(measure.value, measure, module))
    if mentions(code(measure), options["other_words"]):
        return None
    if _is_an_age(measure, module) and mentions(text, options["sign_words"]):
        return "age-of-a-sign-of-life"
    if mentions(code(measure), options["resource_words"]):
        return "measure-of-a-resource"
    if mentions(code(measure), options["spending_words"]):
        return "spending-of-a-period" if mentions(text, options["period_words"]) else "spending"
    return None


def _is_an_age(measure: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a measure is a difference of two times, or a name or call that such a difference was bound to."""
    values: list[cst.BaseExpression] = [measure]
    if isinstance(measure, cst.Name):
        values += values_of(measure.value, measure, module)
    return any(
        isinstance(part.operator, cst.Subtract) for value in values for part in module.below(value, cst.BinaryOperation)
    )


def _is_what_is_left(measure: cst.BaseExpression, options: Options) -> bool:
    return mentions(code(measure), options["left_words"])


def _is_a_limit(limit: cst.BaseExpression, options: Options) -> bool:
    if isinstance(limit, (cst.Integer, cst.Float)):
        return code(limit) not in ("0", "1", "0.0", "1.0")
    if isinstance(limit, cst.BinaryOperation):
        return _is_a_limit(limit.left, options) or _is_a_limit(limit.right, options)
    return is_named_as_a_limit(limit, options) or isinstance(limit, cst.Call)


def is_named_as_a_limit(limit: cst.BaseExpression, options: Options) -> bool:
    """Say whether a value is called a limit, or is written like a constant."""
    return mentions(code(limit), options["limit_words"]) or last_name(limit).lstrip("_").isupper()


def graded_as_bad(block: list[cst.Assign], options: Options) -> Iterator[cst.Assign]:
    """Yield the statements that give a state or a level a word for something bad."""
    for assign in block:
        if mentions(last_name(assign.targets[0].target), options["state_words"]) and mentions(
            code(assign.value), options["grade_words"]
        ):
            yield assign
