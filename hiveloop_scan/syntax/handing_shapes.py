"""Shapes of code that hands work on: names with such a verb, fields that get a label, answers that are labels."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.call_parts import last_name
from hiveloop_scan.syntax.handing import (
    ADDRESS_FIELDS,
    ASSIGNEE_FIELDS,
    CALLBACKS,
    GIVING_VERBS,
    HANDING_VERBS,
    RUNS,
    STATE_FIELDS,
    is_called,
)
from hiveloop_scan.syntax.names import words as split
from hiveloop_scan.syntax.said_shapes import said_in
from hiveloop_scan.syntax.signs import ALSO, WORDS, Shape, Signs, Speaking, like, whole
from hiveloop_scan.syntax.spelling import Words, speaks
from hiveloop_scan.syntax.walking import nodes, once

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
SENDING_WORDS = frozenset(
    {
        "send", "post", "publish", "notify", "alert", "trigger", "message", "dm", "page", "push", "sendmail", "slack",
        "email", "mail", "urlopen", "request",
    }
)  # fmt: skip

_SWITCHES = re.compile(r"(?:set|update|switch|change|swap)\w*_(?:agent|assistant)|switch_to", re.IGNORECASE)
_HANDS = re.compile(r"hand_?o(?:ff|ver)|escalat|to_?human", re.IGNORECASE)
_TARGET = re.compile(r"target|_(?:agent|assistant)s?$", re.IGNORECASE)
_AGENT = re.compile(r"agent|assistant|target", re.IGNORECASE)
_TRANSFERS = re.compile(r"transfer|(?:hand_?(?:off|over)|switch|escalate)_?to", re.IGNORECASE)
_LABEL = re.compile(r"[#@\w][\w@.:/-]{1,59}")
_SPACED_LABEL = re.compile(r"[#@\w][\w@.:/ -]{1,59}")
_FIELDS = (*STATE_FIELDS, *ASSIGNEE_FIELDS, *ADDRESS_FIELDS)
TOOL_RUN_SIGNS: Signs = [[whole(*RUNS), like("tool$")], [whole(*RUNS), like(_HANDS)]]


def has_handing_name(unit: Unit, words: Words, also: Words) -> bool:
    """A verb that hands work on in the name of a function, or of a call, and the words in that or in what it is given.

    A transfer may be one of a caller, to a number.
    """
    for node, name in _named(unit, HANDING_VERBS):
        if "transfer" in split(name) or speaks(words, name):
            return True
        if isinstance(node, ast.Call) and any(speaks(words, text) for text in once(said_in, node)):
            return True
    return False


def has_giving_name(unit: Unit, words: Words, also: Words) -> bool:
    """A call or a function whose name has a verb that may hand work on, and the words."""
    return any(speaks(words, name) for _, name in _named(unit, GIVING_VERBS))


def has_sending_call(unit: Unit, words: Words, also: Words) -> bool:
    """A call by which something may be sent to people, with the words in it; and a name or a text with `also`.

    A class may have the words for its own methods.
    """
    calls = [call for call in nodes(unit, ast.Call) if not SENDING_WORDS.isdisjoint(split(last_name(call.func)))]
    speaking = any(_is_own(call) or any(speaks(words, text) for text in once(said_in, call)) for call in calls)
    return speaking and any(speaks(also, text) for text in once(said_in, unit))


def has_callback(unit: Unit, words: Words, also: Words) -> bool:
    """A call of what is named with the words as a callback is: ``self.on_escalate(case)``."""
    return any(
        speaks(words, name) and (split(name)[0] == "on" or split(name)[-1] in CALLBACKS)
        for name in (last_name(call.func) for call in nodes(unit, ast.Call))
    )


def _is_own(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "self"


def _named(unit: Unit, verbs: frozenset[str]) -> Iterator[tuple[ast.AST, str]]:
    """Yield the calls and functions with one of the verbs at the beginning of their names."""
    for node in nodes(unit, ast.Call, ast.FunctionDef, ast.AsyncFunctionDef):
        name = last_name(node.func) if isinstance(node, ast.Call) else node.name
        if not verbs.isdisjoint(split(name)[:2]):
            yield node, name


def runs_own_tool(unit: Unit) -> bool:
    """A tool that an object keeps, or that is made there, is run without a choice: ``self.exit_tool.run()``."""
    for call in nodes(unit, ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in RUNS:
            tool = call.func.value
            if isinstance(tool, ast.Call):
                if _HANDS.search(last_name(tool.func)):
                    return True
            elif last_name(tool).endswith("tool"):
                return True
    return False


def has_agent_switch(unit: Unit) -> bool:
    """A function or a call that sets an agent, a name bound to an answer's agent, a method of a target agent."""
    if not isinstance(unit, ast.Module) and _SWITCHES.search(unit.name):
        return True
    for node in nodes(unit, ast.Call, ast.Assign):
        if isinstance(node, ast.Call):
            if _SWITCHES.search(last_name(node.func)):
                return True
            runs = (node.func, *node.args)
            if any(isinstance(run, ast.Attribute) and _TARGET.search(last_name(run.value)) for run in runs):
                return True
        elif last_name(node.value) in ("agent", "next_agent", "target_agent"):
            return True
    return False


def goes_to_another_agent(unit: Unit) -> bool:
    """An agent is set, run or made a message for, or a function is named for a transfer."""
    if any(_TRANSFERS.search(node.name) for node in nodes(unit, ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    for node in nodes(unit, ast.Assign, ast.Call):
        if isinstance(node, ast.Assign):
            if any(_AGENT.search(last_name(target)) for target in node.targets):
                return True
            continue
        name = last_name(node.func)
        if name == "Command" or _SWITCHES.search(name) or (name[:1].isupper() and _HANDS.search(name)):
            return True
        runs = (part.value for part in (node.func, *node.args[:2]) if isinstance(part, ast.Attribute))
        if any(_AGENT.search(last_name(run)) for run in runs):
            return True
    return False


def has_assignee_field(unit: Unit, words: Words, also: Words) -> bool:
    """A field, an argument or a key that says who has the work, and gets something with the words."""
    return any(
        is_called(name, ASSIGNEE_FIELDS) and any(speaks(words, text) for text in once(said_in, value))
        for name, value in _fields(unit)
    )


def has_labelled_field(unit: Unit, words: Words, also: Words) -> bool:
    """A field, an argument or a key that says where work stands, and gets a label with the words."""
    return any(
        is_called(name, _FIELDS)
        and _is_label(value, _SPACED_LABEL)
        and any(speaks(words, text) for text in once(said_in, value))
        for name, value in _fields(unit)
    )


def _fields(unit: Unit) -> Iterator[tuple[str, ast.expr]]:
    """Yield the fields, arguments and keys that get a value."""
    for node in nodes(unit, ast.Assign, ast.keyword, ast.Dict):
        if isinstance(node, ast.Assign):
            yield from ((_field_name(target), node.value) for target in node.targets)
        elif isinstance(node, ast.keyword):
            yield node.arg or "", node.value
        else:
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value


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


def _field_name(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        return str(target.slice.value) if isinstance(target.slice, ast.Constant) else ""
    return last_name(target)


def _is_label(node: ast.expr, label: re.Pattern[str] = _LABEL) -> bool:
    """A short text, a constant, a member of an enum, or a choice of these."""
    if isinstance(node, ast.IfExp):
        return _is_label(node.body, label) or _is_label(node.orelse, label)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and label.fullmatch(node.value) is not None
    if isinstance(node, ast.Attribute):
        owner = last_name(node.value)
        return node.attr.isupper() or owner[:1].isupper()
    return isinstance(node, ast.Name) and node.id.isupper()


HANDING_SHAPES = {
    "handing-name": Shape(has_handing_name, [[Speaking(HANDING_VERBS), WORDS, ALSO]]),
    "sending-call": Shape(has_sending_call, [[Speaking(SENDING_WORDS), WORDS, ALSO]]),
    "callback-named": Shape(has_callback, [[WORDS, ALSO]]),
    "giving-name": Shape(has_giving_name, [[Speaking(GIVING_VERBS), WORDS, ALSO]]),
    "labelled-field": Shape(has_labelled_field, [[Speaking(_FIELDS), WORDS, ALSO]]),
    "assignee-field": Shape(has_assignee_field, [[Speaking(ASSIGNEE_FIELDS), WORDS, ALSO]]),
}
"""Their tests are given the words of a need."""
