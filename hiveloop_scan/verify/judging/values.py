"""Values out of closed lists: the SDK takes any, HiveBoard knows a few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hiveloop_scan.sdk.signatures import (
    CATEGORIES,
    DECISIONS,
    EVENT_SEVERITIES,
    ITEM_VALUES,
    PRIORITIES,
    SEVERITIES,
    SOURCES,
    STEP_ACTIONS,
)
from hiveloop_scan.suggest import closest
from hiveloop_scan.verify.events import Event, Story, as_text, entries
from hiveloop_scan.verify.judging.problem import Problem, misread

_KNOWN: dict[str, tuple[tuple[str, str, Sequence[str]], ...]] = {
    "plan_step": (("action", "unknown-step-action", STEP_ACTIONS),),
    "issue": (("severity", "unknown-severity", SEVERITIES), ("category", "unknown-category", CATEGORIES)),
    "approval_received": (("decision", "unknown-decision", DECISIONS),),
    "todo": (("priority", "unknown-priority", PRIORITIES), ("source", "unknown-source", SOURCES)),
}
"""Kind of event -> what its data hold under a name, the problem where it is another value, the values there are."""

_LONGEST_SHOWN = 40
_OF_ITEMS = tuple((key, f"unknown-{key}", known) for key, known in ITEM_VALUES.items())


def unknown_values(story: Story) -> Iterator[Problem]:
    """Yield the values that HiveBoard does not know; those that are left out are no problem."""
    for event in story.events:
        for name, problem, known in _KNOWN.get(event.kind, ()):
            yield from _unknown(event, name, event.data.get(name), problem, known)
        if event.kind == "queue_snapshot":
            for item in entries(event.data.get("items")):
                for name, problem, known in _OF_ITEMS if isinstance(item, dict) else ():
                    yield from _unknown(event, name, item.get(name), problem, known)
        yield from _unknown(event, "severity", event.get("severity"), "unknown-severity", EVENT_SEVERITIES)


def _unknown(event: Event, name: str, value: Any, problem: str, known: Sequence[str]) -> Iterator[Problem]:
    if value is None or (isinstance(value, str) and value in known):
        return
    told = as_text(value)[:_LONGEST_SHOWN]
    yield misread(problem, event, f"HiveBoard knows no {name} {told!r}; {closest(told.lower(), known)}")
