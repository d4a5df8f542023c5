"""Section 11.4: snapshots of the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hiveloop_scan.verify.events import Event, Story, entries
from hiveloop_scan.verify.items.item import Item
from hiveloop_scan.verify.items.saying import span

_METHODS = ("queue_provider",)
_BRING = "register the agent with `queue_provider=`, or have it call `queue_snapshot`"


def _told(story: Story) -> list[Event]:
    return story.of("queue_snapshot")


def _alive(story: Story) -> Iterator[Event]:
    """Yield the snapshots that came with a heartbeat, or by a call."""
    for events in story.by_agent("heartbeat", "queue_snapshot").values():
        beats = False
        for event in events:
            beats = beats or event.kind == "heartbeat"
            if event.kind == "queue_snapshot" and (beats or event.site is not None):
                yield event


def _with_depth(story: Story) -> Iterator[Event]:
    return (event for event in _told(story) if (event.whole("depth") or 0) > 0)


def _with_items(story: Story) -> Iterator[Event]:
    return (event for event in _told(story) if any(isinstance(item, dict) for item in entries(event.data.get("items"))))


def _grown(story: Story) -> Iterator[Event]:
    """Yield the snapshots that show more than the one before of the same agent, and that one."""
    for events in story.by_agent("queue_snapshot").values():
        for before, after in pairwise(events):
            if (after.whole("depth") or 0) > (before.whole("depth") or 0):
                yield before
                yield after


def _say_depth(snapshots: Sequence[Event]) -> str:
    return f"depth: {span([snapshot.whole('depth') or 0 for snapshot in snapshots])}"


ITEMS = (
    Item(
        "queue-told",
        "11.4",
        "The agent tells of its queue",
        _METHODS,
        _BRING,
        "`queue_snapshot` in the Activity Stream",
        _told,
    ),
    Item(
        "queue-with-heartbeat",
        "11.4",
        "It does so with its heartbeat, or by a call",
        _METHODS,
        "let the agent run for one heartbeat (30 seconds unless set otherwise)",
        "a new `queue_snapshot` with each heartbeat",
        _alive,
    ),
    Item(
        "queue-with-depth",
        "11.4",
        "Work waits, and its amount is told",
        _METHODS,
        "hand in more work than the agent can take up at once",
        "the queue's badge on the agent's card, with this number",
        _with_depth,
        says=_say_depth,
    ),
    Item(
        "queue-with-items",
        "11.4",
        "The waiting items are told",
        _METHODS,
        "give `items` where the provider knows them",
        "the items in the queue's section of the Pipeline tab",
        _with_items,
        optional=True,
    ),
    Item(
        "queue-grows",
        "11.4",
        "More work makes the next number higher",
        _METHODS,
        "hand in more work between two heartbeats",
        "the number on the badge goes up with the next heartbeat",
        _grown,
        says=_say_depth,
    ),
)
