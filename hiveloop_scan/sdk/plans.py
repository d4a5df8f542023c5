"""Plans and steps as the SDK is told of them: the lists that are written out, and what counts the steps."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.sdk.calls import SdkCall, sdk_calls
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.syntax.tree import dotted, is_name, last_name


def plans_of(call: SdkCall, module: ParsedModule) -> list[SdkCall]:
    """Return the plans that are made on the same task in the function of `call`, in source order."""
    function = module.function_of(call.node)
    return [
        plan
        for plan in sdk_calls(module, "plan")
        if module.function_of(plan.node) is function and dotted(plan.receiver) == dotted(call.receiver)
    ]


def steps_written(plan: SdkCall, module: ParsedModule) -> list[cst.BaseExpression] | None:
    """Return the steps of a plan that is written out; None where only the run knows them."""
    found = choices(plan.argument("steps"), module)
    if len(found) != 1 or not isinstance(found[0], (cst.List, cst.Tuple)):
        return None
    elements = [element.value for element in found[0].elements]
    starred = any(isinstance(element, cst.StarredElement) for element in found[0].elements)
    return None if starred else elements


def loops_counting(name: str, place: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[cst.For, int | None]]:
    """Yield the loops around `place` that count with `name`, and from which number; None where only the run knows."""
    for outer in module.ancestors(place):
        if isinstance(outer, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            return
        if isinstance(outer, cst.For) and is_name(_counted(outer.target), name):
            yield outer, _start(outer.iter)


def counts_by_hand(name: str, place: cst.CSTNode, module: ParsedModule) -> tuple[int, list[cst.AugAssign]] | None:
    """Return the number that a counter starts at, and where it goes up; None for a name that is no such counter."""
    bound = values_of(name, place, module)
    if len(bound) != 1 or not isinstance(bound[0], cst.Integer):
        return None
    function = module.function_of(place)
    raised = [
        step
        for step in module.below(function.body if function else module.tree, cst.AugAssign)
        if is_name(step.target, name) and isinstance(step.operator, cst.AddAssign)
    ]
    return (bound[0].evaluated_value, raised) if raised else None


def _counted(target: cst.BaseExpression) -> cst.BaseExpression:
    return target.elements[0].value if isinstance(target, cst.Tuple) and target.elements else target


def _start(source: cst.BaseExpression) -> int | None:
    """Return where ``range(...)`` or ``enumerate(...)`` begins."""
    if not isinstance(source, cst.Call):
        return None
    name = last_name(source.func)
    if name == "range":
        return _number(source.args[0].value) if len(source.args) > 1 else 0
    if name != "enumerate":
        return None
    given = [arg.value for arg in source.args if arg.keyword and arg.keyword.value == "start"]
    given += [arg.value for arg in source.args[1:] if not arg.keyword]
    return _number(given[0]) if given else 0


def _number(node: cst.BaseExpression) -> int | None:
    return node.evaluated_value if isinstance(node, cst.Integer) else None
