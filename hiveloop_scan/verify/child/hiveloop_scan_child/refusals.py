"""Calls of the SDK that raise: a guard around them swallows the exception, and nobody ever knows."""

from __future__ import annotations

import functools
import sys
from typing import Any

from .callsites import CallSites
from .journal import Journal

_OF_BLOCKS = ("__enter__", "__exit__")
_OF_BOTH = ("event", "llm_call")
_CALLS = {
    "Task": (
        *_OF_BLOCKS, *_OF_BOTH, "plan", "plan_step", "escalate", "request_approval", "approval_received", "retry",
        "complete", "fail",
    ),
    "Agent": (*_OF_BOTH, "report_issue", "resolve_issue", "queue_snapshot", "todo", "scheduled", "task", "start_task"),
    "_ActionContext": _OF_BLOCKS,
}  # fmt: skip


def watch_calls(module: Any, journal: Journal, sites: CallSites) -> None:
    """Note each call that raises; the exception goes on to the caller."""
    for name, calls in _CALLS.items():
        owner = getattr(module, name, None)
        for call in calls:
            if hasattr(owner, call):
                setattr(owner, call, _watched(getattr(owner, call), journal, sites))


def _watched(original: Any, journal: Journal, sites: CallSites) -> Any:
    @functools.wraps(original)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return original(*arguments, **named)
        except Exception as error:
            site, _ = sites.site_of(sys._getframe(1))
            text = f": {error}" if isinstance(error, TypeError) and error.__traceback__.tb_next is None else ""  # type: ignore[union-attr]
            journal.note("refused", call=original.__name__, error=f"{type(error).__name__}{text}", site=site)
            raise

    return call
