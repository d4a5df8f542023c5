"""The pieces of a new plan that a `task.plan(...)` call is made of."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.plans.step_texts import LISTS_OF_TEXT, texts_of
from hiveloop_scan.plans.walks import collection
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_GOALS = (
    "goal",
    "objective",
    "task",
    "query",
    "question",
    "request",
    "user_request",
    "topic",
    "user_input",
    "instruction",
    "prompt",
)
_REVISIONS = ("revision", "replan", "replans", "plan_version", "revisions", "replan_count")
_STEPS = ("steps", "phases", "tasks", "subtasks", "todos", "stages", "items", "actions")


def plan_captures(
    node: cst.CSTNode, name: cst.BaseExpression | None, value: cst.BaseExpression, module: ParsedModule
) -> dict[str, Capture]:
    """Describe one plan: its goal, the list of its texts, its revision, and after which line it is known.

    ``goal`` is a parameter of the function or an argument of the planner; ``steps`` an expression that gives a
    ``list[str]``; ``revision`` a counter of replans. Each is None where that is not certain. ``insert_after_line`` is
    None for a plan that is returned as it is made: it has no name yet.
    """
    function = module.function_of(node)
    held = name is not None
    return {
        "operation": (dotted(value) or None) if isinstance(value, cst.Call) else None,
        "plan": code(name) if name is not None else code(value) if len(code(value)) <= 60 else None,
        "goal": _goal(value, function),
        "steps": _steps(name, value, function, module),
        "revision": _revision(function, module),
        "is_replan": mentions(
            f"{dotted(value)} {function.name.value if function else ''}",
            ("replan", "replanner", "revise", "areplan", "restructure", "rework"),
        ),
        "insert_after_line": module.span(node).end_line if held else None,
    }


def _goal(value: cst.BaseExpression, function: cst.FunctionDef | None) -> str | None:
    """Return the argument or parameter that says what the plan is for."""
    for arg in value.args if isinstance(value, cst.Call) else ():
        if arg.keyword and arg.keyword.value in ("goal", "objective"):
            return code(arg.value)
    named = [
        (param.name.value, code(param.annotation.annotation) if param.annotation else "str")
        for param in (parameters(function) if function else ())
    ]
    return next(
        (goal for goal in _GOALS for name, kind in named if name == goal and kind in ("str", "str | None")), None
    )


def _steps(
    name: cst.BaseExpression | None, value: cst.BaseExpression, function: cst.FunctionDef | None, module: ParsedModule
) -> str | None:
    """Return the expression that lists the texts of the steps, by what the function walks over or the file declares."""
    if function is not None and (given := _given_back_as_texts(name, value, function, module)):
        return given
    if name is None or function is None:
        return texts_of(value, module) if isinstance(value, (cst.List, cst.ListComp)) else None
    if isinstance(value, (cst.List, cst.Tuple, cst.ListComp)):
        return texts_of(name, module)
    walked = [collection(loop.iter) for loop in module.below(statements(function.body), cst.For, cst.CompFor)]
    for items in walked:
        if isinstance(items, cst.Call) and last_name(items.func) == "enumerate" and items.args:
            items = items.args[0].value
        if code(items) == code(name) or (
            isinstance(items, cst.Attribute) and code(items.value) == code(name) and items.attr.value in _STEPS
        ):
            return texts_of(items, module)
    return None


def _given_back_as_texts(
    name: cst.BaseExpression | None, value: cst.BaseExpression, function: cst.FunctionDef, module: ParsedModule
) -> str | None:
    """Return the plan itself, where the function says that it gives back a list of texts and gives back the plan."""
    if function.returns is None or code(function.returns.annotation) not in LISTS_OF_TEXT:
        return None
    given = [node.value for node in module.below(statements(function.body), cst.Return) if node.value is not None]
    held = value if name is None else name
    return code(held) if any(code(item) == code(held) for item in given) else None


def _revision(function: cst.FunctionDef | None, module: ParsedModule) -> str | None:
    """Return the counter of plans that the function counts."""
    for step in module.below(statements(function.body), cst.AugAssign) if function else ():
        if mentions(code(step.target), _REVISIONS):
            return code(step.target)
    return None
