"""A part of a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hiveloop_scan.model import ScanError
from hiveloop_scan.suggest import closest
from hiveloop_scan.timeline.model import Timeline


def only_tasks(timeline: Timeline, names: Sequence[str]) -> Timeline:
    """Return the timeline with these tasks alone; raise ScanError for one that it does not have."""
    known = {task.name for task in timeline.tasks}
    for name in names:
        if name not in known:
            raise ScanError(f"there is no task {name!r}", closest(name, known))
    kept = [
        replace(agent, tasks=own, loose=())
        for agent in timeline.agents
        if (own := tuple(task for task in agent.tasks if task.name in names))
    ]
    events = sum(task.events for agent in kept for task in agent.tasks)
    return replace(timeline, agents=tuple(kept), events=events, end=None)
