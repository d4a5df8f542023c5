"""Queries of object mappers that filter rows in a state of waiting, and what counts as such a state."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_FILTERS = ("filter", "where", "filter_by", "find_one_and_update", "find", "find_one", "eq", "exclude")


def is_state(name: str) -> bool:
    return words(name)[-1:] in (("status",), ("state",))


def is_one_of(value: cst.BaseExpression, states: frozenset[str]) -> bool:
    """Say whether a value is one of `states`: ``JobState.RUNNING``, ``"running"``, ``Status.RUNNING.value``."""
    if isinstance(value, cst.Attribute) and value.attr.value == "value":
        value = value.value
    if isinstance(value, cst.SimpleString):
        return value.raw_value.lower() in states
    if isinstance(value, (cst.Name, cst.Attribute)):
        last = last_name(value)
        return last.isupper() and (last.lower() in states or words(last)[-1] in states)
    if isinstance(value, (cst.List, cst.Tuple, cst.Set)):
        return any(is_one_of(element.value, states) for element in value.elements)
    return False


def waiting_query(body: Sequence[cst.CSTNode], module: ParsedModule, options: Options) -> cst.Call | None:
    """Return the query of an object mapper that filters rows in a state of waiting, with what is called on it."""
    for call in module.below(body, cst.Call):
        if last_name(call.func) in _FILTERS and any(_filters_waiting(arg, module, options) for arg in call.args):
            return _whole(call, module)
    return None


def _filters_waiting(arg: cst.Arg, module: ParsedModule, options: Options) -> bool:
    waiting = options["waiting_words"]
    if arg.keyword:
        return is_state(arg.keyword.value.removesuffix("__in")) and is_one_of(arg.value, waiting)
    return (
        any(_compares(comparison, waiting) for comparison in module.below(arg.value, cst.Comparison))
        or any(
            isinstance(entry.key, cst.SimpleString)
            and is_state(entry.key.raw_value)
            and is_one_of(entry.value, waiting)
            for entry in module.below(arg.value, cst.DictElement)
        )
        or any(_is_in(call, waiting) for call in module.below(arg.value, cst.Call))
        or _is_equal(arg, waiting, module)
    )


def _compares(comparison: cst.Comparison, waiting: frozenset[str]) -> bool:
    """Say whether a state is compared with one of waiting: ``Job.status == "pending"``."""
    target = comparison.comparisons[0]
    return (
        isinstance(target.operator, (cst.Equal, cst.In))
        and is_state(last_name(comparison.left))
        and is_one_of(target.comparator, waiting)
    )


def _is_equal(arg: cst.Arg, waiting: frozenset[str], module: ParsedModule) -> bool:
    """Say whether a filter names the column and its value one after the other: ``.eq("status", "pending")``."""
    call = module.parent(arg)
    if not isinstance(call, cst.Call) or len(call.args) != 2 or call.args[0] is not arg:
        return False
    column = arg.value
    return (
        isinstance(column, cst.SimpleString) and is_state(column.raw_value) and is_one_of(call.args[1].value, waiting)
    )


def _is_in(call: cst.Call, waiting: frozenset[str]) -> bool:
    """Say whether a state is looked for among those of waiting: ``Job.status.in_([...])``."""
    callee = call.func
    return (
        isinstance(callee, cst.Attribute)
        and callee.attr.value == "in_"
        and bool(call.args)
        and is_state(last_name(callee.value))
        and is_one_of(call.args[0].value, waiting)
    )


def _whole(call: cst.Call, module: ParsedModule) -> cst.Call:
    """Return the outermost call of a chain: ``session.query(Job).filter(...).first()``."""
    whole = call
    for outer in module.ancestors(call):
        if isinstance(outer, cst.Call) and not isinstance(outer.func, cst.Name) and module.is_below(call, [outer.func]):
            whole = outer
        elif not isinstance(outer, (cst.Attribute, cst.Await, cst.Call)):
            break
    return whole


def model_of(query: cst.Call, module: ParsedModule) -> str:
    """Return the class or collection that a query asks: ``Job`` for ``session.query(Job)``."""
    for call in module.below(query, cst.Call):
        if last_name(call.func) in ("query", "select", "table", "from_") and call.args:
            return dotted(call.args[0].value) or code(call.args[0].value).strip("\"'")
    owner = query.func
    return dotted(owner).partition(".objects")[0]
