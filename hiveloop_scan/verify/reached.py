"""Which calls in the source have sent something, and which have not."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from hiveloop_scan.verify.events import Event, Story, text_in
from hiveloop_scan.verify.senders import Sender, Sends

_METHODS = {
    "plan_created": ("plan",),
    "plan_step": ("plan_step",),
    "escalated": ("escalate",),
    "approval_requested": ("request_approval",),
    "approval_received": ("approval_received",),
    "retry_started": ("retry",),
    "llm_call": ("llm_call",),
    "queue_snapshot": ("queue_snapshot", "queue_provider"),
    "action_started": ("track_context",),
    "task_started": ("task", "start_task"),
    "todo": ("todo",),
    "scheduled": ("scheduled",),
}
"""Kind of event -> the methods that make it; ``event`` can make any."""

_ISSUES = {"reported": ("report_issue",), "resolved": ("resolve_issue",)}


def silent_senders(senders: Sequence[Sender], story: Story) -> list[Sender]:
    """Return the calls that have sent nothing, in the order of files and lines."""
    by_file: dict[str, list[Sender]] = defaultdict(list)
    for sender in senders:
        by_file[sender.real].append(sender)
    heard = {sender for event in story.events for sender in _senders_of(event, by_file)}
    functions = {_function_of(event) for event in story.of("action_started")}
    provided = [event.agent for event in story.of("queue_snapshot") if event.site is None]
    return [
        sender
        for sender in senders
        if sender not in heard
        and not (sender.sends is Sends.BY_FUNCTION and any(_is_named(sender.symbol, name) for name in functions))
        and not (sender.sends is Sends.WITH_HEARTBEATS and any(sender.agent in ("", name) for name in provided))
    ]


def _senders_of(event: Event, by_file: dict[str, list[Sender]]) -> Iterator[Sender]:
    """Yield the calls that have made an event: on its line, else the block made last before it in its function."""
    methods = _methods_of(event)
    for site in (event.record.site, event.record.through):
        if site is None:
            continue
        here = [sender for sender in by_file.get(_real(site.path), ()) if sender.method in methods]
        on_line = [sender for sender in here if sender.line <= site.line <= sender.end_line]
        yield from (sender for sender in on_line if sender.sends is not Sends.LATER)
        if not on_line or on_line[-1].sends is Sends.LATER:
            made = [
                sender
                for sender in here
                if sender.sends is Sends.LATER
                and sender.line <= site.line
                and _last(sender.symbol) == _last(site.function)
            ]
            yield from made[-1:]


def _methods_of(event: Event) -> tuple[str, ...]:
    action = event.data.get("action")
    if event.kind == "issue" and isinstance(action, str):
        return (*_ISSUES.get(action, ()), "event")
    if event.kind == "action_started" and _function_of(event):
        return ("track",)
    return (*_METHODS.get(event.kind, ()), "event")


def _function_of(event: Event) -> str:
    """Return the function that a decorator has told of, module first; "" for a block."""
    return text_in(event.payload, "function").replace(".<locals>", "")


def _is_named(symbol: str, function: str) -> bool:
    """Say whether a function as the SDK names it, module first, is the one at `symbol`."""
    return f".{function}".endswith(f".{symbol}")


def _last(name: str) -> str:
    name = name.rpartition(".")[2]
    return "" if name == "<module>" else name


@cache
def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # no file can be called so
        return path
