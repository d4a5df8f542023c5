"""Section 11.2: escalations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.items.item import Item
from hiveloop_scan.verify.items.saying import some

_BRING = "run a task that the agent gives to somebody else"


def _escalated(story: Story) -> list[Event]:
    return story.of("escalated")


def _in_a_task(story: Story) -> Iterator[Event]:
    return (event for event in _escalated(story) if event.task)


def _with_summary(story: Story) -> Iterator[Event]:
    return (event for event in _in_a_task(story) if event.summary)


def _say_assignees(events: Sequence[Event]) -> str:
    named = some(event.data.get("assigned_to") for event in events)
    return f"to {named}" if named else ""


def _say_summaries(events: Sequence[Event]) -> str:
    return some(event.summary for event in events)


ITEMS = (
    Item(
        "task-escalated",
        "11.2",
        "A task is handed over",
        ("escalate",),
        _BRING,
        "the task's timeline ends up with somebody else, and says so",
        _in_a_task,
        says=_say_assignees,
    ),
    Item(
        "escalation-with-summary",
        "11.2",
        "The hand-over says why",
        ("escalate",),
        f"{_BRING}, and say why in the summary",
        "an amber node on the task's timeline that bears this text",
        _with_summary,
        says=_say_summaries,
    ),
    Item(
        "escalation-in-stream",
        "11.2",
        "The hand-over is an event of its own type",
        ("escalate",),
        _BRING,
        "`escalated` in the Activity Stream",
        _escalated,
    ),
    Item(
        "escalation-among-human",
        "11.2",
        'The filter "human" keeps it',
        ("escalate",),
        _BRING,
        'the Activity Stream under its filter "human": these events are still there',
        _escalated,
        for_eyes=True,
    ),
)
