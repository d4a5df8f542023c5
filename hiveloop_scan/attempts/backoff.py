"""The wait between two attempts, as the expression a retry event needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.attempts.calls import is_sleep_call
from hiveloop_scan.syntax.tree import code, last_name, walk, walk_scope

_TIME_KEYWORDS = ("seconds", "delay", "secs", "duration", "timeout")


@dataclass(frozen=True)
class Backoff:
    """A sleep: the call, its length in seconds as source text (None: not told), whether that text holds a call."""

    call: cst.Call
    seconds: str | None
    has_call: bool


def first_sleep(nodes: Iterable[cst.CSTNode]) -> Backoff | None:
    """Return the first sleep that runs with `nodes`."""
    for node in walk_scope(*nodes):
        if isinstance(node, cst.Call) and is_sleep_call(node):
            return _backoff(node)
    return None


def _backoff(call: cst.Call) -> Backoff:
    length = _length(call)
    if length is None:
        return Backoff(call, None, False)
    return Backoff(call, code(length), any(isinstance(node, cst.Call) for node in walk(length)))


def _length(call: cst.Call) -> cst.BaseExpression | None:
    """Return the argument that tells how long; a helper of the user's own (``backoff(attempt)``) does not tell."""
    named = [arg.value for arg in call.args if arg.keyword and arg.keyword.value in _TIME_KEYWORDS]
    if named:
        return named[0]
    if last_name(call.func) in ("sleep", "asleep", "async_sleep") and call.args and call.args[0].keyword is None:
        return call.args[0].value
    return None
