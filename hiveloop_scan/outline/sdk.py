"""Which calls have the shape of the SDK's, whatever the handle is called."""

from __future__ import annotations

import ast

from hiveloop_scan.methods import METHODS
from hiveloop_scan.outline.scopes import Scope, bindings, dotted
from hiveloop_scan.syntax.names import mentions

HANDLES = ("task", "agent", "hl", "hive", "hiveloop")
_OWN = ("", "self", "cls", "super")
_KEYWORDS = {
    "retry": {"attempt", "backoff_seconds"},
    "escalate": {"assigned_to"},
    "report_issue": {"severity", "issue_id", "occurrence_count"},
    "resolve_issue": {"issue_id"},
    "plan_step": {"step_index", "action", "plan_revision", "total_steps"},
    "llm_call": {"tokens_in", "tokens_out", "prompt_preview", "response_preview"},
    "request_approval": {"approver"},
    "approval_received": {"approved_by", "decision"},
    "queue_snapshot": {"depth", "oldest_age_seconds"},
}
"""Keywords that only the SDK's method has, whatever the object is called."""

HELPERS = {
    "_hl_track": "track_context",
    "_hl_track_awaitable": "track_context",
    "_hl_track_call": "track_context",
    "_hl_track_step": "plan_step",
}
"""Names under which `hiveloop-scan apply` imports the helpers that tell of a block, or of what is called or awaited."""

TELLERS = ("tell_task", "tell_agent", "_hl_tell_task", "_hl_tell_agent")
"""Helpers of `hiveloop-scan init` that call a lambda with the task or the agent."""

_CELERY = {"exc", "countdown", "eta", "max_retries", "throw"}
_TEXTS = (ast.JoinedStr, ast.BinOp)


def sdk_method(call: ast.Call, scope: Scope) -> str:
    """Return the SDK's method that `call` has the shape of: ``task.retry("...", attempt=2)``; "" for none."""
    func = call.func
    if isinstance(func, ast.Attribute):
        return func.attr if func.attr in METHODS and _is_told(call, func.attr, func.value, scope) else ""
    if isinstance(func, ast.Call) and dotted(func.func) == "getattr" and len(func.args) > 1:
        name = func.args[1]
        known = isinstance(name, ast.Constant) and name.value in METHODS
        return str(name.value) if known and _is_told(call, str(name.value), func.args[0], scope) else ""  # type: ignore[attr-defined]
    if isinstance(func, ast.Name):
        if func.id in HELPERS:
            return HELPERS[func.id]
        if func.id in TELLERS:
            return _told_by_lambda(call)
        for value, _ in bindings(func.id, scope):
            for part in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(part, ast.Attribute) and part.attr in METHODS:
                    return part.attr if _is_told(call, part.attr, part.value, scope) else ""
    return ""


def _told_by_lambda(call: ast.Call) -> str:
    """Return the method of ``tell_task(lambda task: task.retry(...))``."""
    told = call.args[0].body if call.args and isinstance(call.args[0], ast.Lambda) else None
    methods = [
        node.func.attr
        for node in (ast.walk(told) if told is not None else ())
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
    ]
    return methods[0] if methods else ""


def _is_told(call: ast.Call, method: str, handle: ast.expr, scope: Scope) -> bool:
    """Say whether the arguments are the SDK's own, or else whether `handle` is known for one and there are any."""
    owner = dotted(handle)
    if owner in _OWN:
        return False
    keywords = {keyword.arg for keyword in call.keywords}
    if keywords & _KEYWORDS.get(method, set()):
        return True
    first = call.args[0] if call.args else next((item.value for item in call.keywords if item.arg == "summary"), None)
    if method == "retry":
        if keywords & _CELERY:
            return False
        return isinstance(first, _TEXTS) or (isinstance(first, ast.Constant) and isinstance(first.value, str))
    return bool(call.args or call.keywords) and is_handle(handle, scope)


def is_handle(node: ast.expr, scope: Scope, steps: int = 3) -> bool:
    """Say whether an expression speaks of a task or an agent, itself or where it was bound."""
    owner = dotted(node)
    if mentions(owner, HANDLES):
        return True
    if isinstance(node, ast.Call) and dotted(node.func) == "getattr":
        return any(
            isinstance(arg, ast.Constant) and isinstance(arg.value, str) and mentions(arg.value, HANDLES)
            for arg in node.args
        )
    if isinstance(node, (ast.BoolOp, ast.IfExp)):
        parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        return any(is_handle(part, scope, steps) for part in parts)
    if isinstance(node, ast.Name) and steps:
        return any(
            is_handle(value, place, steps - 1)
            for value, place in bindings(node.id, scope)
            if isinstance(value, ast.expr)
        )
    return False
