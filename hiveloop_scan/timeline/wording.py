"""What a terminal and a page say alike: of a run, of a task, of a queue, of a place in the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hiveloop_scan.report.summary import count_of
from hiveloop_scan.timeline.amounts import duration, figure, since
from hiveloop_scan.timeline.events import number
from hiveloop_scan.timeline.model import Agent, Issue, Moment, Plan, State, Task, Timeline
from hiveloop_scan.verify.records import CallSite
from hiveloop_scan.verify.show.places import shown_path

_COUNTED = {
    "action": "action",
    "llm_call": "model call",
    "retry_started": "retry",
    "escalated": "escalation",
    "approval_requested": "approval",
}
_TOLD = {
    State.COMPLETED: "completed",
    State.FAILED: "failed",
    State.RUNNING: "never ended",
    State.WAITING: "neither start nor end was told",
}
_PROGRESS = (State.COMPLETED, State.FAILED, State.RUNNING, State.SKIPPED, State.WAITING)
MANY = 5
"""A queue deeper than this is amber on the dashboard."""


def headline(timeline: Timeline) -> str:
    """Return the run in one line."""
    tasks = list(timeline.tasks)
    states = Counter(task.state for task in tasks)
    parts = ", ".join(f"{states[state]} {words}" for state, words in _TOLD.items() if states[state] and len(states) > 1)
    what = f"{count_of(timeline.events, 'event')} of {count_of(len(timeline.agents), 'agent')}"
    within = ""
    if timeline.begin is not None and timeline.end is not None and timeline.end > timeline.begin:
        within = f" in {duration(timeline.end - timeline.begin)}"
    return f"{count_of(len(tasks), 'task')}{f' ({parts})' if parts else ''}, {what}{within}"


def about(timeline: Timeline) -> list[str]:
    """Return the run in a few lines: what it has told, how it ended, and what else there is to know."""
    ending = f"{timeline.command} ended with exit code {timeline.exit_code}" if timeline.command else ""
    return [line for line in (headline(timeline), ending, *timeline.notes) if line]


def outcome(task: Task) -> str:
    """Return how a task has ended, and after how long."""
    if task.seconds is None:
        return _TOLD[task.state]
    return f"{_TOLD[task.state]} {'after' if task.state is State.FAILED else 'in'} {duration(task.seconds)}"


def counts(task: Task) -> str:
    """Return what has happened in a task, counted."""
    counted = [(noun, task.count(kind)) for kind, noun in _COUNTED.items()]
    failed = sum(node.kind == "action" and node.state is State.FAILED for node in task.nodes)
    waited = duration(sum(paused(task)))
    more = {"action": f" ({failed} failed)" if failed else "", "retry": f" ({waited} of waits)" if waited else ""}
    return ", ".join(_plural(many, noun) + more.get(noun, "") for noun, many in counted if many)


def paused(task: Task) -> list[float]:
    """Return the seconds that each retry of a task has waited."""
    texts = [dict(node.details).get("backoff_seconds", "") for node in task.nodes if node.kind == "retry_started"]
    return [seconds for text in texts if (seconds := _seconds(text)) is not None]


def _seconds(text: str) -> float | None:
    try:
        found = number(float(text))
    except ValueError:
        return None
    return found if found is not None and found >= 0 else None


def _plural(many: int, noun: str) -> str:
    return f"{many:,} {noun[:-1]}ies" if noun.endswith("y") and many != 1 else count_of(many, noun)


def badges(agent: Agent) -> list[tuple[str, str]]:
    """Return what stands on the agent's card, each with its colour."""
    found = []
    if agent.open_issues:
        found.append((f"● {count_of(agent.open_issues, 'issue')}", "red"))
    if done := len(agent.issues) - agent.open_issues:
        found.append((f"✓ {done} resolved", "green"))
    if agent.queue:
        last = agent.queue[-1].depth
        found.append((f"Q:{figure(last)}", "amber" if last > MANY else "blue"))
    return found


def progress(plan: Plan) -> str:
    """Return how far a plan has come."""
    steps = Counter(step.state for step in plan.steps)
    if len(steps) == 1:
        (state,) = steps
        return f"{f'all {len(plan.steps)} steps' if len(plan.steps) > 1 else 'its one step'} {state}"
    return ", ".join(f"{steps[state]} {state}" for state in _PROGRESS if steps[state]) or "no steps"


def queue_line(agent: Agent) -> str:
    """Return how a queue has changed, in words."""
    depths = [sample.depth for sample in agent.queue]
    if len(set(depths)) == 1:
        return f"always {figure(depths[0])}, told {_times(len(depths))}"
    return f"{figure(depths[0])} → {figure(depths[-1])}, at most {figure(max(depths))}, told {_times(len(depths))}"


def _times(many: int) -> str:
    return "once" if many == 1 else f"{many:,} times"


def lifetime(issue: Issue, begin: Moment) -> str:
    """Return when an issue was reported and resolved, counted from the beginning of the run."""
    if issue.is_open:
        return f"reported {since(begin, issue.at)}, never resolved"
    if issue.at is None or issue.ended is None or issue.ended < issue.at:
        return f"resolved {since(begin, issue.ended)}"
    return f"reported {since(begin, issue.at)}, resolved {duration(issue.ended - issue.at)} later"


def places(sites: Sequence[CallSite]) -> list[str]:
    """Return places as ``path:line``, relative to the working folder where they lie under it."""
    return [f"{shown_path(site)}:{site.line}" for site in sites]
