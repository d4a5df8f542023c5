"""Shapes of code that puts a question to a person, or shows one and notes that the answer is awaited."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.signs import Signs, like, whole
from hiveloop_scan.syntax.walking import nodes

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module

_CONFIRMS = {
    "confirm", "confirmation_option", "askyesno", "askokcancel", "ynbox", "ccbox", "yes_no_dialog", "button_dialog",
    "list_input", "TerminalMenu", "ainput", "readline", "getchar", "buttonbox", "choicebox", "rawselect",
    "autocomplete",
}  # fmt: skip
_ASKED = {"ask", "prompt", "prompt_async", "input", "select", "text"}
_ASKERS = re.compile(r"confirm|prompt|console|session|click|typer|inquirer|questionary|beaupy|builtins", re.IGNORECASE)
_RUNNERS = ("to_thread", "run_in_executor", "run_sync", "wait_for", "submit", "partial")
_HELPER = re.compile(
    r"_*(?:ask|prompt|confirm)(?:_|$)"
    r"|_*(?:get|read|take|request|wait|query|console|terminal|user|human|safe|input)_"
    r"\w*(?:input|answer|yes|yn|confirmation|consent|choice|user|human|operator|permission)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"human|user|operator|person|hitl", re.IGNORECASE)
_WAITS = re.compile(r"_*(?:a?wait|pending|paused|expecting)\w*_", re.IGNORECASE)
_PAUSES_WORK = re.compile(
    r"appro|confirm|permission|human|consent|sign_?off|pause|interrupt|suspend|await|waiting", re.IGNORECASE
)
_AGREES = {"yes", "approve", "allow", "accept", "confirm", "proceed", "y"}
_REFUSES = {"no", "reject", "deny", "refuse", "decline", "cancel", "abort", "n"}
_YES = {"y", "yes", "/y", "ok", "approve", "approved", "confirm", "accept", "proceed", "a"}
_CHOICE = re.compile(r"[\[(]?y(?:es)?[\])]?\s*[/|,]|yes or no|\by\b|\byes\b", re.IGNORECASE)

CONSOLE_SIGNS: Signs = [
    [whole(*_CONFIRMS, "input", "prompt")],
    [whole(*_ASKED), like(_ASKERS)],
    [like(f"^(?:{_HELPER.pattern})")],
    [like(_PAUSES_WORK), whole(*_AGREES), whole(*_REFUSES)],
]
WAITING_SIGNS: Signs = [[whole("raise"), like(_PAUSES_WORK)], [like(f"^{_WAITS.pattern}"), whole("True")]]


def calls_in(unit: Unit) -> Iterator[ast.Call]:
    return iter(nodes(unit, ast.Call))


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def owner_of(node: ast.expr) -> str:
    return name_of(node.value) if isinstance(node, ast.Attribute) else ""


def used_calls(unit: Unit) -> Iterator[ast.Call]:
    thrown_away = {id(node.value) for node in nodes(unit, ast.Expr)}
    return (call for call in calls_in(unit) if id(call) not in thrown_away)


def has_console_question(unit: Unit) -> bool:
    """A call of a function that reads what a person types, or that is handed ``input`` to run it."""
    for call in calls_in(unit):
        name = name_of(call.func)
        if name in _CONFIRMS or (isinstance(call.func, ast.Name) and name in ("input", "prompt")):
            return True
        if name in _ASKED and _ASKERS.search(owner_of(call.func)):
            return True
        if name in _RUNNERS and any(isinstance(arg, ast.Name) and arg.id == "input" for arg in call.args):
            return True
    asks = any(_HELPER.match(name_of(call.func)) and (call.args or call.keywords) for call in used_calls(unit))
    if not isinstance(unit, ast.Module) and _PAUSES_WORK.search(unit.name) and _lists_a_yes_and_a_no(unit):
        return True
    named = "" if isinstance(unit, ast.Module) else f"{unit.name} {ast.unparse(unit.returns) if unit.returns else ''}"
    if asks and _PERSON.search(named):
        return True
    return asks and any(
        isinstance(text.value, str) and (text.value.lower() in _YES or _CHOICE.search(text.value))
        for text in nodes(unit, ast.Constant)
    )


def _lists_a_yes_and_a_no(unit: Unit) -> bool:
    """Say whether texts are listed of which one begins with a yes and one with a no."""
    for listed in nodes(unit, ast.List, ast.Tuple):
        first = [
            part.value.split(maxsplit=1)[0].strip(",.:").lower()
            for element in listed.elts
            for part in nodes(element, ast.Constant)[:1]
            if isinstance(part.value, str) and part.value.strip()
        ]
        if not _AGREES.isdisjoint(first) and not _REFUSES.isdisjoint(first):
            return True
    return False


def asks_and_waits(unit: Unit) -> bool:
    """A field named for a wait is set to true, and a text shows how to agree; or the work stops for a person."""
    for stop in nodes(unit, ast.Raise):
        raised = stop.exc.func if isinstance(stop.exc, ast.Call) else stop.exc
        if raised is not None and _PAUSES_WORK.search(name_of(raised)):
            return True
    for node in nodes(unit, ast.Assign):
        target = node.targets[0]
        key = target.slice.value if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant) else ""
        name = key if isinstance(key, str) and key else name_of(target)
        if _WAITS.match(name) and isinstance(node.value, ast.Constant) and node.value.value is True:
            return any(isinstance(text.value, str) and _CHOICE.search(text.value) for text in nodes(unit, ast.Constant))
    return False
