"""Functions and classes whose job is to make a plan, by their names."""

from __future__ import annotations

from functools import cache

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.plan_shapes import MAIN_METHODS
from hiveloop_scan.syntax.tree import code, last_name

_SCHEDULES = ("schedule",)
_PLANNERS = ("planner", "planners", "replanner", "decomposer", "task_splitter", "outliner")
_CREATIONS = (
    "task_creation", "task_creator", "task_generation", "task_generator", "task_decomposition", "task_breakdown",
    "subtask_creation", "subtask_generator", "plan_generator", "plan_creator", "plan_maker", "outline_generator",
    "outline_writer",
)  # fmt: skip
_ACTION_VERBS = {"write", "gen", "generate", "create", "make", "draft", "build", "plan", "revise", "update"}


@cache
def _words_for_plans(names: frozenset[str], verbs: frozenset[str]) -> frozenset[str]:
    return names | verbs | {"planning"}


def is_called_a_planner(function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a function is named for the plan it makes, not for one that it reads or carries out.

    The main method of a class stands for its class: ``TaskCreationAgent.run``.
    """
    name = function.name.value
    if name in MAIN_METHODS:
        around = module.enclosing(function, cst.ClassDef, cst.FunctionDef)
        named = isinstance(around, cst.ClassDef) and mentions(around.name.value, _PLANNERS, _CREATIONS)
        return named or _answers_with_a_plan(function)
    first = words(name)[:1]
    if first and first[0] in options["idle_words"] and first[0] not in options["making_verbs"]:
        return False
    plans = _words_for_plans(options["plan_names"], options["planning_verbs"])
    return mentions(name, plans) and not mentions(name, options["no_plan_words"])


def _answers_with_a_plan(function: cst.FunctionDef) -> bool:
    """Say whether a function is annotated to return a plan: ``-> Plan``, ``-> list[PlanStep]``."""
    if function.returns is None:
        return False
    last = words(code(function.returns.annotation).strip("\"'[]").rpartition("[")[2])[-2:]
    return last[-1:] in (("plan",), ("roadmap",)) or last in (("plan", "step"), ("plan", "steps"))


def is_made_to_plan(call: cst.Call, options: Options) -> bool:
    """Say whether a call runs an object that is made for a plan on the spot: ``WritePlan().run(goal)``."""
    if not isinstance(call.func, cst.Attribute) or not isinstance(call.func.value, cst.Call):
        return False
    method = call.func.attr.value
    if method not in MAIN_METHODS and method not in options["ask_words"]:
        return False
    name = last_name(call.func.value.func)
    if not name[:1].isupper() or mentions(name, options["no_plan_words"]):
        return False
    made = words(name)[0] in _ACTION_VERBS and mentions(name, options["plan_names"], _SCHEDULES)
    return made or mentions(name, _PLANNERS, _CREATIONS)
