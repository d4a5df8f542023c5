"""Settings that are there and no good: a value that is tested and found bad, or that cannot be read as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.environment import is_read_from_the_environment
from hiveloop_scan.conditions.log_lines import grave_lines, text_of
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_CONVERTS = {
    "int",
    "float",
    "loads",
    "safe_load",
    "Decimal",
    "UUID",
    "fromisoformat",
    "timedelta",
    "ZoneInfo",
    "compile",
}
_ORDERED = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
_UNREAD = re.compile(
    r"\b(?:cannot|can't|could not|couldn't|failed to|unable to|errors?)\b[^.;:]{0,20}"
    r"\b(?:pars|read|load|decod|appl)\w*\b[^.;:]{0,30}\b(?:config|configuration|settings)\b",
    re.IGNORECASE,
)
_OF_A_START = ("on_event", "startup", "lifespan", "on_startup", "property", "staticmethod", "classmethod", "cache")
_OPENS = {"open", "read_text", "read_bytes"}
_LOOKS_UP = {"next", "get", "find", "getattr", "lookup", "resolve"}
_MOST_STATEMENTS = 2
_MISCONFIGURED = re.compile(
    r"\bmis-?configur"
    r"|\b(?:invalid|bad|broken|malformed|incomplete|wrong|incorrect)\b[^.;:]{0,30}\b(?:config|configuration|settings)\b"
    r"|\b(?:config|configuration|settings)\b[^.;:]{0,20}"
    r"\b(?:invalid|not valid|malformed|incomplete|incorrect|not supported)\b"
    r"|\b(?:config|configuration|settings?)\b[^.;]{0,40}\bnot found\b[^.;]{0,30}\b(?:default|fall|ignor|skip)"
    r"|\b(?:error|invalid|illegal|bad|cannot|could not|failed)\b[^.;]{0,30}\benv(?:ironment)?[ _]var"
    r"|\b(?:config|configuration)\b[^.;:]{0,40}\b(?:contains|has)\b[^.;:]{0,20}\b(?:invalid|unknown|bad|illegal)\b"
    r"|\b(?:env|environment)(?: var(?:iable)?s?)?\b[^.;:]{0,20}\b(?:not|n't) (?:been )?(?:set|defined|configured)\b",
    re.IGNORECASE,
)
_NOTHING = ("None", "[]", '""', "''", "{}")

Branch = cst.If | cst.Else


def bad_setting_in(branch: Branch, module: ParsedModule, options: Options) -> cst.BaseExpression | None:
    """Return the setting that is known to be no good in `branch`: out of range, not among the known, not found."""
    if isinstance(branch, cst.Else):
        owner = module.parent(branch)
        tests = _known_ones(owner.test) if isinstance(owner, cst.If) else []
    else:
        tests = list(_doubted(branch.test, module))
    return next((value for value in tests if is_of_the_settings(value, module, options)), None)


def is_of_the_settings(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is one of an object that holds settings, or of the environment; names are followed once."""
    if isinstance(value, cst.Call) and value.args and last_name(value.func) in ("len", "str", "lower", "strip"):
        return is_of_the_settings(value.args[0].value, module, options)
    if _is_a_part_of_settings(value, options) or is_read_from_the_environment(value, module):
        return True
    return isinstance(value, cst.Name) and any(
        _is_a_part_of_settings(bound, options) for bound in values_of(value.value, value, module)
    )


def _is_a_part_of_settings(value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a value is taken from settings: ``config.engine``, ``settings["interval"]``, ``cfg.get("mode")``."""
    if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        if value.func.attr.value in ("get", "lower", "upper", "strip"):
            owner = value.func.value
            return _is_a_part_of_settings(owner, options) or mentions(last_name(owner), options["settings_words"])
        return False
    if isinstance(value, cst.Attribute):
        return mentions(dotted(value.value), options["settings_words"])
    return isinstance(value, cst.Subscript) and mentions(dotted(value.value), options["settings_words"])


def _known_ones(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return what a test finds among what is known, so that its else branch has an unknown one."""
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return [test.left] if isinstance(test.comparisons[0].operator, cst.In) else []
    return []


def _doubted(test: cst.BaseExpression, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield the values that a test finds fault with."""
    if isinstance(test, cst.BooleanOperation):
        yield from _doubted(test.left, module)
        yield from _doubted(test.right, module)
    elif isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        yield from _looked_up_by(test.expression, module)
        if isinstance(test.expression, (cst.Name, cst.Attribute)):
            yield test.expression
        elif isinstance(test.expression, cst.Call) and test.expression.args:
            yield test.expression.args[0].value
        if isinstance(test.expression, cst.Comparison):
            yield from _known_ones(test.expression)
            yield from (
                test.expression.left for part in test.expression.comparisons if isinstance(part.operator, _ORDERED)
            )
    elif isinstance(test, cst.Comparison):
        operator, other = test.comparisons[0].operator, test.comparisons[0].comparator
        if isinstance(operator, cst.NotIn) or (isinstance(operator, _ORDERED) and last_name(test.left) != "len"):
            yield test.left
        elif isinstance(operator, (cst.Is, cst.Equal)) and code(other) in _NOTHING:
            yield from _looked_up_by(test.left, module)


def _looked_up_by(found: cst.BaseExpression, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield what something was looked up by: ``KNOWN.get(config.engine)``, ``next(m for m in known if ...)``."""
    bound = values_of(found.value, found, module) if isinstance(found, cst.Name) else []
    for made in bound:
        if isinstance(made, cst.Call) and last_name(made.func) in _LOOKS_UP:
            owner = made.func.value if isinstance(made.func, cst.Attribute) else None
            for part in module.all_below(made, cst.Attribute):
                if part is not made.func and part is not owner:
                    yield part
            if owner is not None and made.args:
                yield made.args[0].value


def is_unreadable_setting(handler: cst.ExceptHandler, module: ParsedModule, options: Options) -> bool:
    """Say whether a handler belongs to a try that only turns a setting into its value: ``int(getenv(...))``."""
    tried = module.parent(handler)
    if not isinstance(tried, cst.Try) or len(statements(tried.body)) > _MOST_STATEMENTS:
        return False
    said = "\n".join(text_of(call, module) for call in grave_lines(statements(handler.body), module))
    if not mentions(said, options["bad_words"]):
        return False
    return any(
        call.args
        and last_name(call.func) in _CONVERTS
        and any(is_of_the_settings(arg.value, module, options) for arg in call.args)
        for call in module.below(statements(tried.body), cst.Call)
    )


def is_a_command(function: cst.FunctionDef | None) -> bool:
    """Say whether somebody calls a function from outside and reads what it says: it is no part of a start."""
    if function is None:
        return False
    return any(not mentions(code(decorator.decorator), _OF_A_START) for decorator in function.decorators)


def is_unreadable_file(handler: cst.ExceptHandler, module: ParsedModule, options: Options) -> bool:
    """Say whether a handler belongs to a try that reads a file of configuration into a name called so."""
    tried, function = module.parent(handler), module.function_of(handler)
    if not isinstance(tried, cst.Try) or is_a_command(function):
        return False
    body = statements(tried.body)
    opened = [call for call in module.below(body, cst.Call) if last_name(call.func) in _OPENS]
    if any(mentions(code(call), options["whole_words"]) for call in opened):
        return any(last_name(call.func) in options["opening_words"] for call in module.below(body, cst.Call))
    return bool(opened) and any(
        mentions(last_name(assign.targets[0].target), options["whole_words"])
        and any(last_name(call.func) in options["opening_words"] for call in module.below(assign.value, cst.Call))
        for assign in module.below(body, cst.Assign)
    )


def speaks_of_unreadable_configuration(said: str) -> bool:
    """Say whether a line tells that configuration could not be read or applied."""
    return bool(_UNREAD.search(said))


def speaks_of_misconfiguration(said: str) -> bool:
    """Say whether a line tells that something is configured wrongly, or that what it needs is not set."""
    return bool(_MISCONFIGURED.search(said))
