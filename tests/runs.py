"""Runs for the tests of timelines: events as the SDK sends them, with a line of code each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hiveloop_scan.timeline.building import timeline_of
from hiveloop_scan.timeline.model import Agent, Task, Timeline
from hiveloop_scan.verify.records import CallSite, Record, Run

START = datetime(2026, 2, 12, 14, 30, tzinfo=UTC)


def run_of(records: Iterable[Record]) -> Run:
    return Run(("python", "agent.py"), START.isoformat(), 0, tuple(records))


def received(events: Iterable[Mapping[str, Any]]) -> Run:
    """Return the run of events that a sink has taken."""
    return run_of(
        Record({k: v for k, v in event.items() if k != "agent_id"}, event["agent_id"], None, (), 1) for event in events
    )


@dataclass
class Script:
    """Makes records by hand: each is a second later than the one before, and a line further down."""

    agent: str = "router"
    task: str = "lead-1"
    records: list[Record] = field(default_factory=list)

    def tell(self, kind: str, payload: object = None, problems: tuple[str, ...] = (), **fields: object) -> Script:
        """Add an event of the task."""
        second = len(self.records)
        moment = (START + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")
        event = {
            "event_id": str(second),
            "timestamp": moment,
            "event_type": kind,
            "task_id": self.task,
            "payload": payload,
        }
        site = CallSite("/src/agent.py", second + 1, "work")
        self.records.append(Record({**event, **fields}, self.agent, site, problems, 1))
        return self

    def custom(self, kind: str, summary: str = "", **data: object) -> Script:
        """Add an event of the kinds that the SDK sends as custom."""
        payload = {"kind": kind, "summary": summary, "data": data}
        task = None if kind in ("issue", "queue_snapshot") else self.task
        return self.tell("custom", payload, task_id=task)

    def plan(self, *steps: str, revision: int = 0) -> Script:
        """Add a plan."""
        numbered = [{"index": index, "description": step} for index, step in enumerate(steps)]
        return self.custom("plan_created", "Do it", goal="Do it", steps=numbered, revision=revision)

    def step(self, index: object, action: str, said: str = "", revision: int = 0) -> Script:
        """Add what has become of a step."""
        words = f"Step {index} {action}: {said}"
        return self.custom("plan_step", words, step_index=index, action=action, plan_revision=revision)

    def action(self, moment: str, name: str, parent: str | None = None, **payload: object) -> Script:
        """Add the beginning or the end of an action, whose name is its id."""
        return self.tell(f"action_{moment}", {"action_name": name, **payload}, action_id=name, parent_action_id=parent)

    @property
    def timeline(self) -> Timeline:
        return timeline_of(run_of(self.records))

    @property
    def told_agent(self) -> Agent:
        (agent,) = self.timeline.agents
        return agent

    @property
    def told_task(self) -> Task:
        (task,) = self.timeline.tasks
        return task


def shape_of(task: Task) -> list[str]:
    """Return the nodes of a task as lines, indented by what they are part of."""
    return [f"{'  ' * node.depth}{node.symbol} {node.title}" for node in task.nodes]
