"""Configuration as a whole: where it is read and turns out to be unreadable, or is checked and found invalid."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements


def is_unreadable(handler: cst.ExceptHandler, module: ParsedModule, options: Options) -> bool:
    """Say whether a handler belongs to a try that reads configuration, in a function named for reading it."""
    tried, function = module.parent(handler), module.function_of(handler)
    if not isinstance(tried, cst.Try) or function is None or function.decorators:
        return False
    name = function.name.value
    if not (mentions(name, options["reading_words"]) and mentions(name, options["whole_words"])):
        return False
    if handler.type is not None and mentions(code(handler.type), options["unrelated_words"]):
        return False
    calls = module.below(statements(tried.body), cst.Call)
    return any(mentions(last_name(call.func), options["reading_words"]) for call in calls)


def is_found_invalid(test: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a test asks for what a check of the configuration has answered: ``errors = validate(config)``."""
    if isinstance(test, cst.BooleanOperation):
        return any(is_found_invalid(part, module, options) for part in (test.left, test.right))
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return _is_answer_of_a_check(test.expression, module, options)
    return mentions(last_name(test), options["complaint_words"]) and _is_answer_of_a_check(test, module, options)


def _is_answer_of_a_check(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    owner = dotted(value).partition(".")[0] if isinstance(value, (cst.Name, cst.Attribute, cst.Subscript)) else ""
    answers = [value] if isinstance(value, cst.Call) else values_of(owner, value, module) if owner else []
    return any(
        isinstance(answer, cst.Call)
        and mentions(last_name(answer.func), options["checking_words"])
        and mentions(code(answer), options["whole_words"])
        for answer in answers
    )
