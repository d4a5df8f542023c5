"""Mending of arguments that the SDK has under another name."""

from __future__ import annotations

import ast
import difflib
import re

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.place import call_at, method_of
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding
from hiveloop_scan.sdk.signatures import SIGNATURES

_SUMMARIES = ("reason", "message", "msg", "text", "description", "title")
_MEANT = {
    "retry": {
        **dict.fromkeys(
            ("delay", "wait", "backoff", "delay_seconds", "wait_seconds", "backoff_secs"), "backoff_seconds"
        ),
        **dict.fromkeys(("attempts", "attempt_number", "attempt_no", "retry_count", "retries"), "attempt"),
    },
    "report_issue": {
        **dict.fromkeys(("id", "issue", "issue_key"), "issue_id"),
        **dict.fromkeys(("count", "occurrences", "failure_count"), "occurrence_count"),
        "level": "severity",
    },
    "resolve_issue": dict.fromkeys(("id", "issue", "issue_key"), "issue_id"),
    "escalate": dict.fromkeys(("to", "assignee", "assign_to", "escalate_to"), "assigned_to"),
    "request_approval": dict.fromkeys(("approved_by", "approval_from"), "approver"),
    "approval_received": dict.fromkeys(("approver", "by"), "approved_by"),
    "llm_call": {
        **dict.fromkeys(("prompt_tokens", "input_tokens", "tokens_input"), "tokens_in"),
        **dict.fromkeys(("completion_tokens", "output_tokens", "tokens_output"), "tokens_out"),
        "latency_ms": "duration_ms",
    },
    "plan_step": {"index": "step_index", "status": "action", "revision": "plan_revision"},
    "queue_snapshot": dict.fromkeys(("size", "length", "count", "queue_depth"), "depth"),
}
"""Method -> what people write -> what the SDK calls the same thing."""

_CLOSE = 0.84
"""One letter more, less or another in a word of six."""


def rename_argument(source: Source, finding: Finding) -> list[Edit]:
    """``report_issue(..., count=3)`` -> ``report_issue(..., occurrence_count=3)``: all of the call's at once."""
    call = call_at(source, finding.span)
    names = _parameters(method_of(call))
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(word.arg is None for word in call.keywords):
        raise Refusal("what else is given cannot be seen here", "write the argument by hand")
    free = [name for name in names[len(call.args) :] if name not in {word.arg for word in call.keywords}]
    edits = []
    for given in call.keywords:
        if given.arg is None or given.arg in names:
            continue
        meant = _meant(method_of(call), given.arg, free)
        start = source.start(given)
        written = re.compile(rf"{given.arg}(?=[ \t]*=)").match(source.text, start)
        if meant is None or written is None:
            if given.arg == finding.captures["argument"]:
                raise Refusal(f"nobody can tell what {given.arg!r} is meant to be", "write the argument by hand")
            continue
        free.remove(meant)
        edits.append(Edit(start, written.end(), meant))
    return edits


def _parameters(method: str) -> list[str]:
    """Return the parameters of a method, the same for all objects that have it."""
    found = {signature.names for (_, name), signature in SIGNATURES.items() if name == method}
    if len(found) != 1:
        raise Refusal("several methods of the SDK have this name", "write the argument by hand")
    return list(found.pop())


def _meant(method: str, name: str, free: list[str]) -> str | None:
    """Return the argument that is surely meant, None where there is a doubt."""
    known = _MEANT.get(method, {}).get(name) or ("summary" if name in _SUMMARIES else None)
    if known in free:
        return known
    close = difflib.get_close_matches(name, free, n=2, cutoff=_CLOSE)
    return close[0] if len(close) == 1 else None
