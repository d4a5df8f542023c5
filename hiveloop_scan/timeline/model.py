"""The nouns of a timeline: plain data, all texts of it safe to show and in one line."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from hiveloop_scan.verify.records import CallSite


class Colour(enum.StrEnum):
    """The colours of the dashboard."""

    BLUE = "blue"
    GREEN = "green"
    RED = "red"
    AMBER = "amber"
    PURPLE = "purple"
    GRAY = "gray"


class State(enum.StrEnum):
    """How far something has come: a task, an action, a step of a plan."""

    WAITING = "not started"
    RUNNING = "in progress"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come."""
        return self in (State.COMPLETED, State.FAILED, State.SKIPPED)


Moment = float | None
"""Seconds since 1970; None where an event does not tell."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on a timeline; `depth` is how many others it is part of, `details` is all that its events say."""

    kind: str
    colour: Colour
    symbol: str
    title: str
    at: Moment = None
    seconds: float | None = None
    facts: tuple[str, ...] = ()
    summary: str = ""
    sites: tuple[CallSite, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    state: State = State.COMPLETED
    depth: int = 0

    def below(self, depth: int) -> Node:
        """Return the same node as part of `depth` others."""
        return replace(self, depth=depth)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan, as far as it has come; `summary` is the last that was said of it."""

    description: str
    state: State = State.WAITING
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task intends; `is_current` is false for one that a later plan has replaced."""

    goal: str
    revision: str
    steps: tuple[Step, ...]
    sites: tuple[CallSite, ...] = ()
    problems: tuple[str, ...] = ()
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """One run of a task; `state` RUNNING: its end was never told, WAITING: its start was not told either."""

    name: str
    state: State
    at: Moment = None
    seconds: float | None = None
    labels: tuple[str, ...] = ()
    plans: tuple[Plan, ...] = ()
    nodes: tuple[Node, ...] = ()
    sites: tuple[CallSite, ...] = ()
    problems: tuple[str, ...] = ()
    events: int = 0

    def count(self, kind: str) -> int:
        """Return how many nodes are of a kind."""
        return sum(node.kind == kind for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Issue:
    """A lasting problem of an agent; `ended` is None and `is_open` true as long as nobody has told its end."""

    title: str
    facts: tuple[str, ...]
    at: Moment
    ended: Moment = None
    is_open: bool = True
    ending: str = ""
    sites: tuple[CallSite, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Depth:
    """How much work was waiting at a moment; `items` are those that were named."""

    at: Moment
    depth: float
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    sites: tuple[CallSite, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agent:
    """All that one agent has told; `loose` is what belongs to no task, `sites` are where it was made."""

    name: str
    labels: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    loose: tuple[Node, ...] = ()
    sites: tuple[CallSite, ...] = ()
    issues: tuple[Issue, ...] = ()
    queue: tuple[Depth, ...] = ()
    heartbeats: int = 0

    @property
    def open_issues(self) -> int:
        """How many issues nobody has told the end of: the red badge of the agent."""
        return sum(issue.is_open for issue in self.issues)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole run: its agents in the order in which they appeared, its first and last moment, its number of events.

    `command` is what was run, `notes` say what the events cannot.
    """

    agents: tuple[Agent, ...]
    begin: Moment
    end: Moment
    events: int
    command: str = ""
    exit_code: int = 0
    notes: tuple[str, ...] = ()

    @property
    def tasks(self) -> Iterator[Task]:
        """The tasks of all agents."""
        return chain.from_iterable(agent.tasks for agent in self.agents)


def sites_of(sites: Sequence[CallSite | None]) -> tuple[CallSite, ...]:
    """Return each place once, those that nobody knows left out."""
    return tuple(dict.fromkeys(site for site in sites if site is not None))
