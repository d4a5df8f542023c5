"""Whether something is well: who asks for it, what says yes or no, and where the answer is kept."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.conditions.blocks import branch_around
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, is_name, last_name, statements

_BUILDING = ("__init__", "__post_init__", "__new__", "__setstate__", "from_dict", "reset")
_NOT_A_MARK = {
    "dependency",
    "dependencies",
    "optional",
    "installed",
    "package",
    "import",
    "refreshing",
    "checked",
    "checking",
    "check",
    "cache",
    "cached",
    "enabled",
    "interval",
    "monitor",
    "loop",
}
_EQUAL = (cst.Equal, cst.Is)
_OTHER = (cst.NotEqual, cst.IsNot)


def asks_for_health(name: str, options: Options) -> bool:
    """Say whether a function of that name asks whether something is well."""
    return mentions(name, options["probe_words"])


def says_that_it_is_ill(test: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a test is true while something is ill."""
    return _says(test, module, options, well=False)


def says_that_it_is_well(test: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a test is true while something is well."""
    return _says(test, module, options, well=True)


def _says(test: cst.BaseExpression, module: ParsedModule, options: Options, well: bool) -> bool:
    if isinstance(test, cst.BooleanOperation):
        joined = isinstance(test.operator, cst.And)
        return joined and (_says(test.left, module, options, well) or _says(test.right, module, options, well))
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return _says(test.expression, module, options, not well)
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _compares(test, module, options, well)
    if isinstance(test, cst.Await):
        test = test.expression
    if mentions(_name_of(test), options["ill_words"]):
        return not well
    return well and _is_health(test, module, options)


def _compares(test: cst.Comparison, module: ParsedModule, options: Options, well: bool) -> bool:
    operator, other = test.comparisons[0].operator, test.comparisons[0].comparator
    if isinstance(operator, (*_EQUAL, *_OTHER)):
        state = _state_of(other)
        same = isinstance(operator, _EQUAL)
        if (
            code(other) == "None"
            and isinstance(operator, (cst.Is, cst.IsNot))
            and mentions(_name_of(test.left), ("unhealthy", "unhealthy_reason", "health_error", "health_problem"))
        ):
            return isinstance(operator, cst.IsNot) != well
        if code(other) in ("True", "False") and _is_health(test.left, module, options):
            return ((code(other) == "True") == same) == well
        if state in options["well_states"]:
            return same == well and _speaks_of_health(test.left, state, module, options)
        if state in options["ill_states"]:
            return same != well and _speaks_of_health(test.left, state, module, options)
    return False


def _speaks_of_health(left: cst.BaseExpression, state: str, module: ParsedModule, options: Options) -> bool:
    """Say whether what is compared with a state is one of health: the state's own name says so, or the name's."""
    if mentions(state, options["health_words"]) or state in options["ill_words"]:
        return True
    return _is_health(left, module, options)


def _is_health(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is the answer of a health check: by its name, or because it was bound to a check's call."""
    if isinstance(value, cst.Await):
        value = value.expression
    if mentions(_name_of(value), options["health_words"]):
        return not mentions(_name_of(value), options["other_words"])
    name = dotted(value).partition(".")[0] if isinstance(value, (cst.Name, cst.Subscript, cst.Attribute)) else ""
    if not name or name in ("self", "cls"):
        return False
    bound = [item.expression if isinstance(item, cst.Await) else item for item in values_of(name, value, module)]
    return any(isinstance(item, cst.Call) and asks_for_health(last_name(item.func), options) for item in bound)


def _name_of(value: cst.BaseExpression) -> str:
    return last_name(value)


def _state_of(value: cst.BaseExpression) -> str:
    if isinstance(value, cst.SimpleString):
        return str(value.raw_value).lower()
    return last_name(value).lower() if isinstance(value, (cst.Name, cst.Attribute)) else ""


def marks_as_ill(node: cst.Assign, module: ParsedModule, options: Options) -> bool:
    """Say whether a statement keeps, for longer than its call, that something is ill."""
    return _marks(node, module, options, "False", options["ill_states"])


def marks_as_well(node: cst.Assign, module: ParsedModule, options: Options) -> bool:
    """Say whether a statement keeps, for longer than its call, that something is well."""
    return _marks(node, module, options, "True", options["well_states"])


def is_put_out_of_use(node: cst.Assign, module: ParsedModule, options: Options) -> bool:
    """Say whether a handler keeps that an object is out of use, and beside it why: ``link.is_active = False``."""
    target = node.targets[0].target
    if code(node.value) != "False" or not isinstance(target, cst.Attribute):
        return False
    if not mentions(target.attr.value, options["kept_flag_words"]) or not outlives_the_call(target, module):
        return False
    handler = branch_around(node, module)
    return isinstance(handler, cst.ExceptHandler) and any(
        isinstance(place := other.targets[0].target, cst.Attribute)
        and code(place.value) == code(target.value)
        and mentions(place.attr.value, options["reason_words"])
        for other in module.below(statements(handler.body), cst.Assign)
    )


def _marks(node: cst.Assign, module: ParsedModule, options: Options, flag: str, states: frozenset[str]) -> bool:
    function = module.function_of(node)
    target = node.targets[0].target
    if (
        function is None
        or function.name.value in _BUILDING
        or not isinstance(target, (cst.Attribute, cst.Subscript, cst.Name))
    ):
        return False
    name = last_name(target)
    if _NOT_A_MARK.intersection(words(name)):
        return False
    if is_name(node.value, flag):
        if not mentions(name, options["mark_words"]):
            return False
    else:
        value = node.value
        state = _state_of(value.value if isinstance(value, cst.Attribute) and value.attr.value == "value" else value)
        if state not in states:
            return False
        told = state in options["ill_words"] or mentions(f"{state} {code(target)}", options["health_words"])
        if not told or not {"status", "state", "health", "condition"}.intersection(words(name)):
            return False
    return outlives_the_call(target, module)
