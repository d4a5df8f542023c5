"""Calls of the SDK that raise: a guard around them swallows the exception, and nobody ever knows."""

from __future__ import annotations

import functools
import sys
from typing import Any

from .callsites import CallSites
from .journal import Journal

_OF_BOTH = ("event", "llm_call")
_OF_TASKS = (
    *_OF_BOTH, "plan", "plan_step", "escalate", "request_approval", "approval_received", "retry", "complete", "fail",
)  # fmt: skip
_OF_AGENTS = (*_OF_BOTH, "report_issue", "resolve_issue", "queue_snapshot", "todo", "scheduled", "task", "start_task")


def watch_calls(module: Any, journal: Journal, sites: CallSites) -> None:
    """Note each call that raises; the exception goes on to the caller."""
    for owner, names in ((module.Task, _OF_TASKS), (module.Agent, _OF_AGENTS)):
        for name in names:
            if hasattr(owner, name):
                setattr(owner, name, _watched(getattr(owner, name), journal, sites))


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
