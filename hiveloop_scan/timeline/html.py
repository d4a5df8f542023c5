"""A timeline as one HTML page: readable without JavaScript, safe whatever the events say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hiveloop_scan.report.html_page import render_page
from hiveloop_scan.report.summary import count_of
from hiveloop_scan.report.visible import visible
from hiveloop_scan.timeline.amounts import clock, duration, figure, since
from hiveloop_scan.timeline.lanes import Axis, axis_of, lanes_of
from hiveloop_scan.timeline.model import Agent, Depth, Issue, Moment, Node, Plan, State, Task, Timeline
from hiveloop_scan.timeline.plans import COLOURS, SYMBOLS
from hiveloop_scan.timeline.wording import about, badges, counts, lifetime, outcome, places, progress, queue_line

_TEMPLATES = Path(__file__).parent / "templates"
_TASKS = {
    State.COMPLETED: ("✓", "green", "completed"),
    State.FAILED: ("✗", "red", "failed"),
    State.RUNNING: ("▪", "blue", "never ended"),
    State.WAITING: ("?", "gray", "never ended"),
}
_KINDS = {
    "action": "actions",
    "llm_call": "model calls",
    "plan_created": "plans and steps",
    "plan_step": "plans and steps",
    "retry_started": "retries",
    "escalated": "escalations",
    "approval_requested": "approvals",
    "approval_received": "approvals",
    "task_started": "starts and ends",
    "task_completed": "starts and ends",
    "task_failed": "starts and ends",
}
_OTHER = "other events"
_IN_THE_BAR = {"plan_created", "plan_step"}
_LONGEST_TRACK = 60
_DEEPEST = 8
_LEAST_BAR = 1.2


def render_html(timeline: Timeline) -> str:
    """Return the page."""
    agents = [_agent(agent, number, timeline) for number, agent in enumerate(timeline.agents, 1)]
    first, *more = about(timeline)
    nodes = [node for task in timeline.tasks for node in task.nodes] + [n for a in timeline.agents for n in a.loose]
    return render_page(
        "timeline.html.j2",
        styles=("page.css", "timeline.css"),
        folder=_TEMPLATES,
        headline=first,
        about=more,
        began=clock(timeline.begin),
        agents=agents,
        kinds=sorted({_KINDS.get(node.kind, _OTHER) for node in nodes}),
        outcomes=sorted({_TASKS[task.state][2] for task in timeline.tasks}),
        has_nodes=bool(nodes),
    )


def _agent(agent: Agent, number: int, timeline: Timeline) -> dict[str, Any]:
    axis, begin = axis_of(timeline), timeline.begin
    targets = [f"task-{number}-{position}" for position in range(1, len(agent.tasks) + 1)]
    return {
        "name": agent.name,
        "id": f"agent-{number}",
        "labels": agent.labels,
        "badges": badges(agent),
        "heartbeats": count_of(agent.heartbeats, "heartbeat") if agent.heartbeats else "",
        "sites": places(agent.sites),
        "lanes": lanes_of(agent, axis, targets) if axis else None,
        "queue": queue_line(agent) if agent.queue else "",
        "depths": [_depth(sample, begin) for sample in agent.queue],
        "issues": [_issue(issue, begin) for issue in agent.issues],
        "tasks": [_task(task, target, begin) for task, target in zip(agent.tasks, targets, strict=True)],
        "loose": [_node(node, begin, axis) for node in agent.loose],
    }


def _depth(sample: Depth, begin: Moment) -> dict[str, Any]:
    return {
        "at": since(begin, sample.at),
        "depth": figure(sample.depth),
        "facts": sample.facts,
        "waiting": sample.items,
        "sites": places(sample.sites),
        "problems": sample.problems,
    }


def _issue(issue: Issue, begin: Moment) -> dict[str, Any]:
    return {
        "title": issue.title,
        "facts": issue.facts,
        "is_open": issue.is_open,
        "lifetime": lifetime(issue, begin),
        "ending": issue.ending if issue.ending != issue.title else "",
        "sites": places(issue.sites),
        "problems": issue.problems,
    }


def _task(task: Task, target: str, begin: Moment) -> dict[str, Any]:
    symbol, colour, state = _TASKS[task.state]
    start = task.at if task.at is not None else begin
    latest = max((node.at for node in task.nodes if node.at is not None), default=start)
    end = start + task.seconds if start is not None and task.seconds is not None else latest
    axis = Axis(start, end) if start is not None and end is not None and end > start else None
    nodes = [_node(node, start, axis, f"{target}-{number}") for number, node in enumerate(task.nodes, 1)]
    track = [node for node in nodes if node["kind"] not in _IN_THE_BAR]
    return {
        "name": task.name,
        "id": target,
        "symbol": symbol,
        "colour": colour,
        "state": state,
        "outcome": outcome(task),
        "since": since(begin, task.at) if task.at is not None else "",
        "labels": task.labels,
        "counts": counts(task),
        "sites": places(task.sites),
        "problems": task.problems,
        "plans": [_plan(plan) for plan in task.plans],
        "track": track[:_LONGEST_TRACK],
        "more": len(track) - _LONGEST_TRACK,
        "nodes": nodes,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "goal": plan.goal or "a plan without a goal",
        "progress": progress(plan),
        "revision": plan.revision,
        "is_current": plan.is_current,
        "problems": plan.problems,
        "steps": [
            {
                "symbol": SYMBOLS[step.state],
                "colour": COLOURS[step.state],
                "state": step.state,
                "description": step.description,
                "summary": step.summary,
            }
            for step in plan.steps
        ],
    }


def _node(node: Node, begin: Moment, axis: Axis | None, target: str = "") -> dict[str, Any]:
    failed = node.kind == "action" and node.state is State.FAILED
    return {
        "id": target,
        "kind": node.kind,
        "group": _KINDS.get(node.kind, _OTHER),
        "colour": node.colour,
        "symbol": node.symbol,
        "title": node.title,
        "failed": failed,
        "at": since(begin, node.at),
        "clock": clock(node.at),
        "took": duration(node.seconds),
        "left": min(axis.percent(node.at), 100 - _LEAST_BAR) if axis and node.at is not None else None,
        "width": max(axis.share(node.seconds), _LEAST_BAR) if axis and node.seconds is not None else None,
        "facts": node.facts,
        "summary": node.summary,
        "place": next(iter(places(node.sites)), ""),
        "sites": [
            f"{place} in {visible(site.function)}" for place, site in zip(places(node.sites), node.sites, strict=True)
        ],
        "details": node.details,
        "problems": node.problems,
        "depth": min(node.depth, _DEEPEST),
    }
