"""One thing to check once the calls are in, and how the events of a run prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hiveloop_scan.verify.events import Event, Story


def _nothing(events: Sequence[Event]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist: `section` is that of the guide, `methods` are those of the SDK that it takes.

    `proof` picks the events that show it, `says` what they have told; `bring` is what to do for them, `look` where
    HiveBoard shows it. One `for_eyes` is decided on the dashboard alone; one that is `optional` counts only where its
    events came.
    """

    name: str
    section: str
    title: str
    methods: tuple[str, ...]
    bring: str
    look: str
    proof: Callable[[Story], Iterable[Event]]
    says: Callable[[Sequence[Event]], str] = _nothing
    for_eyes: bool = False
    optional: bool = False
