"""A service that refuses the agent: a rate limit, a quota that is used up, credentials that are not accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.blocks import rest_after
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

Place = cst.If | cst.ExceptHandler


def refused_in(node: Place, module: ParsedModule, options: Options) -> tuple[str, Sequence[cst.CSTNode]] | None:
    """Return the category of the refusal that a branch or handler is about, and what runs then."""
    if category := refusal_in(node, module, options):
        return category, statements(node.body)
    if isinstance(node, cst.If) and node.orelse is None and flow_of_suite(node.body) == Flow.RAISE:
        category = _let_through(node.test, options)
        rest = rest_after(node, module) if category and module.enclosing(node, cst.ExceptHandler) else ()
        return (category, rest) if category and rest else None
    return None


def _let_through(test: cst.BaseExpression, options: Options) -> str | None:
    """Return the category of what is not raised: ``if status not in (429, 503): raise``."""
    for part in _parts(test):
        if isinstance(part, cst.UnaryOperation) and isinstance(part.operator, cst.Not):
            category = _category_of_part(part.expression, options)
        elif isinstance(part, cst.Comparison) and isinstance(part.comparisons[0].operator, (cst.NotIn, cst.NotEqual)):
            category = _category(code(part), options)
        else:
            continue
        if category == "rate_limit":
            return category
    return None


def refusal_in(node: Place, module: ParsedModule, options: Options) -> str | None:
    """Return the category of the refusal that a branch or a handler is about; None when it is about none."""
    if isinstance(node, cst.ExceptHandler):
        text = code(node.type) if node.type is not None else ""
        return _category(text, options) if text else None
    for part in _asked(node.test, module):
        if isinstance(part, cst.UnaryOperation) and isinstance(part.operator, cst.Not):
            continue
        if category := _category_of_part(part, options):
            return category
    return None


def _asked(test: cst.BaseExpression, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield the comparisons, calls and names of a test, those behind its plain names included."""
    for part in _parts(test):
        yield part
        if isinstance(part, cst.Name):
            for value in values_of(part.value, part, module):
                yield from (inner for inner in _parts(value) if isinstance(inner, (cst.Comparison, cst.Call)))


def _parts(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation):
        yield from _parts(test.left)
        yield from _parts(test.right)
    else:
        yield test


def _category_of_part(part: cst.BaseExpression, options: Options) -> str | None:
    if isinstance(part, cst.Comparison) and len(part.comparisons) == 1:
        operator, other = part.comparisons[0].operator, part.comparisons[0].comparator
        if isinstance(operator, (cst.NotEqual, cst.IsNot, cst.NotIn)):
            return None
        if isinstance(operator, (cst.Equal, cst.In, cst.Is)):
            return _category(f"{code(other)} {code(part.left)}", options)
        return None
    if isinstance(part, cst.Call):
        name = last_name(part.func)
        if name in ("isinstance", "any", "issubclass"):
            return _category(" ".join(code(arg.value) for arg in part.args), options)
        return _category(name, options)
    if isinstance(part, (cst.Name, cst.Attribute)):
        name = last_name(part)
        return None if mentions(dotted(part), options["other_words"]) else _category(name, options)
    return None


def _category(text: str, options: Options) -> str | None:
    if mentions(text, options["limit_words"]):
        return "rate_limit"
    return "permissions" if mentions(text, options["permission_words"]) else None
