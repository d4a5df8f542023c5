"""All judgements over one run, the same ones put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.judging.approvals import unanswered
from hiveloop_scan.verify.judging.arriving import lost
from hiveloop_scan.verify.judging.issues import standing
from hiveloop_scan.verify.judging.plans import misplaced_steps
from hiveloop_scan.verify.judging.problem import Level, Problem
from hiveloop_scan.verify.judging.queues import crowded
from hiveloop_scan.verify.judging.retries import miscounted
from hiveloop_scan.verify.judging.tasks import misplaced
from hiveloop_scan.verify.judging.texts import cut_or_empty
from hiveloop_scan.verify.judging.values import unknown_values

_JUDGEMENTS: tuple[Callable[[Story], Iterator[Problem]], ...] = (
    lost, cut_or_empty, unknown_values, misplaced_steps, misplaced, miscounted, standing, unanswered, crowded,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at one line of the program; `message` is that of the first of its `events`."""

    name: str
    level: Level
    message: str
    events: tuple[Event, ...]


def problems_in(story: Story) -> Iterator[Problem]:
    """Yield all that is wrong, event by event."""
    for judge in _JUDGEMENTS:
        yield from judge(story)


def faults_in(story: Story) -> list[Fault]:
    """Return what is wrong, worst first; what one line does wrong in one way counts once."""
    together: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems_in(story):
        event = problem.event
        key = (problem.name, problem.level, event.kind, event.site)
        together.setdefault(key, []).append(problem)
    faults = [_fault(problems) for problems in together.values()]
    return sorted(faults, key=lambda fault: (list(Level).index(fault.level), *_place(fault.events[0])))


def _fault(problems: Sequence[Problem]) -> Fault:
    first = problems[0]
    events = {id(problem.event): problem.event for problem in problems}
    return Fault(first.name, first.level, first.message, tuple(events.values()))


def _place(event: Event) -> tuple[str, int]:
    return (event.site.path, event.site.line) if event.site else ("", 0)
