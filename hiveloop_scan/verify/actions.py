"""Actions: the pairs of events that tell of a block, or of a function, that was tracked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hiveloop_scan.verify.events import ACTION_ENDS, Event, as_text


@dataclass(slots=True)
class Action:
    """One thing done; without `end` it was not brought to one that anybody has told of."""

    start: Event
    end: Event | None = None


def actions_of(events: Iterable[Event]) -> list[Action]:
    """Return the actions among `events`, in the order of their starts."""
    found: list[Action] = []
    by_id: dict[tuple[str, str], Action] = {}
    for event in events:
        key = (event.agent, as_text(event.get("action_id")))
        if event.kind == "action_started":
            by_id[key] = Action(event)
            found.append(by_id[key])
        elif event.kind in ACTION_ENDS and key in by_id:
            by_id[key].end = by_id[key].end or event
    return found
