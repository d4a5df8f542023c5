"""Events that do not arrive: what the SDK cannot send, and what the server does not take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from hiveloop_scan.sdk.signatures import EVENT_TYPES
from hiveloop_scan.suggest import closest
from hiveloop_scan.verify.events import Event, Story, as_text, size_in_json
from hiveloop_scan.verify.judging.problem import Problem, dropped, misread

_MOST_BYTES = 32 * 1024
_LONGEST_SHOWN = 40
_ARTICLES = {
    bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object", str: "a text",
}  # fmt: skip
_NEEDED = ("event_id", "timestamp", "event_type")


def lost(story: Story) -> Iterator[Problem]:
    """Yield what keeps single events from arriving."""
    for event in story.events:
        for problem in event.record.problems:
            yield _told(event, problem)
        yield from _unsendable(event)
        yield from _refused(event)


_SIGNS = {
    "is lost with it": "lost-with-another",
    " was cut from ": "text-cut",
    "HiveBoard takes": "payload-without-limit",
    "JSON cannot carry": "unserializable-payload",
    "HiveBoard gets neither": "unserializable-payload",
}
"""What the problems say that were noted while the program ran, and the names that they have here."""


def _told(event: Event, problem: str) -> Problem:
    name = next((name for sign, name in _SIGNS.items() if sign in problem), "not-sent")
    return misread(name, event, problem) if name == "text-cut" else dropped(name, event, problem)


def _unsendable(event: Event) -> Iterator[Problem]:
    if not event.record.problems and (place := _not_finite(event.record.event)):
        message = f"{place} is not a number that JSON has; the SDK loses all events that it sends with this one"
        yield dropped("unserializable-payload", event, message)
    task = event.get("task_id")
    if task is not None and not isinstance(task, str):
        message = f"the task's id is {_article(task)}; only texts are taken, and all events sent with it are lost"
        yield dropped("task-id-not-a-text", event, message)


def _refused(event: Event) -> Iterator[Problem]:
    if missing := [name for name in _NEEDED if not isinstance(event.get(name), str)]:
        yield dropped("malformed-event", event, f"it has no {' and no '.join(missing)}")
    elif (told := as_text(event.get("event_type"))[:_LONGEST_SHOWN]) not in EVENT_TYPES:
        hint = closest(told, EVENT_TYPES)
        message = f"HiveBoard takes no events of the type {told!r}; {hint}"
        yield dropped("unknown-event-type", event, message)
    payload = event.get("payload")
    if payload is not None and not isinstance(payload, dict):
        yield dropped("payload-not-a-dictionary", event, f"its payload is {_article(payload)}, and has to be an object")
        return
    if event.record.problems:
        return  # what the payload is like was seen before it became JSON
    size = size_in_json(payload)
    if size is None:
        yield dropped("unserializable-payload", event, "its payload cannot be written as JSON")
    elif size > _MOST_BYTES:
        message = f"its payload takes {size:,} bytes in JSON, HiveBoard takes {_MOST_BYTES:,}: shorten what you pass"
        yield dropped("payload-without-limit", event, message)


def _not_finite(value: Any) -> str:
    """Return the path to the first number in `value` that is infinite or none at all; "" without one."""
    pending = [("", value)]
    while pending:
        path, found = pending.pop()
        if isinstance(found, float) and not math.isfinite(found):
            return path
        if isinstance(found, dict):
            pending += [(f"{path}.{key}".lstrip("."), below) for key, below in found.items()]
        elif isinstance(found, list):
            pending += [(f"{path}[{place}]", below) for place, below in enumerate(found)]
    return ""


def _article(value: Any) -> str:
    return _ARTICLES.get(type(value), "none")
