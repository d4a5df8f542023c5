"""Snapshots of queues that the Pipeline tab cannot show as they were meant."""

from __future__ import annotations

from collections.abc import Iterator

from hiveloop_scan.sdk.signatures import MOST_ITEMS
from hiveloop_scan.verify.events import Story, as_text, entries
from hiveloop_scan.verify.judging.problem import Problem, misread, note


def crowded(story: Story) -> Iterator[Problem]:
    """Yield snapshots without a depth, with items that are none, or with too many of them."""
    for event in story.of("queue_snapshot"):
        depth = event.whole("depth")
        if depth is None or depth < 0:
            told = as_text(event.data.get("depth")) or "missing"
            yield misread("unknown-depth", event, f"the depth of the queue is {told!r:.40}, no number of items")
        items = event.data.get("items")
        if items is not None and not isinstance(items, list):
            yield misread("items-not-a-list", event, "its items are no list")
        elif not all(isinstance(item, dict) for item in entries(items)):
            yield misread("items-not-a-list", event, "it has items that are no dictionaries")
        if len(entries(items)) > MOST_ITEMS:
            message = f"it has {len(entries(items))} items; {MOST_ITEMS} can be read, so pass the first of them"
            yield note("too-many-queue-items", event, message)
