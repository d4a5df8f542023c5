"""Services that a try statement sets up: what is made there, and what it is kept in."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_NOTHING = ("None", "False")


def set_up_in(tried: cst.Try, module: ParsedModule, options: Options) -> cst.BaseExpression | None:
    """Return the place that the body of a try statement keeps a service in, or the call that connects one."""
    for assign in module.below(statements(tried.body), cst.Assign):
        target = assign.targets[0].target
        if not isinstance(_call_of(assign.value), cst.Call) or isinstance(target, (cst.Tuple, cst.List, cst.Subscript)):
            continue
        named = mentions(last_name(target), options["service_words"])
        if named and _makes(assign.value, options) and _is_kept_or_returned(target, tried, module):
            return target
    for call in module.below(statements(tried.body), cst.Call):
        owner = call.func.value if isinstance(call.func, cst.Attribute) else None
        if owner is None or not outlives_the_call(owner, module):
            continue
        if mentions(last_name(call.func), options["connecting_words"]) and mentions(
            last_name(owner), options["service_words"]
        ):
            return owner
    return None


def _call_of(value: cst.BaseExpression) -> cst.BaseExpression:
    return value.expression if isinstance(value, cst.Await) else value


def _makes(value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a call makes or connects something: a class, or a function named for that."""
    name = dotted(value).rpartition(".")[2].lstrip("_")
    is_class = name[:1].isupper() and not name.isupper()
    return is_class or mentions(name, options["connecting_words"]) or mentions(name, options["building_words"])


def _is_kept_or_returned(target: cst.BaseExpression, tried: cst.Try, module: ParsedModule) -> bool:
    if isinstance(target, cst.Attribute) or outlives_the_call(target, module):
        return True
    function = module.function_of(tried)
    leaves = module.below(function.body, cst.Return) if function is not None else []
    return any(leaf.value is not None and code(leaf.value) == code(target) for leaf in leaves)


def kept_as_missing(handler: cst.ExceptHandler, place: cst.BaseExpression, module: ParsedModule) -> Iterator[str]:
    """Yield what a handler keeps of a service that is not there: nothing in its place, a flag that says so."""
    for assign in module.below(statements(handler.body), cst.Assign):
        target = assign.targets[0].target
        if not outlives_the_call(target, module):
            continue
        if code(assign.value) in (*_NOTHING, "True"):
            yield "is-kept-as-missing"
        elif code(target) == code(place):
            yield "another-one-is-taken"
