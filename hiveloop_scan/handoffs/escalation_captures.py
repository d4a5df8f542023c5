"""The pieces of a hand-over that a `task.escalate(...)` call is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.handoffs.triggers import Trigger
from hiveloop_scan.handoffs.wording import is_text, label_of
from hiveloop_scan.model import Capture, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.handing import ADDRESS_FIELDS, ASSIGNEE_FIELDS, is_called
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.pairs import pairs_in
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_SUMMARY = ("summary", "title", "subject", "text", "message", "description", "body", "note", "handoff_note")
_REASON = ("reason", "escalation_reason", "handoff_reason", "why", "review_reason", "cause")
_LONGEST = 160


def escalation_captures(
    nodes: Sequence[cst.CSTNode], call: cst.Call | None, trigger: Trigger, module: ParsedModule, options: Options
) -> dict[str, Capture]:
    """Describe one hand-over.

    ``operation`` names it for a report. ``summary`` and ``reason`` are expressions at ``insert_line`` that the code
    itself uses for them, ``assigned_to`` the name of who takes over as text or, with ``assigned_to_is_code``, as an
    expression. ``condition`` is the test that decided, ``exception`` the name bound in the handler around it. All are
    None where the code does not say. ``insert_line`` is the line before which the call belongs.
    """
    given = [pair for node in nodes for pair in _pairs(node, module)]
    assignee, is_code = _assignee(given, options)
    if assignee is None and call is not None:
        assignee, is_code = _from_name(last_name(call.func), options), False
    return {
        "operation": _operation(nodes[0], call),
        "summary": _text(given) or _first_text(call),
        "assigned_to": assignee,
        "assigned_to_is_code": is_code if assignee is not None else None,
        "reason": _expression(given, _REASON) or _noted_beside(nodes[0], module),
        "condition": trigger.condition,
        "exception": trigger.exception,
        "insert_line": module.span(nodes[0]).line,
    }


def _pairs(node: cst.CSTNode, module: ParsedModule) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the names and values that a statement passes on or sets."""
    if isinstance(node, cst.Assign):
        for target in node.targets:
            name = code(target.target).rstrip("\"']").rpartition(".")[2].rpartition('"')[2]
            yield name.rpartition("'")[2], node.value
    for call in module.below(node, cst.Call):
        yield from pairs_in(call)
    for literal in module.below(node, cst.Dict):
        yield from pairs_in(literal)


def _assignee(given: Sequence[tuple[str, cst.BaseExpression]], options: Options) -> tuple[str | None, bool]:
    for name, value in given:
        if is_called(name, (*ASSIGNEE_FIELDS, *ADDRESS_FIELDS)):
            if isinstance(value, cst.SimpleString):
                text = value.evaluated_value
                if isinstance(text, str) and " " not in text and "://" not in text:
                    return text, False
            elif is_called(name, ASSIGNEE_FIELDS) and isinstance(value, (cst.Name, cst.Attribute)):
                return code(value), True
    return None, False


def _from_name(name: str, options: Options) -> str | None:
    """Return who a function's name says takes over: "oncall" for ``notify_oncall``, "human" for ``to_human``."""
    joined = "_".join(words(name))
    known = sorted(
        (*options["people_words"], *options["common_people_words"], *options["role_words"]), key=len, reverse=True
    )
    return next((word.replace("_", "-") for word in known if f"_{word}_" in f"_{joined}_"), None)


def _text(given: Sequence[tuple[str, cst.BaseExpression]]) -> str | None:
    """Return the literal text that is given as a summary; a name may hold what the user wrote."""
    texts = (code(value) for name in _SUMMARY for key, value in given if key == name and is_text(value))
    return next((text for text in texts if len(text) <= _LONGEST), None)


def _expression(given: Sequence[tuple[str, cst.BaseExpression]], names: Sequence[str]) -> str | None:
    for name in names:
        for key, value in given:
            if key == name and (is_text(value) or dotted(value)) and not isinstance(value, cst.Dict):
                text = code(value)
                return text if len(text) <= _LONGEST else None
    return None


def _noted_beside(node: cst.CSTNode, module: ParsedModule) -> str | None:
    """Return the literal reason that is noted in the block of `node`: ``case.reason = "no answer"``."""
    block = module.enclosing(node, cst.IndentedBlock)
    for beside in statements(block) if block else ():
        if not isinstance(beside, cst.Assign) or last_name(beside.targets[0].target) not in _REASON:
            continue
        return code(beside.value) if is_text(beside.value) and len(code(beside.value)) <= _LONGEST else None
    return None


def _first_text(call: cst.Call | None) -> str | None:
    """Return the first positional text of a call that is a sentence and no key, channel or statement of SQL."""
    for arg in call.args if call else ():
        if arg.keyword is None and is_text(arg.value) and " " in code(arg.value) and label_of(arg.value) != "":
            text = code(arg.value)
            if len(text) <= _LONGEST and not mentions(text, ("insert_into", "update", "select")):
                return text
    return None


def _operation(node: cst.CSTNode, call: cst.Call | None) -> str:
    if call is not None:
        chained = isinstance(call.func, cst.Attribute) and "(" in code(call.func.value)
        return last_name(call.func) if chained else dotted(call.func)
    if isinstance(node, cst.Assign):
        return code(node.targets[0].target)
    return code(node)[:_LONGEST]
