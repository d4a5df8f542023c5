"""What HiveLoop's events are, as `templates/events/` tells it: the words that templates put around findings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hiveloop_scan.methods import METHODS
from hiveloop_scan.report.markdown import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hiveloop_scan.model import Capture, Finding


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Asked of a place when none of `captures` is known there, or when the first of them is `value`."""

    captures: tuple[str, ...]
    question: str
    value: Capture = None

    def is_open_at(self, finding: Finding) -> bool:
        """Say whether the analysis has left this question to the reader."""
        if self.value is not None:
            return finding.captures.get(self.captures[0]) == self.value
        return all(finding.captures.get(name) in (None, "") for name in self.captures)


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event, read from a file of its own that has these keys.

    `methods` are the SDK methods that tell it, any one of them is enough; `guide` is the section of the operational
    events guide; `counts` and `is_not` say what such a place looks like in code, and what only looks like it;
    `question` is for a code base in which none was found, `open` for one place; `checks` are for the day the calls are
    in, `checked_in` names the sections with the guide's own.
    """

    methods: tuple[str, ...]
    guide: str
    call: str
    meaning: str
    counts: tuple[str, ...]
    is_not: tuple[str, ...]
    question: str
    open: tuple[OpenQuestion, ...]
    checked_in: str
    checks: tuple[str, ...]

    @property
    def name(self) -> str:
        """The SDK method that stands for it."""
        return self.methods[0]

    @property
    def title(self) -> str:
        """All SDK methods that tell it."""
        return " / ".join(self.methods)

    def of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings in which this event is missing."""
        return [finding for finding in findings if finding.method in self.methods]


@cache
def all_events() -> tuple[Event, ...]:
    """Return the events in the order in which they are worth adding."""
    tables = [tomllib.loads(file.read_text("utf-8")) for file in (TEMPLATES / "events").glob("*.toml")]
    return tuple(sorted((_event(table) for table in tables), key=lambda event: METHODS.index(event.name)))


def events_of(methods: Collection[str]) -> list[Event]:
    """Return the events that one of `methods` tells."""
    return [event for event in all_events() if not set(event.methods).isdisjoint(methods)]


def _event(table: Mapping[str, Any]) -> Event:
    entries: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    entries["open"] = tuple(_open_question(entry) for entry in table["open"])
    return Event(**entries)


def _open_question(entry: Mapping[str, Any]) -> OpenQuestion:
    return OpenQuestion(tuple(entry["captures"]), entry["question"], entry.get("value"))
