"""The prompt by which a language model judges what static analysis cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiveloop_scan.model import Confidence
from hiveloop_scan.report.events import Event, events_of
from hiveloop_scan.report.markdown import fill
from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.passage import passage
from hiveloop_scan.report.quoting import one_line
from hiveloop_scan.report.reasons import reasons_against, reasons_for
from hiveloop_scan.report.summary import headline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hiveloop_scan.model import Capture, Finding, Report

_MOST_ERRORS = 20
_PLACE = "insert_line"

LinesOf = Callable[[str], Sequence[str]]
"""Gives the source lines of the file that a report calls by this path; none where it cannot be read."""


@dataclass(frozen=True, slots=True)
class _Site:
    """One finding as the template shows it; everything in it but `id` and `questions` may come from the code base."""

    id: str
    finding: Finding
    speaks_for: str
    speaks_against: str
    proposed: Capture
    known: Mapping[str, str]
    questions: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class _Group:
    """The sites of one event, and how many more there are."""

    event: Event
    sites: tuple[_Site, ...]
    left_out: int


def render_prompt(report: Report, methods: Collection[str], lines_of: LinesOf, most: int) -> str:
    """Return the prompt as Markdown: about `methods`, with code and open questions of at most `most` findings.

    Where there are more, each event gives up the least sure of its own, so that none takes all the room.
    """
    events = events_of(methods)
    findings = in_order(report.findings, Order.VALUE)
    by_event = [(event, event.of(findings)) for event in events]
    rooms = _rooms([len(found) for _, found in by_event], most)
    groups = [
        _Group(event, tuple(_sites(event, found[:room], lines_of)), len(found) - room)
        for (event, found), room in zip(by_event, rooms, strict=True)
    ]
    return fill(
        "prompt.md.j2",
        headline=headline(report),
        events=events,
        groups=[group for group in groups if group.sites],
        missing=[group.event for group in groups if not group.sites and not group.left_out],
        left_out=[group for group in groups if group.left_out],
        errors=report.errors[:_MOST_ERRORS],
        more_errors=len(report.errors[_MOST_ERRORS:]),
        suppressed=report.suppressed,
    )


def _rooms(sizes: Sequence[int], most: int) -> list[int]:
    """Share `most` places out: in turn, until all have what they need or nothing is left."""
    rooms = [0] * len(sizes)
    while sum(rooms) < min(most, sum(sizes)):
        for position, size in enumerate(sizes):
            if rooms[position] < size and sum(rooms) < most:
                rooms[position] += 1
    return rooms


def _sites(event: Event, findings: Sequence[Finding], lines_of: LinesOf) -> list[_Site]:
    return [
        _Site(
            id=f"{event.name}-{number}",
            finding=finding,
            speaks_for=", ".join(reasons_for(finding)),
            speaks_against=", ".join(reasons_against(finding)),
            proposed=finding.captures.get(_PLACE),
            known=_known(finding),
            questions=tuple(_questions(event, finding)),
            code=passage(finding, lines_of(finding.path)),
        )
        for number, finding in enumerate(findings, 1)
    ]


def _known(finding: Finding) -> dict[str, str]:
    seen = {name: value for name, value in finding.captures.items() if value not in (None, "")}
    return {name: one_line(str(value)) for name, value in seen.items() if name != _PLACE}


def _questions(event: Event, finding: Finding) -> list[str]:
    """Ask what the analysis could not see at this place."""
    asked = []
    if finding.confidence is Confidence.LOW:
        asked.append("The analysis is in doubt: is this the event at all?")
    if against := reasons_against(finding):
        asked.append(f"This speaks against it: {', '.join(against)}. Does it settle the matter?")
    return asked + [entry.question for entry in event.open if entry.is_open_at(finding)]
