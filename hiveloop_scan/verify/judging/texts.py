"""Texts and ids that HiveBoard cuts, or that say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hiveloop_scan.sdk.signatures import MOST_SUMMARY_CHARACTERS
from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.judging.problem import Problem, misread

_LONGEST_ID = 256
_NARRATING = ("retry_started", "escalated", "approval_requested", "approval_received", "plan_created", "issue")


def cut_or_empty(story: Story) -> Iterator[Problem]:
    """Yield what is wrong with texts; the SDK has cut the long ones, so what is full counts as cut."""
    for event in story.events:
        if len(event.summary) >= MOST_SUMMARY_CHARACTERS and not event.record.problems:
            message = f"its summary fills all {MOST_SUMMARY_CHARACTERS} characters; whatever came behind them is lost"
            yield misread("text-cut", event, message)
        elif event.kind in _NARRATING and not event.summary:
            yield misread("summary-empty", event, "it has no summary: HiveBoard shows it without a word")
        yield from _long_ids(event)


def _long_ids(event: Event) -> Iterator[Problem]:
    for whose, name in (("task", event.task), ("agent", event.agent)):
        if len(name) >= _LONGEST_ID and not event.record.problems:
            message = f"the {whose}'s id fills all {_LONGEST_ID} characters; those that begin alike become one"
            yield misread("text-cut", event, message)
