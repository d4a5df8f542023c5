"""Functions that look whether something works, and the branch in which it turns out that it does not."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.conditions.absence import file_missing_in
from hiveloop_scan.conditions.blocks import rest_after
from hiveloop_scan.conditions.health import asks_for_health
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.syntax.flow import Flow, flow_of_suite
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, last_name, statements

_GOOD = ("200", "0", "True", "201", "204")
_FIRST_STATUS, _LAST_STATUS = 299, 500
_NUMBERS = {"status", "code", "returncode"}
"""Words for answers of which nought, which is false, may be the good one."""
_LESS = (cst.LessThan, cst.LessThanEqual)
_MORE = (cst.GreaterThan, cst.GreaterThanEqual)


def is_probe(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a function is there to find out whether something works."""
    name = function.name.value
    if mentions(name, options["keeping_words"]):
        return False
    return asks_for_health(name, options) or looks_around(function, module, options)


def keeps_what_a_probe_says(handler: cst.ExceptHandler, module: ParsedModule, options: Options) -> bool:
    """Say whether a handler belongs to a try that binds what a probe says, and binds a no instead of it."""
    tried = module.parent(handler)
    if not isinstance(tried, cst.Try):
        return False
    said = [
        code(assign.targets[0].target)
        for assign in module.below(statements(tried.body), cst.Assign)
        if any(asks_for_health(last_name(call.func), options) for call in module.below(assign.value, cst.Call))
    ]
    return any(
        code(assign.value) in ("False", "None") and code(assign.targets[0].target) in said
        for assign in module.below(statements(handler.body), cst.Assign)
    )


def looks_around(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a function looks at something that is always the same, and answers nobody: it only tells."""
    if not mentions(function.name.value, options["looking_words"]) or parameters(function):
        return False
    return all(leaf.value is None for leaf in module.below(function.body, cst.Return))


def bad_answer(
    node: cst.If, module: ParsedModule, options: Options
) -> tuple[cst.If | cst.Else, Sequence[cst.CSTNode]] | None:
    """Return the branch in which the status that `node` asks for is not the good one, and what runs there."""
    good = _is_good(node.test, options)
    if good is None:
        return None
    if not good:
        return node, statements(node.body)
    if isinstance(node.orelse, cst.Else):
        return node.orelse, statements(node.orelse.body)
    if node.orelse is None and flow_of_suite(node.body) == Flow.RETURN:
        return node, rest_after(node, module)
    return None


def missing_on_disk(
    node: cst.If, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> tuple[cst.If, Sequence[cst.CSTNode]] | None:
    """Return the branch of a check in which a file or folder is not there, and the check answers no."""
    name, block = function.name.value, statements(node.body)
    if file_missing_in(node, module) is None or mentions(name, options["keeping_words"]):
        return None
    says_no = any(leaf.value is not None and code(leaf.value) == "False" for leaf in module.below(block, cst.Return))
    checks = asks_for_health(name, options) or mentions(name, options["looking_words"])
    return (node, block) if says_no and checks and not parameters(function) else None


def _is_good(test: cst.BaseExpression, options: Options) -> bool | None:
    """Say whether a test on a status is true for the good one; None for any other test."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        good = _is_good(test.expression, options)
        return None if good is None else not good
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        operator, other = test.comparisons[0].operator, code(test.comparisons[0].comparator)
        if not mentions(last_name(test.left), options["answer_words"]):
            return None
        if isinstance(operator, (cst.Equal, cst.NotEqual)) and other in _GOOD:
            return isinstance(operator, cst.Equal)
        if isinstance(operator, (*_LESS, *_MORE)) and other.isdigit() and _FIRST_STATUS <= int(other) <= _LAST_STATUS:
            return isinstance(operator, _LESS)
        return None
    if isinstance(test, (cst.Name, cst.Attribute, cst.Subscript)):
        name = _key_of(test) or last_name(test)
        return True if mentions(name, options["answer_words"]) and not _NUMBERS.intersection(words(name)) else None
    return None


def _key_of(test: cst.BaseExpression) -> str:
    """Return the key of ``result["ok"]``; "" when it is another expression."""
    keys = (
        [item.slice.value for item in test.slice if isinstance(item.slice, cst.Index)]
        if isinstance(test, cst.Subscript)
        else []
    )
    return keys[0].raw_value if len(keys) == 1 and isinstance(keys[0], cst.SimpleString) else ""
