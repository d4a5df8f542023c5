"""The checklist filled in: what the events of a run show, and what is left to try or to look at."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from hiveloop_scan.methods import companions
from hiveloop_scan.report.tallies import Tally
from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.items import escalations, issues, plans, queues, retries, tools
from hiveloop_scan.verify.items.item import Item

SECTIONS = {
    "11.1": "Plans",
    "11.2": "Escalations",
    "11.3": "Issues",
    "11.4": "Queue snapshots",
    "11.5": "Retries",
    "11.6": "Tools",
}
ITEMS: tuple[Item, ...] = (
    *plans.ITEMS, *escalations.ITEMS, *issues.ITEMS, *queues.ITEMS, *retries.ITEMS, *tools.ITEMS,
)  # fmt: skip


class State(enum.StrEnum):
    """What became of an item."""

    SEEN = "seen"
    MISSING = "not seen"
    LOOK = "look"
    """Its events are there, and only the dashboard can show the rest."""
    SPARED = "optional"
    """Its events are not there, and need not be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An item, and the events that speak for it."""

    item: Item
    events: tuple[Event, ...]

    @property
    def state(self) -> State:
        """What became of the item."""
        if not self.events:
            return State.SPARED if self.item.optional else State.MISSING
        return State.LOOK if self.item.for_eyes else State.SEEN

    @property
    def said(self) -> str:
        """What the events say of the item, in a few words; "" where that is nothing."""
        return self.item.says(self.events) if self.events else ""

    @property
    def counts(self) -> bool:
        """Whether the events alone decide on it, one way or the other."""
        return not self.item.for_eyes and self.state is not State.SPARED


def fill_in(story: Story) -> tuple[Answer, ...]:
    """Answer all items, in the order of the guide."""
    return tuple(Answer(item, tuple(item.proof(story))) for item in ITEMS)


def tally_of(answers: Sequence[Answer]) -> Tally:
    """Count the items that events decide on, and those that were seen."""
    counted = [answer for answer in answers if answer.counts]
    return Tally(sum(answer.state is State.SEEN for answer in counted), len(counted))


def tallies_by_method(answers: Sequence[Answer]) -> dict[str, Tally]:
    """Count the same for each SDK method, out of the items that it takes; those that tell one event count as one."""
    named = {method for answer in answers for method in answer.item.methods}
    return {
        method: tally_of([answer for answer in answers if named_by in answer.item.methods])
        for named_by in named
        for method in companions(named_by)
    }
