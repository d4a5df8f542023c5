"""What begins with one event and ends with another: actions, steps of plans, questions to people."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hiveloop_scan.timeline.events import Event
from hiveloop_scan.timeline.model import Moment, sites_of
from hiveloop_scan.verify.records import CallSite

Role = tuple[str, bool]
"""What tells the pairs apart, and whether the event is the first of two."""


@dataclass(slots=True)
class Pair:
    """A beginning and an end; one of them may be missing."""

    opening: Event | None = None
    closing: Event | None = None

    @property
    def first(self) -> Event:
        """The beginning, or the end where no beginning was told."""
        event = self.opening or self.closing
        assert event is not None
        return event

    @property
    def last(self) -> Event:
        """The end, or the beginning where no end was told."""
        event = self.closing or self.opening
        assert event is not None
        return event

    @property
    def seconds(self) -> float | None:
        """How long it took: as its end says, or as the times of both say."""
        if self.closing is None:
            return None
        if self.closing.seconds is not None or self.opening is None:
            return self.closing.seconds
        begin, end = self.opening.at, self.closing.at
        return end - begin if begin is not None and end is not None and end >= begin else None

    @property
    def at(self) -> Moment:
        """When it began."""
        if self.opening is not None or self.first.at is None:
            return self.first.at
        return self.first.at - (self.seconds or 0)

    @property
    def sites(self) -> tuple[CallSite, ...]:
        """The places of both events."""
        return sites_of([event.site for event in (self.opening, self.closing) if event])

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """All that both events say; where they differ, the end comes first."""
        both = [*self.last.details, *self.first.details]
        return tuple(dict.fromkeys(both))

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with either event."""
        return tuple(dict.fromkeys([*self.first.problems, *self.last.problems]))


def pairs_of(events: Iterable[Event], role: Callable[[Event], Role | None]) -> list[Pair]:
    """Return the pairs in the order of their beginnings; an end goes with the oldest open beginning of its key."""
    found: list[Pair] = []
    waiting: defaultdict[str, deque[Pair]] = defaultdict(deque)
    for event in events:
        told = role(event)
        if told is None:
            continue
        key, opens = told
        if opens:
            found.append(Pair(opening=event))
            waiting[key].append(found[-1])
        elif waiting[key]:
            waiting[key].popleft().closing = event
        else:
            found.append(Pair(closing=event))
    return found
