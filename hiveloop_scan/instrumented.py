"""Places that tell HiveBoard already: the SDK call stands in the branch, or in a function that the branch calls."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.methods import companions
from hiveloop_scan.model import Match
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import dotted, last_name, statements

_HANDLES = ("task", "agent", "hl", "hiveloop")
_KEYWORDS = {
    "retry": {"attempt", "backoff_seconds"},
    "escalate": {"assigned_to"},
    "report_issue": {"severity", "issue_id", "occurrence_count"},
    "resolve_issue": {"issue_id"},
    "plan_step": {"step_index", "action"},
    "llm_call": {"tokens_in", "tokens_out"},
    "request_approval": {"approver"},
    "approval_received": {"approved_by"},
}
"""Keywords that only the SDK's method has, whatever the object is called."""

_BRANCHES = (cst.ExceptHandler, cst.If, cst.Else, cst.MatchCase, cst.FunctionDef)


def is_instrumented(match: Match, method: str, module: ParsedModule) -> bool:
    """Say whether the place of `match` calls the SDK's `method`, itself or one call away."""
    methods = companions(method)
    if "queue_provider" in methods:
        return _watches_a_queue(module)
    if method == "track_context" and _is_tracked(match.node, module):
        return True
    if method == "llm_call" and _is_told_later(match.node, module):
        return True
    if match.captures.get("waits_here") is False:
        return any(_is_sdk_call(call, methods) for call in module.nodes(cst.Call))
    is_wait = "request_approval" in methods and isinstance(match.node, (cst.For, cst.While))
    region = _region_around(match.node, module) if is_wait else _region_of(match.node, module)
    calls = module.below(region, cst.Call)
    if any(_is_sdk_call(call, methods) for call in calls):
        return True
    named = [last_name(call.func) for call in calls] + _names_handed_over(match.node, module)
    called = [function for name in named for function in module.functions.get(name, ())]
    return any(
        _is_sdk_call(call, methods) for function in called for call in module.below(statements(function.body), cst.Call)
    )


def _watches_a_queue(module: ParsedModule) -> bool:
    """Say whether the file reports the state of a queue: an agent has one work queue, seen from where it is made."""
    return any(
        last_name(call.func) == "queue_snapshot"
        or any(arg.keyword and arg.keyword.value == "queue_provider" for arg in call.args)
        for call in module.nodes(cst.Call)
    )


def _is_tracked(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a with statement around `node` enters a tracked context."""
    return any(
        isinstance(item.item, cst.Call) and last_name(item.item.func) == "track_context"
        for outer in module.ancestors(node)
        if isinstance(outer, cst.With)
        for item in outer.items
    )


def _is_told_later(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether the function tells of a model call after `node`, in whatever branch: at its end tokens are known."""
    function = module.function_of(node)
    return any(
        _is_sdk_call(call, ("llm_call",)) and module.is_before(node, call)
        for call in module.below(function.body if function else module.tree, cst.Call)
    )


def _region_of(node: cst.CSTNode, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the code in which the SDK call would stand: the loop or branch itself, or that around a statement."""
    if isinstance(node, (cst.For, cst.While, cst.ExceptHandler, cst.If, cst.FunctionDef, cst.With)):
        return statements(node.body)
    if isinstance(node, cst.Decorator):
        function = module.parent(node)
        return statements(function.body) if isinstance(function, cst.FunctionDef) else ()
    return _region_around(node, module)


def _region_around(node: cst.CSTNode, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the branch or function in which `node` stands; what a condition asks stands in front of its branches."""
    branch = module.enclosing(node, *_BRANCHES)
    while isinstance(branch, cst.If) and module.is_below(node, [branch.test]):
        branch = module.enclosing(_first_of(branch, module), *_BRANCHES)
    return statements(branch.body) if isinstance(branch, _BRANCHES) else ()


def _first_of(branch: cst.If, module: ParsedModule) -> cst.If:
    """Return the ``if`` to which an ``elif`` belongs, itself for an ``if``."""
    while isinstance(outer := module.parent(branch), cst.If):
        branch = outer
    return branch


def _names_handed_over(node: cst.CSTNode, module: ParsedModule) -> list[str]:
    """Return the names that a decorator or a retrier is given as callbacks: ``before_sleep=tell_hiveboard``."""
    call = node.decorator if isinstance(node, cst.Decorator) else node.iter if isinstance(node, cst.For) else node
    if not isinstance(call, cst.Call):
        return []
    return [last_name(name) for arg in call.args for name in module.below(arg.value, cst.Name, cst.Attribute)]


def _is_sdk_call(call: cst.Call, methods: Sequence[str]) -> bool:
    """Say whether a call has the SDK's shape: ``task.retry("...", attempt=2)``, not Celery's ``self.retry()``."""
    owner, _, name = dotted(call.func).rpartition(".")
    if name not in methods or not owner or owner in ("self", "super"):
        return False
    keywords = {arg.keyword.value for arg in call.args if arg.keyword}
    if keywords & _KEYWORDS.get(name, set()):
        return True
    if name == "retry":
        text = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
        return bool(call.args) and isinstance(call.args[0].value, text)
    return bool(call.args) and mentions(owner, _HANDLES)
