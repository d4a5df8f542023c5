"""Section 11.5: retries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.items.item import Item
from hiveloop_scan.verify.items.saying import span

_BRING = "let something fail once that the agent tries again"


def _told(story: Story) -> list[Event]:
    return story.of("retry_started")


def _in_a_task(story: Story) -> Iterator[Event]:
    return (event for event in _told(story) if event.task)


def _with_attempt(story: Story) -> Iterator[Event]:
    return (event for event in _in_a_task(story) if (event.whole("attempt") or 0) > 0)


def _say_attempts(retries: Sequence[Event]) -> str:
    return f"attempt: {span([retry.whole('attempt') or 0 for retry in retries])}"


ITEMS = (
    Item(
        "task-retries",
        "11.5",
        "A task tries something again",
        ("retry",),
        _BRING,
        "the retries between the attempts, in the order of the events",
        _in_a_task,
    ),
    Item(
        "retry-with-attempt",
        "11.5",
        "The retry says which attempt has failed",
        ("retry",),
        f"{_BRING}, and give `attempt`, counted from 1",
        "a retry node with this number; there is one only where the failed action says `will_retry` in its data",
        _with_attempt,
        says=_say_attempts,
    ),
    Item(
        "retry-in-stream",
        "11.5",
        "The retry is an event of its own type",
        ("retry",),
        _BRING,
        "`retry_started` in the Activity Stream",
        _told,
    ),
)
