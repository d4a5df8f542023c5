"""Shapes of code that may wait for a person: questions, open waits, callbacks that answer, pauses, parked requests."""

from __future__ import annotations

import ast
import re
from collections.abc import Set
from functools import lru_cache

from hiveloop_scan.syntax.asker_shapes import asks_a_handler
from hiveloop_scan.syntax.question_shapes import (
    CONSOLE_SIGNS,
    WAITING_SIGNS,
    asks_and_waits,
    calls_in,
    has_console_question,
    name_of,
    owner_of,
)
from hiveloop_scan.syntax.signs import Shape, Signs, like, whole
from hiveloop_scan.syntax.walking import nodes, text_set, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module

_TAKES = {"blpop", "brpop", "bzpopmin", "recv", "receive", "receive_json", "receive_text", "receive_message", "xread"}
_WAITED = ("wait", "get", "result")
_FUTURE = re.compile(
    r"fut|promise|deferred|response|answer|decision|approv|result|reply|pending|request", re.IGNORECASE
)
_PAUSES = {
    "interrupt", "NodeInterrupt", "human_feedback", "HumanInTheLoopMiddleware", "HumanApprovalCallbackHandler",
    "HumanInputRun", "AskActionMessage", "ApprovalRequired", "pause_flow_run", "suspend_flow_run", "InputRequiredEvent",
    "HumanInputTool", "UserProxyAgent", "require_approval", "elicit", "elicit_form", "request_confirmation",
}  # fmt: skip
_SWITCHES = {
    "human_input", "needs_approval", "requires_approval", "requires_confirmation", "requires_user_input",
    "require_confirmation", "human_input_mode", "approval_mode", "interrupt_before", "interrupt_after", "interrupt_on",
}  # fmt: skip
_STATUS = re.compile(
    r"(?:pending|await|wait|need|requir|paus)\w*?(?:[_ ](?:for|on))?[_ ]?(?:your[_ ])?"
    r"(?:appro|confirm|human|user|permission|decision|sign|input|reply|answer)"
    r"|(?:appro|confirm)\w*_(?:pending|required|needed)|^(?:asking|awaiting|waiting)$|(?:input|interaction|question|user_action)_required|requires_(?:input|interaction)"
    r"|(?:pending|await\w*|wait\w*)[_ ](?:for[_ ])?review|please[_ ](?:confirm|approve)",
    re.IGNORECASE,
)
_RECORD = re.compile(
    r"appro|confirmation|permission_?request|human|pending_?(?:action|feedback|decision)|interrupt|sign_?off|hitl", re.I
)
_DECIDED = re.compile(r"^(?:approved|denied|rejected|declined)$", re.IGNORECASE)
_HANDS_IN = re.compile(
    r"_*(?:create|submit|queue|park|hold|file|enqueue|store|save|persist|open|raise|insert|record|mark|set)"
)
_STORES = {
    "add", "append", "put", "put_nowait", "save", "insert", "insert_one", "store", "setdefault", "create", "push",
    "enqueue", "set", "hset", "rpush", "lpush", "upsert", "put_item", "persist", "register", "write", "submit", "open",
}  # fmt: skip
_DECIDES = re.compile(r"_*(?:approve|reject|deny|decline|confirm|decide)(?![a-z])")
_PROPOSERS = ("proposed_by", "proposer")
_TAKES_OUT = {"pop", "get", "remove", "execute"}
_PENDING = re.compile(r"pending|await|held|on_hold|parked|proposed", re.IGNORECASE)
_PENDING_ROW = re.compile(r"insert.*(?:pending|await|held|on_hold|parked|proposed)", re.IGNORECASE | re.DOTALL)
_FILES = {"write_text", "dump", "move", "write_bytes", "rename"}
_LONGEST_STATUS = 100
_PARKED_SIGNS: Signs = [
    [like(_RECORD)],
    [like("^(?:propos|approv|decided_by)")],
    [like(_DECIDED)],
    [like(_STATUS)],
    [like(f"^{_DECIDES.pattern}"), whole(*_TAKES_OUT)],
    [
        like("pending|(?:await|wait|need|requir)[a-z]|paus|please|^wait"),
        like("^(?:appro|confirm|human|user|permission|decision|sign|input|reply|answer|review|interaction)"),
    ],
]


def _has_open_wait(unit: Unit) -> bool:
    """A wait for what others set: ``event.wait()``, ``future.result()``, ``await future``, a call named for a wait.

    A function that is itself named for a wait counts too: what is called and stands in the file waits in there.
    """
    if not isinstance(unit, ast.Module) and "wait" in unit.name:
        return True
    makes = any(
        name_of(call.func) in ("Future", "create_future", "run_coroutine_threadsafe") for call in calls_in(unit)
    )
    for node in nodes(unit, ast.Await, ast.Call):
        if isinstance(node, ast.Await):
            awaited = node.value
            if not isinstance(awaited, ast.Call) and (makes or _FUTURE.search(name_of(awaited))):
                return True
            if isinstance(awaited, ast.Call) and name_of(awaited.func) == "get" and not awaited.args:
                return True
        elif isinstance(node, ast.Call):
            name = name_of(node.func)
            if name in _TAKES or ("wait" in name.lower() and owner_of(node.func) != "asyncio") or name == "wait_for":
                return True
            if name == "result" and (makes or node.args or node.keywords or _FUTURE.search(owner_of(node.func))):
                return True
            if name == "get" and any(word.arg == "timeout" for word in node.keywords):
                return True
            if any(isinstance(arg, ast.Attribute) and arg.attr in _WAITED for arg in node.args):
                return True
    return False


def _has_framework_pause(unit: Unit) -> bool:
    """A call or an argument with which an agent framework waits for a person."""
    return any(
        name_of(call.func) in _PAUSES or any(word.arg in _SWITCHES for word in call.keywords) for call in calls_in(unit)
    )


def _has_parked_request(unit: Unit) -> bool:
    """A status that awaits approval, a record of a request, something that is put among such, a function to do so."""
    if not isinstance(unit, ast.Module):
        if _RECORD.search(unit.name) and _HANDS_IN.match(unit.name):
            return True
        if _DECIDES.match(unit.name) and any(name_of(call.func) in _TAKES_OUT for call in calls_in(unit)):
            return True
    if any(word.arg in _PROPOSERS for word in nodes(unit, ast.keyword)):
        return True
    telling = {text for text in text_set(unit) if _may_park(text)}
    if not telling:
        return False
    return (
        any(isinstance(node.value, str) and _speaks(node.value) for node in nodes(unit, ast.Constant))
        or any(node.attr in telling and _STATUS.search(node.attr) for node in nodes(unit, ast.Attribute))
        or any(_hands_in(node, telling) for node in nodes(unit, ast.Call))
        or any(_keeps_a_request(node, telling) for node in nodes(unit, ast.Assign, ast.AnnAssign))
    )


def _hands_in(call: ast.Call, telling: Set[str]) -> bool:
    """Say whether a call makes the record of a request, or puts something among such."""
    name = name_of(call.func)
    if name in telling and _RECORD.search(name):
        return name[:1].isupper() or bool(_HANDS_IN.match(name) or _STATUS.search(name))
    return name in _STORES and (owner := owner_of(call.func)) in telling and bool(_RECORD.search(owner))


def _keeps_a_request(node: ast.Assign | ast.AnnAssign, telling: Set[str]) -> bool:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        held = name_of(target.value) if isinstance(target, ast.Subscript) else ""
        if held in telling and _RECORD.search(held):
            return True
        if isinstance(target, ast.Attribute) and target.attr.startswith(("propos", "approv", "decided_by")):
            return True
        if name_of(target) in ("status", "state", "decision") and node.value is not None and _decides(node.value):
            return True
    return False


@lru_cache(maxsize=32768)
def _may_park(text: str) -> bool:
    """Say whether a name or a text can be part of what tells of a request that is parked."""
    return (
        text.startswith(("propos", "approv", "decided_by"))
        or _RECORD.search(text) is not None
        or _STATUS.search(text) is not None
        or _DECIDED.search(text) is not None
    )


def _has_pending_place(unit: Unit) -> bool:
    """Something is put where things wait: a container, a table, a folder or a field that is named for it."""
    for node in nodes(unit, ast.Constant, ast.Assign, ast.AnnAssign, ast.Call):
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                held = target.value if isinstance(target, ast.Subscript) else target
                key = target.slice if isinstance(target, ast.Subscript) else None
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and _PENDING.search(key.value):
                    return True
                if isinstance(target, (ast.Subscript, ast.Attribute)) and _PENDING.search(name_of(held)):
                    return True
        elif isinstance(node, ast.Call):
            name = name_of(node.func)
            if name in _STORES and _PENDING.search(owner_of(node.func)):
                return True
            if name in _FILES:
                return True
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _PENDING_ROW.search(node.value):
            return True
    return False


def _decides(value: ast.expr) -> bool:
    """Say whether a value can be that of a decision: ``"approved" if yes else "denied"``."""
    parts = (
        part.value if isinstance(part, ast.Constant) else name_of(part)
        for part in walk(value)
        if isinstance(part, ast.expr)
    )
    return any(isinstance(part, str) and _DECIDED.search(part) is not None for part in parts)


def _speaks(text: str) -> bool:
    if len(text) <= _LONGEST_STATUS and _STATUS.search(text):
        return True
    return "insert" in text.lower() and bool(_RECORD.search(text))


WAITING_SHAPES = {
    "console-question": Shape(has_console_question, CONSOLE_SIGNS),
    "open-wait": Shape(
        _has_open_wait,
        [[like("wait|receive")], [whole("result", "get", "blpop", "brpop", "bzpopmin", "recv", "xread")]],
    ),
    "asks-a-handler": Shape(asks_a_handler, [[like("^_*(?:handler|callback|cb|ask|approver|confirm)_*$")]]),
    "framework-pause": Shape(_has_framework_pause, [[whole(*_PAUSES, *_SWITCHES)]]),
    "asks-and-waits": Shape(asks_and_waits, WAITING_SIGNS),
    "pending-place": Shape(_has_pending_place, [[like(_PENDING)], [whole(*_FILES)]]),
    "parked-request": Shape(_has_parked_request, _PARKED_SIGNS),
}
