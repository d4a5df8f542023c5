"""Small runs written down: the records that a program would leave behind."""

from __future__ import annotations

from itertools import count
from typing import Any

from hiveloop_scan.verify.events import Story
from hiveloop_scan.verify.judging.judge import problems_in
from hiveloop_scan.verify.records import CallSite, Record

DESK = "/home/me/desk.py"
KINDS = {"plan_created", "plan_step", "issue", "queue_snapshot", "llm_call", "todo", "scheduled"}
_numbers = count()


def record(
    kind: str,
    data: dict[str, Any] | None = None,
    *,
    task: Any = "t",
    agent: str = "a",
    line: int | None = 1,
    problems: tuple[str, ...] = (),
    summary: str | None = "What it is about",
    payload: Any = None,
    **fields: Any,
) -> Record:
    """Return the record of one event; `data` stand in its payload, `fields` in the event itself, None leaves out."""
    own: dict[str, Any] = {"event_id": f"e{next(_numbers)}", "timestamp": "2026-12-01T10:00:00.000Z"}
    own["event_type"] = "custom" if kind in KINDS else kind
    whole = payload
    if payload is None:
        whole = {"kind": kind} if kind in KINDS else {}
        whole |= {} if summary is None else {"summary": summary}
        whole |= {} if data is None else {"data": data}
    own |= {"severity": "info", "task_id": task, "task_run_id": f"run-{task}", "payload": whole, **fields}
    event = {name: value for name, value in own.items() if value is not None}
    site = None if line is None else CallSite(DESK, line, "work")
    return Record(event, agent, site, problems, 1)


def plan(*steps: str, revision: int = 0, **more: Any) -> Record:
    """Return the record of a plan."""
    told = [{"index": number, "description": step} for number, step in enumerate(steps)]
    return record("plan_created", {"goal": "Get it done", "steps": told, "revision": revision}, line=2, **more)


def step(index: Any, action: Any = "started", **more: Any) -> Record:
    """Return the record of a step of the plan."""
    return record("plan_step", {"step_index": index, "action": action, "plan_revision": 0}, line=3, **more)


def action(kind: str, name: str = "search", number: str = "1", *, task: Any = "t", **payload: Any) -> Record:
    """Return the record of the start (``started``) or the end of an action."""
    ends = None if kind == "started" else 3
    whole = {"action_name": name, **payload}
    return record(f"action_{kind}", payload=whole, action_id=number, duration_ms=ends, task=task, line=4)


def issue(
    does: str, name: str | None = "db", severity_told: str = "high", category_told: str = "connectivity", **more: Any
) -> Record:
    """Return the record of an issue that is ``reported`` or ``resolved``."""
    data = {"action": does, "severity": severity_told, "category": category_told, "issue_id": name}
    return record("issue", {key: value for key, value in data.items() if value is not None}, task=None, **more)


def snapshot(depth: Any, items: Any = None, **more: Any) -> Record:
    """Return the record of a queue's snapshot."""
    data = {"depth": depth} | ({} if items is None else {"items": items})
    return record("queue_snapshot", data, task=None, **more)


STARTED, COMPLETED = record("task_started"), record("task_completed")


def in_a_task(*records: Record, end: str = "task_completed", **more: Any) -> tuple[Record, ...]:
    """Return the records between the start and the end of a task."""
    return (STARTED, *records, record(end, **more))


def problems(*records: Record) -> list[str]:
    """Return the names of all that is wrong, in the order of the judgements."""
    return [problem.name for problem in problems_in(Story(records))]
