"""Statements that mark a step: its status is set, or the position in the plan moves on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.plans.nouns import noun_of
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, statements

_ACTIONS = {
    "started": ("in_progress", "inprogress", "running", "started", "active", "executing", "working", "processing"),
    "completed": ("completed", "complete", "done", "success", "succeeded", "successful", "finished", "passed"),
    "failed": ("failed", "failure", "fail", "error", "errored", "blocked", "timed_out", "timeout"),
    "skipped": ("skipped", "skip", "cancelled", "canceled", "abandoned"),
}
_FLAGS = {"completed", "is_completed", "is_complete", "done", "is_done", "finished", "is_finished"}
_FIELDS = {"status", "state", "phase", "step_status"}


@dataclass(frozen=True)
class Mark:
    """An assignment that says how a step stands: whose field, and which of the SDK's actions it tells, if known."""

    owner: cst.BaseExpression
    action: str | None
    known: bool
    states: str = ""


def mark_of(node: cst.Assign, module: ParsedModule) -> Mark | None:
    """Describe an assignment as a mark; None for anything that sets no status, and for states of waiting."""
    target = node.targets[0].target
    field, owner = _field(target)
    if owner is None:
        return None
    if field in _FLAGS:
        is_true = isinstance(node.value, cst.Name) and node.value.value == "True"
        return Mark(owner, "completed", True) if is_true else None
    if field not in _FIELDS:
        return None
    actions = {action for part in _values(node.value) if (action := _action(part))}
    if actions:
        return Mark(owner, actions.pop() if len(actions) == 1 else None, True, code(node.value))
    if isinstance(node.value, cst.Name) and _is_one_of_the_states(node.value, module):
        return Mark(owner, None, True, node.value.value)
    told, teller = _field(node.value)
    if told in _FIELDS and isinstance(teller, cst.Name) and code(teller) != code(owner):
        return Mark(owner, None, False, code(node.value))
    given = isinstance(node.value, cst.Name) and mentions(node.value.value, ("status", "state"))
    return Mark(owner, None, False) if given and _is_given(node.value, module) else None


def merged(node: cst.Assign, module: ParsedModule) -> Mark | None:
    """Describe an entry that takes the place of an older one of another status: ``by_id[todo.id] = todo``."""
    loop = module.enclosing(node, cst.For, cst.FunctionDef)
    target = node.targets[0].target
    if not isinstance(node.value, cst.Name) or not isinstance(target, cst.Subscript) or not isinstance(loop, cst.For):
        return None
    new = node.value.value
    if code(loop.target) != new or new not in code(target.slice[0]):
        return None
    asks = {f"{new}.status", f"{new}['status']", f'{new}["status"]'}
    compared = module.below(statements(loop.body), cst.Comparison)
    return Mark(node.value, None, False) if any(asks & _sides(test) for test in compared) else None


def _sides(test: cst.Comparison) -> set[str]:
    return {code(test.left), *(code(part.comparator) for part in test.comparisons)}


def _is_one_of_the_states(value: cst.Name, module: ParsedModule) -> bool:
    """Say whether a name was looked for among states: ``if update in ("in_progress", "completed")``."""
    function = module.function_of(value)
    for test in module.below(function.body, cst.Comparison) if function else ():
        if code(test.left) == value.value and isinstance(test.comparisons[0].operator, cst.In):
            among = test.comparisons[0].comparator
            lists = [among, *values_of(dotted(among), value, module)]
            texts = [text for part in lists for text in module.below(part, cst.SimpleString)]
            if len({action for text in texts if (action := _action(text))}) > 1:
                return True
    return False


def owner_text(owner: cst.BaseExpression, module: ParsedModule) -> str:
    """Return the words for the object that is marked: its name, what it was looked up by, how it is annotated."""
    name = dotted(owner)
    if name == "self":
        around = module.enclosing(owner, cst.ClassDef)
        return around.name.value if around else ""
    texts = [noun_of(owner)]
    if isinstance(owner, cst.Name):
        texts += [noun_of(value) for value in values_of(name, owner, module)]
        function = module.function_of(owner)
        texts += [
            code(param.annotation.annotation)
            for param in (parameters(function) if function else ())
            if param.name.value == name and param.annotation
        ]
    return " ".join(texts)


def _field(target: cst.BaseExpression) -> tuple[str, cst.BaseExpression | None]:
    if isinstance(target, cst.Attribute):
        return target.attr.value, target.value
    if isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Index):
        key = target.slice[0].slice.value
        if isinstance(key, cst.SimpleString):
            return str(key.raw_value), target.value
    return "", None


def _values(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield the values that an expression can have: both of ``DONE if ok else FAILED``."""
    if isinstance(value, cst.IfExp):
        yield from _values(value.body)
        yield from _values(value.orelse)
    else:
        yield value


def _action(value: cst.BaseExpression) -> str | None:
    """Return the SDK's word for a state: ``StepStatus.RUNNING`` is "started"."""
    if isinstance(value, cst.Attribute) and value.attr.value == "value":
        value = value.value
    if isinstance(value, cst.SimpleString):
        text = str(value.raw_value)
    elif isinstance(value, cst.Attribute) or (isinstance(value, cst.Name) and value.value.isupper()):
        text = dotted(value).rpartition(".")[2]
    else:
        return None
    return next((action for action, states in _ACTIONS.items() if text.lower() in states or _ends(text, states)), None)


def _ends(text: str, states: tuple[str, ...]) -> bool:
    """Say whether a constant's name ends in a state: ``STATUS_DONE``, ``STEP_FAILED``."""
    return text.isupper() and any(text.lower().endswith(f"_{state}") for state in states)


def _is_given(value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a name is a parameter of the function or was read from one."""
    function = module.function_of(value)
    name = dotted(value)
    return function is not None and (
        name in {param.name.value for param in parameters(function)} or bool(values_of(name, value, module))
    )
