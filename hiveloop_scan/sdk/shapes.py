"""Calls that only the SDK has: what they are called on is one of its objects, whatever its name."""

from __future__ import annotations

from collections import defaultdict

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.signatures import SEVERITIES, STEP_ACTIONS, Kind
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted

_TELLING = {
    "plan_step": (Kind.TASK, {"step_index", "plan_revision"}),
    "plan": (Kind.TASK, {"revision"}),
    "escalate": (Kind.TASK, {"assigned_to"}),
    "request_approval": (Kind.TASK, {"approver"}),
    "approval_received": (Kind.TASK, {"approved_by", "decision"}),
    "retry": (Kind.TASK, {"attempt", "backoff_seconds"}),
    "report_issue": (Kind.AGENT, {"issue_id", "occurrence_count"}),
    "resolve_issue": (Kind.AGENT, {"issue_id"}),
    "queue_snapshot": (Kind.AGENT, {"depth", "oldest_age_seconds", "processing", "items"}),
}
"""Method -> the object that has it, and the keywords that tell it from methods of the same name."""

_TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
_HOLDERS = frozenset({"task", "agent", "hive", "board", "run", "tracker"})


def kind_told_by(call: cst.Call) -> Kind | None:
    """Return the kind of object that a call is made on, where its method and arguments are those of the SDK alone."""
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in _TELLING:
        return None
    method = call.func.attr.value
    kind, telling = _TELLING[method]
    keywords = {arg.keyword.value: arg.value for arg in call.args if arg.keyword}
    given = [arg.value for arg in call.args if not arg.keyword and not arg.star]
    says_what = "summary" in keywords or (bool(given) and isinstance(given[0], _TEXTS))
    if method in ("plan_step", "queue_snapshot"):
        says_what = True
    if not telling.isdisjoint(keywords) and says_what:
        return kind
    if method == "plan_step" and len(given) > 1 and text_of(given[1]) in STEP_ACTIONS:
        return kind
    severity = keywords.get("severity", given[1] if len(given) > 1 else None)
    return kind if method == "report_issue" and text_of(severity) in SEVERITIES else None


def kind_by_use(name: str, scope: cst.CSTNode, module: ParsedModule) -> Kind | None:
    """Return what the dotted `name` holds inside `scope`, by the calls made on it; its words have to allow it."""
    if _HOLDERS.isdisjoint(words(name.rpartition(".")[2])):
        return None
    calls = module.once(_calls_by_owner, module.tree).get(name, ())
    told = {kind_told_by(call) for call in calls if module.is_below(call, [scope])} - {None}
    return told.pop() if len(told) == 1 else None


def methods_called_on(name: str, module: ParsedModule) -> set[str]:
    """Return the methods that this file calls on the dotted `name`."""
    return {call.func.attr.value for call in module.once(_calls_by_owner, module.tree).get(name, ())}  # type: ignore[attr-defined]


def text_of(node: cst.CSTNode | None) -> str | None:
    """Return the value of a plain text; None for anything else."""
    if isinstance(node, cst.ConcatenatedString):
        left, right = text_of(node.left), text_of(node.right)
        return None if left is None or right is None else left + right
    if not isinstance(node, cst.SimpleString):
        return None
    value = node.evaluated_value
    return value if isinstance(value, str) else None


def _calls_by_owner(tree: cst.CSTNode, module: ParsedModule) -> dict[str, list[cst.Call]]:
    found: dict[str, list[cst.Call]] = defaultdict(list)
    for call in module.nodes(cst.Call):
        if isinstance(call.func, cst.Attribute) and (owner := dotted(call.func.value)):
            found[owner].append(call)
    return dict(found)
