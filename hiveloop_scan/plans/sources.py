"""Where ordered steps come from: a planner, the reply of a model, a text that is parsed, a list written out."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from, values_of
from hiveloop_scan.plans.nouns import is_another_kind_of_plan
from hiveloop_scan.plans.planners import is_made_to_plan
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name


def is_model_call(call: cst.Call, options: Options) -> bool:
    """Say whether a call asks a language model, by its own names and what it is given."""
    name = dotted(call.func)
    owner, _, method = name.rpartition(".")
    tokens = words(method)
    if not tokens or method[:1].isupper():
        return False
    if tokens[0] in options["idle_words"] and tokens[0] not in options["making_verbs"]:
        return False
    if mentions(owner, options["no_text_words"]):
        return False
    if tokens[-1] in options["model_words"]:
        return True
    if not mentions(method, options["ask_words"]):
        return False
    given = {arg.keyword.value for arg in call.args if arg.keyword} | {last_name(arg.value) for arg in call.args}
    return (
        mentions(owner, options["model_words"])
        or mentions(method, options["model_words"])
        or mentions(" ".join(sorted(given)), ("prompt", "messages", "response_model", "response_format"))
    )


def asks_a_model(node: cst.CSTNode, module: ParsedModule, options: Options) -> bool:
    """Say whether a node is a call that asks a model, itself or through a function that is handed to it."""
    if not isinstance(node, cst.Call):
        return False
    if is_model_call(node, options) or is_a_turn_of_its_own(node, module, options):
        return True
    wrapped = [call for arg in node.args for call in module.all_below(arg, cst.Call)]
    if any(_is_handed_over(arg, options) for call in (node, *wrapped) for arg in call.args):
        return True
    return any(
        is_model_call(call, options) for call in wrapped if isinstance(module.parent(call), (cst.Lambda, cst.Await))
    )


def is_a_turn_of_its_own(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether an agent lets itself answer a message: ``self.step(message)`` in the class of an agent."""
    if dotted(call.func).rpartition(".")[0] not in ("self", "super") or not call.args:
        return False
    if last_name(call.func) not in options["turn_words"]:
        return False
    around = module.enclosing(call, cst.ClassDef)
    return isinstance(around, cst.ClassDef) and mentions(around.name.value, ("agent", "planner", "role"))


def _is_handed_over(arg: cst.Arg, options: Options) -> bool:
    """Say whether an argument is a function that asks a model, for another to call: ``self.call_llm``."""
    tokens = words(last_name(arg.value)) if isinstance(arg.value, (cst.Name, cst.Attribute)) else ()
    return len(tokens) > 1 and tokens[0] in _ASKING and tokens[-1] in ("llm", "model", "lm", "gpt")


_ASKING = {"call", "acall", "ask", "aask", "invoke", "ainvoke", "prompt", "query"}


def comes_from_a_model(value: cst.CSTNode, module: ParsedModule, options: Options) -> bool:
    """Say whether a part of `value` was answered by a model, some assignments back."""
    return derives_from(value, module, lambda node: is_a_choice(node) or asks_a_model(node, module, options))


def is_a_choice(node: cst.CSTNode) -> bool:
    """Say whether a node reads the text of a model's answer: ``answer.choices[0].message``."""
    if not isinstance(node, cst.Attribute) or node.attr.value not in ("message", "text"):
        return False
    return isinstance(node.value, cst.Subscript) and last_name(node.value.value) == "choices"


def is_planner_call(call: cst.Call, options: Options) -> bool:
    """Say whether a call is made for a plan: ``planner.create_plan(goal)``, ``decompose(task)``; not ``save_plan``."""
    if is_made_to_plan(call, options) or hands_a_planner_on(call, options):
        return True
    owner, _, method = dotted(call.func).rpartition(".")
    tokens = words(method)
    if not tokens or method[:1].isupper() or is_another_kind_of_plan(f"{owner} {method}", options):
        return False
    if mentions(method, _MADE):
        return True
    if mentions(method, options["no_plan_words"]):
        return False
    planner = mentions(owner, ("planner", "planners", "replanner"))
    if tokens in (("plan",), ("aplan",)):
        return planner
    if tokens[0] in _THINKING and tokens[-1] == "commands":
        return True
    first = tokens[0] in options["making_verbs"] or "_".join(tokens[:2]) in options["making_verbs"]
    if mentions(method, options["planning_verbs"]):
        return first or mentions(tokens[0], options["planning_verbs"]) or len(tokens) == 1 or planner
    return first and (mentions(method, options["plan_names"]) or planner)


_MADE = ("outline_generation", "plan_generation", "plan_creation", "task_decomposition", "subtask_generation")
"""Names of the making of a plan, whatever runs it: ``self.run_outline_generation(topic)``."""

_ASKED_TO_PLAN = {"run", "arun", "execute", "aexecute", "invoke", "ainvoke", "generate", "ask", "run_async"}
_RUNNABLE = {"func", "fn", "operation", "function", "target", "call"}
_THINKING = {"generate", "propose", "suggest", "plan"}


def runs_a_planner(value: cst.BaseExpression) -> bool:
    """Say whether an object that is called a planner is run: ``self.planner.execute(goal)``."""
    owner, _, method = (dotted(value.func) if isinstance(value, cst.Call) else "").rpartition(".")
    return method in _ASKED_TO_PLAN and words(owner)[-1:] in (("planner",), ("replanner",))


def hands_a_planner_on(call: cst.Call, options: Options) -> bool:
    """Say whether a call is handed what makes a plan, to call it: ``with_retry(self.create_plan, goal)``."""
    if last_name(call.func)[:1].isupper():
        return False
    for arg in call.args:
        tokens = words(last_name(arg.value)) if isinstance(arg.value, (cst.Name, cst.Attribute)) else ()
        if len(tokens) > 1 and tokens[0] in options["making_verbs"] and tokens[-1] in ("plan", "subtasks", "steps"):
            handed = arg.keyword is None or arg.keyword.value in _RUNNABLE
            return handed and not mentions(last_name(arg.value), options["no_plan_words"])
    return False


def planner_call_behind(value: cst.CSTNode, module: ParsedModule, options: Options) -> cst.Call | None:
    """Return the planner call that a value comes from, some assignments back."""
    found: list[cst.Call] = []

    def is_source(node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Call) and is_planner_call(node, options):
            found.append(node)
        return bool(found)

    derives_from(value, module, is_source)
    return found[0] if found else None


def listed_steps(value: cst.CSTNode, module: ParsedModule) -> cst.List | cst.Tuple | None:
    """Return the literal list of two steps or more that a value is, or is bound to in this function."""
    values = [value, *(values_of(dotted(value), value, module) if dotted(value) else ())]
    return next((item for item in values if isinstance(item, (cst.List, cst.Tuple)) and len(item.elements) > 1), None)


def is_parsed(node: cst.CSTNode, options: Options) -> bool:
    """Say whether a node makes values of a text: ``json.loads(reply)``, ``Plan.model_validate(...)``."""
    if not isinstance(node, cst.Call) or not mentions(last_name(node.func), options["parse_words"]):
        return False
    return bool(node.args) or not last_name(node.func)[:1].isupper()  # `StrOutputParser()` has parsed nothing yet
