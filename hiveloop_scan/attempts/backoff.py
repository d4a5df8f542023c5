"""The wait between two attempts, as the expression a retry event needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.attempts.calls import is_sleep_call
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, last_name

_TIME_KEYWORDS = ("seconds", "delay", "secs", "duration", "timeout")


@dataclass(frozen=True)
class Backoff:
    """A sleep: the call, its length in seconds as source text (None: not told), whether that text holds a call."""

    call: cst.Call
    seconds: str | None
    has_call: bool


def first_sleep(roots: cst.CSTNode | Sequence[cst.CSTNode], module: ParsedModule) -> Backoff | None:
    """Return the first sleep that runs with `roots`."""
    found = [_backoff(call, module) for call in module.below(roots, cst.Call) if is_sleep_call(call)]
    sleeps = [sleep for sleep in found if sleep.seconds is not None or _stands_alone(sleep.call, module)]
    return next((sleep for sleep in sleeps if sleep.seconds is not None), sleeps[0] if sleeps else None)


def _stands_alone(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether nothing is made of a call's result: ``backoff()`` sleeps, ``delay = backoff()`` tells how long."""
    outer = module.parent(call)
    while isinstance(outer, cst.Await):
        outer = module.parent(outer)
    return isinstance(outer, cst.Expr)


def _backoff(call: cst.Call, module: ParsedModule) -> Backoff:
    length = _length(call)
    if length is None:
        return Backoff(call, None, False)
    return Backoff(call, code(length), bool(module.all_below(length, cst.Call)))


def _length(call: cst.Call) -> cst.BaseExpression | None:
    """Return the argument that tells how long; a helper of the user's own (``backoff(attempt)``) does not tell."""
    named = [arg.value for arg in call.args if arg.keyword and arg.keyword.value in _TIME_KEYWORDS]
    if named:
        return named[0]
    if last_name(call.func) in ("sleep", "asleep", "async_sleep") and call.args and call.args[0].keyword is None:
        return call.args[0].value
    return None
