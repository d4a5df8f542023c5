"""Work that goes round in circles: rounds without progress that are counted, and last steps that are all alike."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.conditions.counters import Limit
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.syntax.counting import counting_step
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name

_FEW = (cst.Equal, cst.LessThanEqual)
_MANY = (cst.GreaterThanEqual, cst.GreaterThan)


def counted_rounds(limit: Limit, module: ParsedModule, options: Options) -> bool:
    """Say whether a limit is one on rounds of a loop: a local counter that the loop around it counts up."""
    counter = limit.counter
    if not isinstance(counter, cst.Name) or not mentions(counter.value, options["repetition_words"]):
        return False
    loop = module.enclosing(limit.node, cst.For, cst.While, cst.FunctionDef)
    while isinstance(loop, (cst.For, cst.While)):
        if any(
            (step := counting_step(node)) and step == (counter.value, False)
            for node in module.below(loop.body, cst.AugAssign, cst.Assign)
        ):
            return True
        loop = module.enclosing(loop, cst.For, cst.While, cst.FunctionDef)
    return False


def steps_alike(test: cst.BaseExpression, module: ParsedModule, options: Options) -> cst.BaseExpression | None:
    """Return the kept steps that a test finds to be all the same: ``len(set(self.actions[-3:])) == 1``."""
    for comparison in module.below(test, cst.Comparison):
        if len(comparison.comparisons) != 1 or not isinstance(comparison.left, cst.Call):
            continue
        part, call = comparison.comparisons[0], comparison.left
        steps = None
        if last_name(call.func) == "len" and isinstance(part.operator, _FEW) and code(part.comparator) == "1":
            inner = call.args[0].value if len(call.args) == 1 else None
            if isinstance(inner, cst.Call) and dotted(inner.func) == "set" and len(inner.args) == 1:
                steps = inner.args[0].value
        elif last_name(call.func) == "count" and isinstance(call.func, cst.Attribute):
            number = code(part.comparator)
            if isinstance(part.operator, _MANY) and (not number.isdigit() or int(number) > 1):
                steps = call.func.value
        function = module.function_of(comparison)
        named = f"{code(steps)} {function.name.value if function else ''}" if steps is not None else ""
        if steps is not None and mentions(named, options["step_words"]) and _is_kept(steps, module):
            return steps
    return None


def _is_kept(steps: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether steps are a place, or a part of one, that is added to while the work goes on."""
    place = steps.value if isinstance(steps, cst.Subscript) else steps
    if outlives_the_call(place, module):
        return True
    if not isinstance(place, cst.Name):
        return False
    return module.enclosing(steps, cst.For, cst.While) is not None or _is_added_to_for_the_caller(place, module)


def _is_added_to_for_the_caller(name: cst.Name, module: ParsedModule) -> bool:
    """Say whether a name is a parameter that the function adds to: the caller keeps the steps."""
    function = module.function_of(name)
    if function is None or name.value not in {param.name.value for param in parameters(function)}:
        return False
    return any(
        isinstance(call.func, cst.Attribute)
        and call.func.attr.value == "append"
        and dotted(call.func.value) == name.value
        for call in module.below(function.body, cst.Call)
    )
