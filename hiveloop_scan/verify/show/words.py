"""What all renderers say of a verdict in the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hiveloop_scan.report.summary import count_of
from hiveloop_scan.report.tallies import Tally
from hiveloop_scan.verify.events import Event
from hiveloop_scan.verify.senders import Sends

if TYPE_CHECKING:
    from hiveloop_scan.verify.verdict import Verdict

_UNREACHED = "the run did not come there, or the call failed inside of its guard:"
WHY_SILENT = {
    Sends.HERE: _UNREACHED,
    Sends.LATER: _UNREACHED,
    Sends.BY_FUNCTION: "the function was not called:",
    Sends.WITH_HEARTBEATS: "no snapshot came with a heartbeat:",
}


def headline(verdict: Verdict) -> str:
    """Return how much was told, in one line."""
    events = verdict.story.events
    if not events:
        return "no events: nothing was told"
    agents = len({event.agent for event in events})
    tasks = len(verdict.story.tasks)
    return f"{count_of(len(events), 'event')} of {count_of(agents, 'agent')} in {count_of(tasks, 'task')}"


def shown_tally(tally: Tally) -> str:
    """Return ``5 of 6 items seen``."""
    return f"{tally.covered:,} of {count_of(tally.total, 'item')} seen"


def kinds_of(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the events by their kinds, in the order in which the kinds came up."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[event.kind].append(event)
    return dict(found)
