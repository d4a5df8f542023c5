"""Events as they came, with what matters of them in reach, whatever JSON they hold."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hiveloop_scan.verify.records import CallSite, Record

TASK_ENDS = ("task_completed", "task_failed")
ACTION_ENDS = ("action_completed", "action_failed")


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `kind` is its type, for one of type ``custom`` what its payload says to be: ``plan_step``.

    `payload` and `data` (what stands in the payload under this name) are empty where there is none; `task` is the
    task's id as text, "" for an event of no task.
    """

    record: Record
    kind: str
    task: str
    payload: Mapping[str, Any]
    data: Mapping[str, Any]

    @property
    def agent(self) -> str:
        """The id of the agent that sent it."""
        return self.record.agent

    @property
    def site(self) -> CallSite | None:
        """The line of the project that has sent it."""
        return self.record.site

    @property
    def summary(self) -> str:
        """The text that HiveBoard shows for it; "" where it has none."""
        return text_in(self.payload, "summary")

    def get(self, name: str) -> Any:
        """Return what the event itself holds under `name`."""
        return self.record.event.get(name)

    def whole(self, name: str) -> int | None:
        """Return the whole number that the data hold under `name`; None for anything else."""
        return whole_number(self.data.get(name))


@dataclass(frozen=True, slots=True)
class Task:
    """One task from its start to its end; its events in the order in which they came."""

    name: str
    events: list[Event] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Event]:
        """Return the events of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    @property
    def has_ended(self) -> bool:
        """Whether the task is over."""
        return bool(self.of(*TASK_ENDS))

    @property
    def has_failed(self) -> bool:
        """Whether the task ended with an exception."""
        return bool(self.of("task_failed"))


class Story:
    """All that a run of the program told, and the tasks in it."""

    def __init__(self, records: Sequence[Record]) -> None:
        """Take the records in the order in which they came: that of their sending, for each agent."""
        self.events = tuple(event_of(record) for record in records)
        self.tasks = tuple(_tasks(self.events))
        self._by_kind: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            self._by_kind[event.kind].append(event)

    def of(self, *kinds: str) -> list[Event]:
        """Return the events of these kinds."""
        return [event for kind in kinds for event in self._by_kind.get(kind, ())]

    def by_agent(self, *kinds: str) -> dict[str, list[Event]]:
        """Return the events of these kinds, agent by agent, in the order in which they came."""
        found: dict[str, list[Event]] = defaultdict(list)
        for event in self.events:
            if event.kind in kinds:
                found[event.agent].append(event)
        return found


def event_of(record: Record) -> Event:
    """Look at a record."""
    kind, payload = record.event.get("event_type"), record.event.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    data = payload.get("data")
    if kind == "custom":
        kind = text_in(payload, "kind") or kind
    return Event(
        record=record,
        kind=as_text(kind),
        task=as_text(record.event.get("task_id")),
        payload=payload,
        data=data if isinstance(data, dict) else {},
    )


def as_text(value: Any) -> str:
    """Return a value as a text that tells it from others: texts as they are, "" for None."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(value) if isinstance(value, (bool, int, float)) else f"<{type(value).__name__}>"


def text_in(holder: Mapping[str, Any], name: str) -> str:
    """Return the text that `holder` has under `name`; "" where it has none that shows."""
    value = holder.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def whole_number(value: Any) -> int | None:
    """Return `value` where it is a whole number; JSON's true and false are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def entries(value: Any) -> list[Any]:
    """Return the entries of a list, none for anything else."""
    return value if isinstance(value, list) else []


def size_in_json(value: Any) -> int | None:
    """Return how many bytes `value` takes, counted as the SDK does; None where it is nested too deeply to tell."""
    try:
        return len(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        return None


_Key = tuple[str, str, str | int]
"""Agent, task, and the id of its run, or the place of its first event where it has none."""


def _tasks(events: Sequence[Event]) -> Iterator[Task]:
    """Yield the tasks in the order of their first events; one that is started again under its id is another one."""
    by_key: dict[_Key, Task] = {}
    latest: dict[tuple[str, str], _Key] = {}
    for number, event in enumerate(events):
        if not event.task:
            continue
        owner = (event.agent, event.task)
        told = as_text(event.get("task_run_id"))
        key: _Key = (*owner, told)
        if not told:
            is_new = event.kind == "task_started" or owner not in latest
            key = (*owner, number) if is_new else latest[owner]
        latest[owner] = key
        by_key.setdefault(key, Task(event.task)).events.append(event)
    yield from by_key.values()
