"""Files that may call the SDK, by their bytes, and the functions in them that hold a piece of it."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.syntax.signs import Shape
from hiveloop_scan.syntax.walking import texts

SDK_BYTES = (
    rb"hiveloop|hl_task|hl_agent|hl_track|queue_provider|get_current_task|get_current_agent|\.plan_step\(|\.report_issue\(|\.resolve_issue\("
    rb"|\.queue_snapshot\(|\.approval_received\(|\.request_approval\(|\.escalate\(|\.retry\(|\.plan\(|\.task\("
    rb"|\.start_task\(|\.track\(|\.track_context\(|\.llm_call\("
)
"""What a file holds that uses the SDK: its name, a getter as people call it, a method that few others have."""

_SPOKEN = re.compile(
    r"hiveloop|hiveboard|task|agent|track|plan|issue|escalat|approval|retry|snapshot|hb|hl_|llm_call|event|depth|queue|ContextVar"
)
_SHORT = 2
"""Statements of a getter."""


def has_sdk_use(unit: ast.FunctionDef | ast.AsyncFunctionDef | ast.Module) -> bool:
    """Say whether a function may call the SDK, hold one of its objects, or hand one on; imports stand in the module.

    A getter may have no telling word in it, but it is short.
    """
    if isinstance(unit, ast.Module) or len(unit.body) <= _SHORT:
        return True
    if any(_SPOKEN.search(text) for text in texts(unit)):
        return True
    names = [argument.arg for argument in getattr(getattr(unit, "args", None), "args", ())]
    return any(_SPOKEN.search(name) for name in (*names, getattr(unit, "name", "")))


SDK_USE = Shape(has_sdk_use, text_in_file=SDK_BYTES)
