"""The picture of an agent's whole run: what was going on when, in lanes along one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hiveloop_scan.timeline.amounts import duration
from hiveloop_scan.timeline.model import Agent, Depth, Issue, Moment, State, Task, Timeline
from hiveloop_scan.timeline.wording import MANY

_MOST_LANES = 40
_MOST_MARKS = 200
_LEAST = 0.3
_MARKED = {"retry_started": "amber", "escalated": "amber", "approval_requested": "amber"}
_TASKS = {State.COMPLETED: "green", State.FAILED: "red", State.RUNNING: "blue", State.WAITING: "gray"}
_STEPS = (1, 2, 5)
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """The time that a picture shows."""

    begin: float
    end: float

    def percent(self, at: Moment) -> float:
        """Return where a moment is, from 0 to 100."""
        if at is None or self.end <= self.begin:
            return 0.0
        return min(max((at - self.begin) / (self.end - self.begin), 0.0), 1.0) * 100

    def share(self, seconds: float | None) -> float:
        """Return how much of the axis a duration takes, from 0 to 100."""
        return self.percent(self.begin + (seconds or 0))


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time in a picture, in percent of its width; `lane` counts from 0, `height` is in percent of one."""

    left: float
    width: float
    colour: str
    words: str
    lane: int = 0
    height: float = 100.0
    target: str = ""
    marks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lanes:
    """All bars of an agent."""

    ticks: tuple[tuple[float, str], ...]
    queue: tuple[Bar, ...]
    issues: tuple[Bar, ...]
    tasks: tuple[Bar, ...]

    @property
    def task_lanes(self) -> int:
        """How many tasks were going on at the same time, at most."""
        return 1 + max((bar.lane for bar in self.tasks), default=-1)


def axis_of(timeline: Timeline) -> Axis | None:
    """Return the axis of a run, or None where its events tell no time that could be shown."""
    if timeline.begin is None or timeline.end is None or timeline.end <= timeline.begin:
        return None
    return Axis(timeline.begin, timeline.end)


def lanes_of(agent: Agent, axis: Axis, targets: Sequence[str]) -> Lanes:
    """Return the picture of an agent; `targets` are the places on the page of its tasks."""
    return Lanes(_ticks(axis), _queue(agent.queue, axis), _issues(agent.issues, axis), _tasks(agent, axis, targets))


def _ticks(axis: Axis) -> tuple[tuple[float, str], ...]:
    whole = axis.end - axis.begin
    scale = 10.0 ** (len(f"{whole / _TICKS:.0f}") - 1) if whole / _TICKS >= 1 else 0.001
    while all(whole / (scale * step) > _TICKS for step in _STEPS):
        scale *= 10
    step = next(scale * step for step in _STEPS if whole / (scale * step) <= _TICKS)
    return tuple((axis.share(step * number), duration(step * number)) for number in range(int(whole / step) + 1))


def _queue(samples: Sequence[Depth], axis: Axis) -> tuple[Bar, ...]:
    """Return a bar for each stretch between two reports of the queue, up to the end of the run."""
    known = [sample for sample in samples if sample.at is not None]
    top = max((sample.depth for sample in known), default=0)
    if not top:
        return ()
    ends = [*(later.at for _, later in pairwise(known)), axis.end]
    bars = []
    for sample, end in zip(known, ends, strict=True):
        colour, height = "amber" if sample.depth > MANY else "blue", sample.depth / top * 100
        bars.append(_bar(axis, sample.at, end, colour, f"{sample.depth:g} waiting", height=height))
    return tuple(bars)


def _issues(issues: Sequence[Issue], axis: Axis) -> tuple[Bar, ...]:
    return tuple(
        _bar(axis, issue.at, axis.end if issue.is_open else issue.ended, "red", issue.title, lane=lane)
        for lane, issue in enumerate(issues[:_MOST_LANES])
        if issue.at is not None
    )


def _tasks(agent: Agent, axis: Axis, targets: Sequence[str]) -> tuple[Bar, ...]:
    """Return a bar for each task, in the first lane that is free when it begins."""
    bars = []
    free: list[float] = []
    for task, target in sorted(zip(agent.tasks, targets, strict=True), key=lambda pair: pair[0].at or axis.begin):
        begin = task.at if task.at is not None else axis.begin
        end = begin + task.seconds if task.seconds is not None else axis.end
        lane = next((index for index, until in enumerate(free) if until <= begin), len(free))
        lane = min(lane, _MOST_LANES - 1)
        free[lane : lane + 1] = [end]
        bars.append(
            _bar(axis, begin, end, _TASKS[task.state], task.name, lane, target=target, marks=_marks(task, begin, end))
        )
    return tuple(bars)


def _marks(task: Task, begin: float, end: float) -> tuple[tuple[float, str], ...]:
    """Return where within a task something went wrong or asked for people."""
    own = Axis(begin, end)
    found = []
    for node in task.nodes:
        failed = node.kind == "action" and node.state is State.FAILED
        if failed or node.kind in _MARKED:
            at = node.at + (node.seconds or 0) if failed and node.at is not None else node.at
            found.append((own.percent(at), "red" if failed else _MARKED[node.kind]))
    return tuple(found[:_MOST_MARKS])


def _bar(
    axis: Axis,
    begin: Moment,
    end: Moment,
    colour: str,
    words: str,
    lane: int = 0,
    height: float = 100.0,
    target: str = "",
    marks: tuple[tuple[float, str], ...] = (),
) -> Bar:
    left = min(axis.percent(begin), 100 - _LEAST)
    return Bar(left, max(axis.percent(end) - left, _LEAST), colour, words, lane, height, target, marks)
