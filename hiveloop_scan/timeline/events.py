"""One event as a record holds it, read with care: whatever is missing or of the wrong type comes out empty."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hiveloop_scan.report.quoting import cut, one_line
from hiveloop_scan.report.visible import visible
from hiveloop_scan.timeline.model import Moment
from hiveloop_scan.verify.events import event_of
from hiveloop_scan.verify.records import CallSite, Record

UNREADABLE = "unreadable"
"""The kind of an event that does not say what it is."""

_LONGEST = 2000
_LONGEST_NAME = 256
_NOT_TOLD = frozenset({"event_id", "event_type", "timestamp", "payload"})


@dataclass(frozen=True, slots=True)
class Event:
    """What an event says; `order` is its place in the run, `data` the inner part of its payload."""

    order: int
    kind: str
    at: Moment
    agent: str
    process: int
    task: str = ""
    run: str = ""
    action: str = ""
    parent: str = ""
    status: str = ""
    seconds: float | None = None
    payload: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    details: tuple[tuple[str, str], ...] = ()
    site: CallSite | None = None
    problems: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What the event says of itself in words."""
        return shown(self.payload.get("summary"))

    def say(self, name: str) -> str:
        """Return what stands under a name in the payload, or in its inner part."""
        return shown(self.data.get(name, self.payload.get(name)))


def read_event(order: int, record: Record, wrong: Iterable[str] = ()) -> Event:
    """Return what a record says; `wrong` is what HiveBoard would make of it against its meaning."""
    told, event = event_of(record), record.event
    took = number(event.get("duration_ms"))
    problems = [shown(problem) for problem in wrong]
    if event.get("duration_ms") is not None and (took is None or took < 0):
        problems.append("its duration is no number of milliseconds")
    return Event(
        order=order,
        kind=name(told.kind) or UNREADABLE,
        at=moment(event.get("timestamp")),
        agent=name(record.agent),
        process=record.process,
        task=name(event.get("task_id")),
        run=name(event.get("task_run_id")),
        action=name(event.get("action_id")),
        parent=name(event.get("parent_action_id")),
        status=shown(event.get("status")),
        seconds=took / 1000 if took is not None and took >= 0 else None,
        payload=told.payload,
        data=told.data,
        details=(*_details(event, told.payload, told.data), *_origin(record)),
        site=record.site,
        problems=tuple(dict.fromkeys(problems)),
    )


def _details(
    event: Mapping[str, object], payload: Mapping[str, object], data: Mapping[str, object]
) -> tuple[tuple[str, str], ...]:
    """Return all that the event says, the inner part of its payload first."""
    inner = [(key, value) for key, value in payload.items() if key != "data" or not data]
    outer = [(key, value) for key, value in event.items() if key not in _NOT_TOLD or (key == "payload" and not payload)]
    said = [(name(key), shown(value)) for key, value in (*data.items(), *inner, *outer) if value is not None]
    return tuple(dict.fromkeys(said))


def _origin(record: Record) -> tuple[tuple[str, str], ...]:
    """Return what is known of the code that made an event, apart from its line."""
    through = record.through
    wrapper = (("through", f"{shown(through.path)}:{through.line} in {shown(through.function)}"),) if through else ()
    return (*wrapper, ("process", str(record.process)))


def mapping(value: object) -> Mapping[str, object]:
    """Return an object of JSON; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def name(value: object) -> str:
    """Return a text or a whole number as a name; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return cut(shown(value), _LONGEST_NAME)


def shown(value: object) -> str:
    """Return any value of JSON as one line that is safe to show."""
    if value is None:
        return ""
    if not isinstance(value, str):
        try:
            value = json.dumps(value, ensure_ascii=False)
        except (TypeError, ValueError, RecursionError):
            return "(cannot be shown)"
    return visible(one_line(cut(value, _LONGEST)))


def number(value: object) -> float | None:
    """Return a finite number; None for anything else, truth values included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def moment(value: object) -> Moment:
    """Return the seconds since 1970 of an ISO timestamp, UTC where it names no zone."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
