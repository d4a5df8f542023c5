"""Places where a plan is put to be worked off: what somebody has thought of, steps, a new one for the old."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.plans.nouns import last_noun, noun_of
from hiveloop_scan.plans.status import mark_of
from hiveloop_scan.plans.uses import loops_over_steps
from hiveloop_scan.syntax.keeping_shapes import REPLACING_VERBS
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_DUMPS = {"to_dict", "dict", "model_dump", "as_dict", "asdict"}
_STATES = {"status", "state", "done", "completed"}
_TOOLS = ("tool", "tools", "toolkit", "tool_kit")


def kept_plan(
    node: cst.Assign | cst.Call, module: ParsedModule, options: Options
) -> tuple[cst.BaseExpression, str] | None:
    """Return what holds the plan and the fact about how it got there; None for anything else."""
    if isinstance(node, cst.Call):
        return _by_call(node, module, options)
    target = node.targets[0].target
    if isinstance(target, cst.Subscript):
        if mentions(last_noun(target.value), options["kept_words"]) and _is_a_step(node.value, module, options):
            return (target.value, "step-is-added") if _outlives(target.value, module) else None
        return None
    if not isinstance(target, cst.Attribute) or not mentions(target.attr.value, options["kept_words"]):
        return None
    if _is_taken_over(node.value, options):
        return target, "plan-is-taken-over"
    if _is_built(node.value, module, options):
        return target, "steps-are-built"
    return (target, "plan-is-given") if _is_given(target, node.value, module, options) else None


def is_worked_off(plan: cst.BaseExpression, function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether the class walks over the plan and carries its steps out."""
    return any(True for _ in loops_over_steps(plan, function, module, options))


def is_marked(plan: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether the file sets the status of an entry of the plan: ``todos[key]["state"] = new``."""
    name = code(plan)
    marks = (mark_of(node, module) for node in module.nodes(cst.Assign) if name in module.text(node))
    return any(mark is not None and name in code(mark.owner) for mark in marks)


def is_a_tool(function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether a model calls the function: it is decorated as a tool, or its class is named so."""
    around = module.enclosing(function, cst.ClassDef)
    return any(mentions(code(item.decorator), _TOOLS) for item in function.decorators) or (
        isinstance(around, cst.ClassDef) and words(around.name.value)[-1:] in (("tool",), ("tools",), ("toolkit",))
    )


def starts_anew(function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether an attribute is set to nought beside: the position in the plan."""
    return any(
        isinstance(node.targets[0].target, cst.Attribute) and code(node.value) == "0"
        for node in module.below(statements(function.body), cst.Assign)
    )


def _by_call(call: cst.Call, module: ParsedModule, options: Options) -> tuple[cst.BaseExpression, str] | None:
    if not isinstance(call.func, cst.Attribute) or not call.args:
        return None
    method, owner, given = call.func.attr.value, call.func.value, call.args[0].value
    if method == "append" and mentions(last_noun(owner), options["kept_words"]):
        return (owner, "step-is-added") if _is_a_step(given, module, options) and _outlives(owner, module) else None
    tokens = words(method)
    stands_alone = isinstance(module.parent(call), (cst.Expr, cst.Await))
    if not tokens or tokens[0] not in REPLACING_VERBS or tokens[-1] not in options["whole_names"] or not stands_alone:
        return None
    function = module.function_of(call)
    if tokens[0] == "save" and not (function is not None and is_a_tool(function, module)):
        return None
    return (call.func, "plan-is-replaced") if isinstance(given, (cst.Name, cst.Attribute)) else None


def _is_taken_over(value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a value is the plan of something else: ``thought.plan``, ``revised.steps``."""
    if not isinstance(value, cst.Attribute) or not dotted(value) or dotted(value).startswith(("self.", "cls.")):
        return False
    return value.attr.value in options["whole_names"] and not mentions(noun_of(value.value), options["setting_words"])


def _is_given(target: cst.Attribute, value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a whole plan is set to a list of what the function was given: ``state.plan = list(given.items)``."""
    function = module.function_of(target)
    if function is None or words(target.attr.value)[-1:] not in [(word,) for word in options["whole_names"]]:
        return False
    given = {param.name.value for param in parameters(function)} - {"self", "cls"}
    for made in _made_of(value, module):
        if isinstance(made, cst.Call) and last_name(made.func) in ("list", "tuple") and len(made.args) == 1:
            source = made.args[0].value
            if isinstance(source, (cst.Name, cst.Attribute)) and dotted(source).partition(".")[0] in given:
                return True
    return False


def _is_built(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is a list of steps that are made one by one."""
    values = [value, *(values_of(value.value, value, module) if isinstance(value, cst.Name) else ())]
    return any(
        isinstance(item, cst.ListComp) and isinstance(item.elt, cst.Call) and _makes_a_step(item.elt, options)
        for item in values
    )


def _is_a_step(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is one step, made here or some assignments before, or what is stored of it."""
    return any(_is_step_itself(item, module, options) for item in _made_of(value, module))


def _is_step_itself(item: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    if isinstance(item, cst.Dict):
        keys = {code(entry.key).strip("\"'") for entry in item.elements if isinstance(entry, cst.DictElement)}
        return not keys.isdisjoint(_STATES)
    if not isinstance(item, cst.Call):
        return False
    if isinstance(item.func, cst.Attribute) and item.func.attr.value in _DUMPS:
        stored = _made_of(item.func.value, module)
        return any(isinstance(made, cst.Call) and _makes_a_step(made, options) for made in stored)
    return _makes_a_step(item, options)


def _made_of(value: cst.BaseExpression, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    yield value
    if isinstance(value, cst.Name):
        yield from values_of(value.value, value, module)


def _makes_a_step(call: cst.Call, options: Options) -> bool:
    name = last_name(call.func)
    return bool(call.args) and name[:1].isupper() and mentions(name, options["unit_classes"])


def _outlives(place: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether what holds the steps is there when the function is over."""
    return isinstance(place, (cst.Attribute, cst.Subscript)) or not values_of(dotted(place), place, module)
