"""What a run tells besides its events: what was not followed, what went wrong around the SDK, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set

from hiveloop_scan.verify.followed import OTHER_PROGRAM, why_not_followed
from hiveloop_scan.verify.joining import UNKNOWN
from hiveloop_scan.verify.journal import Fact, of_kind
from hiveloop_scan.verify.launching import Outcome
from hiveloop_scan.verify.records import Record

_SHOWN = 10


def notes_of(
    facts: Sequence[Fact], outcome: Outcome, command: Sequence[str], records: Sequence[Record], sink: str
) -> Iterator[str]:
    """Yield the notes of a run, the most telling first."""
    yield from _outcome(facts, command, records)
    if outcome.is_timed_out:
        yield "the command took longer than --timeout allows, and was stopped with all its processes"
    for process, name in outcome.left.items():
        yield f"process {process} ({name}) was still running after the command had ended, and was stopped"
    yield from _refused_calls(facts)
    yield from _trouble(facts, records)
    yield from _not_followed(facts)
    yield from _real_settings(facts, sink)


def _outcome(facts: Sequence[Fact], command: Sequence[str], records: Sequence[Record]) -> Iterator[str]:
    """Say how far the program has come with the SDK, where it has not come to an event."""
    if records or of_kind(facts, "unknown SDK"):
        return
    if not of_kind(facts, "import"):
        yield from _import(facts, command)
    elif not of_kind(facts, "init"):
        yield (
            "the program imported hiveloop and never called hiveloop.init(): does it ask for a key, an endpoint or a"
            " setting first? Any key that begins with hb_ will do"
        )
    else:
        yield "hiveloop.init() was called, and no agent was registered: hb.agent(...) comes before all events"


def _import(facts: Sequence[Fact], command: Sequence[str]) -> Iterator[str]:
    """Say why the SDK was not imported."""
    processes = {fact.process for fact in of_kind(facts, "start")}
    if missing := of_kind(facts, "missing"):
        python = missing[0].data["python"]
        yield f"hiveloop is not installed for {python}: {python} -m pip install hiveloop"
    elif broken := of_kind(facts, "broken"):
        yield f"{broken[0].data['path']} could not be imported: {broken[0].data['error']}"
    elif processes:
        count = f"{len(processes)} Python process{'' if len(processes) == 1 else 'es'}"
        yield (
            f"the program never imported hiveloop ({count} followed): 'hiveloop-scan init' and 'hiveloop-scan apply'"
            " put it in"
        )
    else:
        why = why_not_followed(list(command), handed_on=True) or "is older than Python 3.11, which the SDK needs"
        yield (
            f"no Python process could be followed: {command[0]} {why};"
            " name the Python program itself: hiveloop-scan verify -- python -m my_agent"
        )


def _refused_calls(facts: Sequence[Fact]) -> Iterator[str]:
    """Say which calls raised: whether the program has noticed or a guard has swallowed it, HiveBoard was not told."""
    calls = Counter(
        (f"{fact.site.path}:{fact.site.line}" if fact.site else "?", fact.data["call"], fact.data["error"])
        for fact in of_kind(facts, "refused")
    )
    for (place, call, error), count in calls.items():
        yield f"{place}: {call}() raised {error}{_times(count)}; HiveBoard was not told"


def _trouble(facts: Sequence[Fact], records: Sequence[Record]) -> Iterator[str]:
    for fact in of_kind(facts, "unknown SDK"):
        yield f"{fact.data['path']} is not built as the SDK is known to be ({fact.data['error']}): no lines are known"
    for error, count in Counter(fact.data["error"] for fact in of_kind(facts, "hook failed")).items():
        yield f"an event could not be noted: {error}{_times(count)}"
    unknown = sum(record.process == UNKNOWN for record in records)
    if unknown:
        yield f"{unknown:,} events came without their lines: their process could not write to the folder of the run"
    said = Counter(
        (fact.data["text"], fact.data["error"]) for fact in of_kind(facts, "warning") if _counts(fact, facts)
    )
    for (text, error), count in said.items():
        yield f"the SDK warned{_times(count)}: {text}{f' ({error})' if error else ''}"


def _counts(warning: Fact, facts: Sequence[Fact]) -> bool:
    """Say whether a warning is no matter of having been asked before the time: the agent has answered later."""
    later = (fact for fact in of_kind(facts, "event") if fact.process == warning.process and fact.at > warning.at)
    is_answered = any(
        fact.data["is_heartbeat"] and f"agent {fact.data['agent']}" in warning.data["text"] and _is_snapshot(fact)
        for fact in later
    )
    return not (warning.data["is_early"] and is_answered)


def _is_snapshot(fact: Fact) -> bool:
    payload = fact.data["event"].get("payload")
    return isinstance(payload, dict) and payload.get("kind") == "queue_snapshot"


def _not_followed(facts: Sequence[Fact]) -> Iterator[str]:
    """Name the programs whose events, if they make any, went where they always go."""
    found: Counter[tuple[str, str]] = Counter()
    followed = {fact.process for fact in of_kind(facts, "start")}
    starts = [fact for fact in of_kind(facts, "start") if not fact.data["forked"]]
    for fact in of_kind(facts, "spawn"):
        why = why_not_followed(fact.data["command"], fact.data["handed_on"]) or _silence(fact, starts, followed)
        if why:
            found[" ".join(fact.data["command"][:1] if why == OTHER_PROGRAM else fact.data["command"]), why] += 1
    for (name, why), count in list(found.items())[:_SHOWN]:
        yield f"not followed{_times(count)}: {name} {why}"
    if len(found) > _SHOWN:
        yield f"not followed: {len(found) - _SHOWN:,} programs more"


def _silence(spawn: Fact, starts: list[Fact], followed: Set[int]) -> str:
    """Return what to say of a Python that nothing was heard of; the report of one that was is taken out of `starts`.

    A process has a parent that is none of ours where its own had ended before it could ask.
    """
    for fact in starts:
        parent = fact.data["parent"]
        if fact.at >= spawn.at and (spawn.process in (fact.process, parent) or parent not in followed):
            starts.remove(fact)
            return ""
    return "did not report (is it older than Python 3.11, which the SDK needs?)"


def _real_settings(facts: Sequence[Fact], sink: str) -> Iterator[str]:
    for kind in sorted({fact.data["given"] for fact in of_kind(facts, "key")}):
        given = {"NoneType": "no key", "str": "a key that does not begin with hb_"}.get(kind, f"a key of type {kind}")
        yield f"hiveloop.init() was given {given}: it worked here, and raises an error without verify"
    places = sorted({fact.data["endpoint"] for fact in of_kind(facts, "init")} - {sink})
    if places:
        yield f"without verify, the events go to {' or '.join(places)}"


def _times(count: int) -> str:
    return "" if count == 1 else f" {count:,} times"
