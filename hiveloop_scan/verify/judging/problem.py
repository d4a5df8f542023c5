"""What is wrong with an event, and how bad that is."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from hiveloop_scan.verify.events import Event


class Level(enum.StrEnum):
    """What comes of it."""

    DROPPED = "dropped"
    """HiveBoard never gets the event."""
    MISREAD = "misread"
    """It arrives and shows something else than was meant, or nothing."""
    NOTE = "note"
    """It shows what was told; is that what was meant?"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with `event`; its `name` is that of the rule about the same thing, where there is one."""

    name: str
    level: Level
    event: Event
    message: str


def dropped(name: str, event: Event, message: str) -> Problem:
    """Return the problem of an event that does not arrive."""
    return Problem(name, Level.DROPPED, event, message)


def misread(name: str, event: Event, message: str) -> Problem:
    """Return the problem of an event that shows something else than was meant."""
    return Problem(name, Level.MISREAD, event, message)


def note(name: str, event: Event, message: str) -> Problem:
    """Return the problem of an event that may be as it was meant."""
    return Problem(name, Level.NOTE, event, message)
