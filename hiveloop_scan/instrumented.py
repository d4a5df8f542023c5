"""Places that tell HiveBoard already: the SDK call stands in the branch, or in a function that the branch calls."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.model import Match
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import dotted, last_name, statements

_RETRY_KEYWORDS = {"attempt", "backoff_seconds"}
_BRANCHES = (cst.ExceptHandler, cst.If, cst.Else, cst.FunctionDef)


def is_instrumented(match: Match, method: str, module: ParsedModule) -> bool:
    """Say whether the place of `match` calls the SDK's `method`, itself or one call away."""
    region = _region_of(match.node, module)
    calls = module.below(region, cst.Call)
    if any(_is_sdk_call(call, method) for call in calls):
        return True
    named = [last_name(call.func) for call in calls] + _names_handed_over(match.node, module)
    called = [function for name in named for function in module.functions.get(name, ())]
    return any(
        _is_sdk_call(call, method) for function in called for call in module.below(statements(function.body), cst.Call)
    )


def _region_of(node: cst.CSTNode, module: ParsedModule) -> Sequence[cst.CSTNode]:
    """Return the code in which the SDK call would stand: the loop or branch itself, or that around a statement."""
    if isinstance(node, (cst.For, cst.While, cst.ExceptHandler, cst.If)):
        return statements(node.body)
    if isinstance(node, cst.Decorator):
        function = module.parent(node)
        return statements(function.body) if isinstance(function, cst.FunctionDef) else ()
    branch = module.enclosing(node, *_BRANCHES)
    return statements(branch.body) if isinstance(branch, _BRANCHES) else ()


def _names_handed_over(node: cst.CSTNode, module: ParsedModule) -> list[str]:
    """Return the names that a decorator or a retrier is given as callbacks: ``before_sleep=tell_hiveboard``."""
    call = node.decorator if isinstance(node, cst.Decorator) else node.iter if isinstance(node, cst.For) else node
    if not isinstance(call, cst.Call):
        return []
    return [last_name(name) for arg in call.args for name in module.below(arg.value, cst.Name, cst.Attribute)]


def _is_sdk_call(call: cst.Call, method: str) -> bool:
    """Say whether a call has the SDK's shape: ``task.retry("...", attempt=2)``, not Celery's ``self.retry()``."""
    owner, _, name = dotted(call.func).rpartition(".")
    if name != method or not owner or owner in ("self", "super"):
        return False
    if method != "retry":
        return True
    keywords = {arg.keyword.value for arg in call.args if arg.keyword}
    text = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
    return bool(keywords & _RETRY_KEYWORDS) or (bool(call.args) and isinstance(call.args[0].value, text))
