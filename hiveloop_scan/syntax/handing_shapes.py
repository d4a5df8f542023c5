"""Shapes of code that hands work on: names with such a verb, fields that get a label, answers that are labels."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.syntax.handing import (
    ADDRESS_FIELDS,
    ASSIGNEE_FIELDS,
    GIVING_VERBS,
    HANDING_VERBS,
    STATE_FIELDS,
    is_called,
)
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.walking import nodes

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
HANDING_BYTES = "|".join(sorted(HANDING_VERBS)).encode()
"""What a file must hold for one of the verbs to be in it."""

SENDING_WORDS = frozenset(
    {
        "send", "post", "publish", "notify", "alert", "trigger", "message", "dm", "page", "push", "sendmail", "slack",
        "email", "mail", "urlopen", "request",
    }
)  # fmt: skip
SENDING_BYTES = "|".join(sorted(SENDING_WORDS)).encode()

_SWITCHES = re.compile(r"(?:set|update|switch|change|swap)\w*_(?:agent|assistant)|switch_to", re.IGNORECASE)
_RUNS = ("run", "arun", "_run", "invoke", "ainvoke", "execute", "call", "forward")
_HANDS = re.compile(r"hand_?o(?:ff|ver)|escalat|to_?human", re.IGNORECASE)
_TARGET = re.compile(r"target|_(?:agent|assistant)s?$", re.IGNORECASE)
_LABEL = re.compile(r"[#@\w][\w@.:/-]{1,59}")
_FIELDS = (*STATE_FIELDS, *ASSIGNEE_FIELDS, *ADDRESS_FIELDS)


def has_handing_name(unit: Unit) -> bool:
    """A call or a function whose name has a verb that hands work on, and another word."""
    return _has_name_with(HANDING_VERBS, unit)


def has_giving_name(unit: Unit) -> bool:
    """A call or a function whose name has a verb that may hand work on, and another word."""
    return _has_name_with(GIVING_VERBS, unit)


def has_sending_call(unit: Unit) -> bool:
    """A call by which something may be sent to people: ``send``, ``post``, ``alert`` and the like are in its name."""
    return any(not SENDING_WORDS.isdisjoint(words(_last_name(call.func))) for call in nodes(unit, ast.Call))


def runs_own_tool(unit: Unit) -> bool:
    """A tool that an object keeps, or that is made there, is run without a choice: ``self.exit_tool.run()``."""
    for call in nodes(unit, ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _RUNS:
            tool = call.func.value
            if isinstance(tool, ast.Call):
                if _HANDS.search(_last_name(tool.func)):
                    return True
            elif _last_name(tool).endswith("tool"):
                return True
    return False


def has_agent_switch(unit: Unit) -> bool:
    """A function or a call that sets an agent, a name bound to an answer's agent, a method of a target agent."""
    if not isinstance(unit, ast.Module) and _SWITCHES.search(unit.name):
        return True
    for node in nodes(unit, ast.Call, ast.Assign):
        if isinstance(node, ast.Call):
            if _SWITCHES.search(_last_name(node.func)):
                return True
            runs = (node.func, *node.args)
            if any(isinstance(run, ast.Attribute) and _TARGET.search(_last_name(run.value)) for run in runs):
                return True
        elif _last_name(node.value) in ("agent", "next_agent", "target_agent"):
            return True
    return False


def has_assignee_field(unit: Unit) -> bool:
    """A field, an argument or a key that says who has the work."""
    for node in nodes(unit, ast.Assign, ast.keyword, ast.Dict):
        if isinstance(node, ast.Assign):
            if any(is_called(_field_name(target), ASSIGNEE_FIELDS) for target in node.targets):
                return True
        elif isinstance(node, ast.keyword):
            if node.arg and is_called(node.arg, ASSIGNEE_FIELDS):
                return True
        elif isinstance(node, ast.Dict) and any(
            isinstance(key, ast.Constant) and isinstance(key.value, str) and is_called(key.value, ASSIGNEE_FIELDS)
            for key in node.keys
        ):
            return True
    return False


def _has_name_with(verbs: frozenset[str], unit: Unit) -> bool:
    for node in nodes(unit, ast.Call, ast.FunctionDef, ast.AsyncFunctionDef):
        name = _last_name(node.func) if isinstance(node, ast.Call) else node.name
        if len(found := words(name)) > 1 and not verbs.isdisjoint(found[:2]):
            return True
    return False


def has_labelled_field(unit: Unit) -> bool:
    """A field, an argument or a key that says where work stands, and gets a label."""
    for node in nodes(unit, ast.Assign, ast.keyword, ast.Dict):
        if isinstance(node, ast.Assign):
            if _is_label(node.value) and any(_is_field(_field_name(target)) for target in node.targets):
                return True
        elif isinstance(node, ast.keyword):
            if node.arg and _is_label(node.value) and _is_field(node.arg):
                return True
        elif isinstance(node, ast.Dict) and any(
            isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_label(value) and _is_field(key.value)
            for key, value in zip(node.keys, node.values, strict=True)
        ):
            return True
    return False


def has_answers_with_labels(unit: Unit) -> bool:
    """Two or more returned labels, as they stand or in a dict."""
    labels = 0
    for node in nodes(unit, ast.Return):
        value = node.value
        parts: list[ast.expr | None] = [value]
        if isinstance(value, ast.IfExp):
            parts = [value.body, value.orelse]
        elif isinstance(value, ast.Dict):
            parts = [*value.values]
        labels += sum(part is not None and _is_label(part) for part in parts)
    return labels > 1


def _is_field(name: str) -> bool:
    return is_called(name, _FIELDS)


def _field_name(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        return str(target.slice.value) if isinstance(target.slice, ast.Constant) else ""
    return _last_name(target)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _is_label(node: ast.expr) -> bool:
    """A short text without spaces, a constant, a member of an enum, or a choice of these."""
    if isinstance(node, ast.IfExp):
        return _is_label(node.body) or _is_label(node.orelse)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and _LABEL.fullmatch(node.value) is not None
    if isinstance(node, ast.Attribute):
        owner = _last_name(node.value)
        return node.attr.isupper() or owner[:1].isupper()
    return isinstance(node, ast.Name) and node.id.isupper()
