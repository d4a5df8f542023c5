"""A timeline out of the records of a run, in whatever order they come and whatever they lack."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from itertools import chain

from hiveloop_scan.timeline.conditions import issues_of, queue_of
from hiveloop_scan.timeline.events import Event, read_event, shown
from hiveloop_scan.timeline.model import Agent, Moment, Node, State, Task, Timeline, sites_of
from hiveloop_scan.timeline.nodes import action_node, action_role, approval_role, event_node, step_node
from hiveloop_scan.timeline.order import Placed, nested
from hiveloop_scan.timeline.pairing import Pair, pairs_of
from hiveloop_scan.timeline.plans import plans_of, step_role
from hiveloop_scan.verify.events import Story
from hiveloop_scan.verify.judging.judge import problems_in
from hiveloop_scan.verify.judging.problem import Level
from hiveloop_scan.verify.records import Run

UNNAMED = "an agent without a name"
_ENDS = {"task_completed": State.COMPLETED, "task_failed": State.FAILED}
_BOUNDARIES = {"task_started", *_ENDS}
_OF_THE_AGENT = {"agent_registered", "heartbeat", "issue", "queue_snapshot"}
"""What is shown of an agent as a whole, whether it names a task or not."""


def timeline_of(run: Run) -> Timeline:
    """Return the timeline of a run."""
    wrong = _wrong(run)
    events = _in_time([read_event(order, record, wrong[id(record)]) for order, record in enumerate(run.records)])
    by_agent: dict[str, list[Event]] = {}
    for event in events:
        by_agent.setdefault(event.agent or UNNAMED, []).append(event)
    times = [event.at for event in events if event.at is not None]
    agents = tuple(_agent(name, own) for name, own in by_agent.items())
    return Timeline(
        agents,
        min(times, default=None),
        max(times, default=None),
        len(events),
        shown(shlex.join(run.command)),
        run.exit_code,
        tuple(map(shown, run.notes)),
    )


def _wrong(run: Run) -> dict[int, list[str]]:
    """Return what HiveBoard would drop or misread, by the identity of the records."""
    found: dict[int, list[str]] = {id(record): [] for record in run.records}
    for problem in problems_in(Story(run.records)):
        if problem.level is not Level.NOTE:
            found[id(problem.event.record)].append(problem.message)
    return found


def _in_time(events: Sequence[Event]) -> list[Event]:
    """Sort by time; an event without one stays behind the event that it came after."""
    latest: Moment = None
    moments = []
    for event in events:
        latest = event.at if event.at is not None else latest
        moments.append(float("-inf") if latest is None else latest)
    return [event for _, _, event in sorted(zip(moments, range(len(events)), events, strict=True))]


def _agent(name: str, events: Sequence[Event]) -> Agent:
    ranks = {event.order: rank for rank, event in enumerate(events)}
    actions = pairs_of(events, action_role)
    tasks: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        if event.kind not in _OF_THE_AGENT:
            tasks.setdefault(_task_key(event, tasks), []).append(event)
    starts = {pair.first.order: pair for pair in actions}
    loose = tasks.pop(("", ""), [])
    return Agent(
        name=name,
        labels=_agent_labels(events),
        tasks=tuple(_task(task, own, starts, ranks) for (task, _), own in tasks.items()),
        loose=_nodes(loose, starts, ranks),
        sites=sites_of([event.site for event in events if event.kind == "agent_registered"]),
        issues=issues_of(event for event in events if event.kind == "issue"),
        queue=queue_of(event for event in events if event.kind == "queue_snapshot"),
        heartbeats=sum(event.kind == "heartbeat" for event in events),
    )


def _task_key(event: Event, known: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the task and the run of it that an event belongs to: where it names none, a start begins one."""
    if not event.task:
        return "", ""
    if event.run:
        return event.task, event.run
    if event.kind == "task_started":
        return event.task, f"begun by event {event.order}"
    return event.task, next((run for task, run in reversed(list(known)) if task == event.task), "")


def _agent_labels(events: Sequence[Event]) -> tuple[str, ...]:
    said = [event for event in events if event.kind == "agent_registered"]
    labels = [label for event in said[-1:] for label in (event.say("type"), event.say("framework"))]
    return tuple(label for label in labels if label and label not in ("general", "custom"))


def _task(name: str, events: Sequence[Event], starts: dict[int, Pair], ranks: dict[int, int]) -> Task:
    start = next((event for event in events if event.kind == "task_started"), None)
    end = next((event for event in reversed(events) if event.kind in _ENDS), None)
    state = _ENDS[end.kind] if end else State.RUNNING if start else State.WAITING
    problems = [] if start else ["its start was not told"]
    span = Pair(start, end) if start or end else None
    return Task(
        name=name,
        state=state,
        at=span.at if span else events[0].at,
        seconds=span.seconds if span else None,
        labels=_task_labels(events[0]),
        plans=plans_of(events),
        nodes=_nodes(events, starts, ranks),
        sites=sites_of([start.site]) if start else (),
        problems=tuple(problems),
        events=len(events),
    )


def _task_labels(event: Event) -> tuple[str, ...]:
    known = dict(event.details)
    return tuple(known[key] for key in ("project_id", "task_type") if known.get(key))


def _nodes(events: Sequence[Event], starts: dict[int, Pair], ranks: dict[int, int]) -> tuple[Node, ...]:
    """Return the nodes of a task, or of what belongs to none; an action belongs to where it began."""
    plans = plans_of(events)
    answers = {id(pair.opening): pair for pair in pairs_of(events, approval_role)}
    actions = [starts[event.order] for event in events if event.order in starts]
    steps = pairs_of(events, step_role)
    single = [event for event in events if not action_role(event) and not step_role(event)]
    return nested(
        chain(
            (_placed(pair, action_node(pair), ranks, is_action=True) for pair in actions),
            (_placed(pair, step_node(pair, plans), ranks, is_action=False) for pair in steps),
            (_alone(event, event_node(event, answers.get(id(event))), ranks) for event in single),
        )
    )


def _placed(pair: Pair, node: Node, ranks: dict[int, int], is_action: bool) -> Placed:
    return Placed(
        node=node,
        first=ranks[pair.first.order],
        last=ranks[pair.last.order] if pair.closing else None,
        process=pair.first.process,
        action=pair.first.action if is_action else "",
        parent=pair.first.parent if is_action else None,
        is_step=not is_action,
    )


def _alone(event: Event, node: Node, ranks: dict[int, int]) -> Placed:
    rank = ranks[event.order]
    parent = event.action if event.action or event.kind == "llm_call" else None  # the other kinds never name an action
    return Placed(node, rank, rank, event.process, parent=parent, stands_alone=event.kind in _BOUNDARIES)
