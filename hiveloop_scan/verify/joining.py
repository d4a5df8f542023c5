"""Events as they were made and as they arrived, joined: what did not arrive says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hiveloop_scan.verify.journal import Fact, of_kind
from hiveloop_scan.verify.records import Record, call_site
from hiveloop_scan.verify.sink import Arrival

UNKNOWN = 0
"""The number of a process that nothing is known of but that it sent."""

_USUAL_INTERVAL = 5.0
"""Seconds between two sendings of the SDK, where the program does not say."""

_SLOWEST_SENDING = 0.1
"""Seconds that a sending takes, or the doubt in when the command ended."""


_TIMES = {"shutdown": "sent_all", "flush": "flushed", "leave": "left"}


@dataclass(frozen=True, slots=True)
class Ending:
    """How the command ended: its process, when, and which processes were stopped from outside."""

    process: int
    at: float
    stopped: Collection[int] = ()
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Life:
    """What a process has noted of itself.

    `left` is when it ended without its exit handlers, `sent_all` when the SDK had last sent all that it had, `flushed`
    when it was last asked to send soon; seconds of the clock.
    """

    is_forked: bool = False
    is_ended: bool = False
    left: float | None = None
    interval: float = _USUAL_INTERVAL
    sent_all: float = 0.0
    flushed: float = 0.0
    broken: list[Fact] = field(default_factory=list)


def join(facts: Sequence[Fact], arrivals: Sequence[Arrival], ending: Ending) -> list[Record]:
    """Return all events in the order in which they were made, then those that only the sink has seen."""
    arrived = {str(arrival.event.get("event_id")): arrival.event for arrival in arrivals}
    overflown = {fact.data["id"]: fact.data["size"] for fact in of_kind(facts, "overflow")}
    lives = _lives(facts)
    records, seen = [], set[str]()
    for fact in of_kind(facts, "event"):
        event = fact.data["event"]
        name = str(event.get("event_id"))
        seen.add(name)
        problems = list(fact.data["problems"])
        if name in arrived:
            problems += _too_late(fact, lives[fact.process], ending)
        elif name in overflown:
            problems.append(f"the SDK dropped it: more than {overflown[name]:,} events were waiting")
        elif not fact.data["is_lost"]:
            problems += _not_sent(fact, lives[fact.process], ending)
        records.append(_record(fact, arrived.get(name, event), problems))
    return records + list(_unnoted(arrivals, seen))


def _lives(facts: Sequence[Fact]) -> Mapping[int, _Life]:
    noted: dict[int, dict[str, Any]] = defaultdict(dict)
    broken: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        life = noted[fact.process]
        if fact.kind == "start":
            life["is_forked"] = fact.data["forked"]
        elif fact.kind == "end":
            life["is_ended"] = True
        elif fact.kind == "init" and fact.data["interval"] is not None:
            life["interval"] = fact.data["interval"]
        elif fact.kind in _TIMES:
            life[_TIMES[fact.kind]] = fact.at
        elif fact.kind == "event" and fact.data["is_broken"]:
            broken[fact.process].append(fact)
    return {process: _Life(**life, broken=broken[process]) for process, life in noted.items()}


def _not_sent(fact: Fact, life: _Life, ending: Ending) -> Iterator[str]:
    """Yield why an event that could be sent was not; nothing where it was us who ended the process too early."""
    if not fact.data["is_sending"]:
        yield (
            "the SDK's sender does not run in this process, which was forked after hiveloop.init(): call"
            " hiveloop.reset() and hiveloop.init() in it"
            if life.is_forked
            else "the SDK's sender has died in this process: HiveBoard gets nothing from it any more"
        )
    elif life.broken:
        other = min(life.broken, key=lambda other: (other.data["agent"] != fact.data["agent"], abs(other.at - fact.at)))
        place = f" of {other.site.path}:{other.site.line}" if other.site else ""
        yield f"it was sent along with an event{place} that JSON cannot carry, and is lost with it"
    elif fact.data["is_heartbeat"] or ending.is_stopped or fact.process in ending.stopped:
        return
    elif not life.is_ended:
        yield "the process ended before the SDK had sent it: call hiveloop.shutdown() first"
    else:
        yield "the SDK did not send it"


def _too_late(fact: Fact, life: _Life, ending: Ending) -> Iterator[str]:
    """Yield what would have kept an event from arriving, had it not been sent sooner than the program asks for."""
    if life.is_ended or life.sent_all >= fact.at or ending.is_stopped or fact.data["is_heartbeat"]:
        return
    end = ending.at if life.left is None and fact.process == ending.process else life.left
    if end is None or (life.flushed >= fact.at and end - life.flushed > _SLOWEST_SENDING):
        return
    if end - fact.at + _SLOWEST_SENDING < life.interval:
        yield (
            f"the process ended {end - fact.at:.1f} s later without hiveloop.shutdown(), and the SDK sends every"
            f" {life.interval:g} s: HiveBoard may not get it"
        )


def _record(fact: Fact, event: Mapping[str, Any], problems: Sequence[str]) -> Record:
    through = call_site(fact.data["through"])
    return Record(event, fact.data["agent"], fact.site, tuple(problems), fact.process, through)


def _unnoted(arrivals: Sequence[Arrival], seen: Collection[str]) -> Iterator[Record]:
    for arrival in arrivals:
        if str(arrival.event.get("event_id")) not in seen:
            yield Record(arrival.event, str(arrival.envelope.get("agent_id")), None, (), UNKNOWN)
