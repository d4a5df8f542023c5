"""The plans of a task: what it intends, and how far each step has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hiveloop_scan.timeline.events import Event, mapping, number, shown
from hiveloop_scan.timeline.model import Colour, Plan, State, Step, sites_of
from hiveloop_scan.timeline.pairing import Pair, Role
from hiveloop_scan.verify.events import entries

CREATED, STEP = "plan_created", "plan_step"
STATES = {
    "started": State.RUNNING,
    "completed": State.COMPLETED,
    "failed": State.FAILED,
    "skipped": State.SKIPPED,
}
COLOURS = {
    State.WAITING: Colour.GRAY,
    State.RUNNING: Colour.BLUE,
    State.COMPLETED: Colour.GREEN,
    State.FAILED: Colour.RED,
    State.SKIPPED: Colour.GRAY,
}
SYMBOLS = {
    State.WAITING: "□",
    State.RUNNING: "▪",
    State.COMPLETED: "■",
    State.FAILED: "✗",
    State.SKIPPED: "–",
}
"""How a step looks; the shapes differ, so that colour is never all that tells them apart."""

_MOST_STEPS = 200


@dataclass
class _Draft:
    event: Event
    revision: str
    steps: list[Step] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def plans_of(events: Sequence[Event]) -> tuple[Plan, ...]:
    """Return the plans in the order in which they were made; a step counts for the latest plan of its revision.

    Steps that name no revision count for the latest plan so far, as do those of a revision that was never told.
    """
    drafts: list[_Draft] = []
    for event in events:
        if event.kind == CREATED:
            drafts.append(_begin(event))
        elif event.kind == STEP and drafts:
            _advance(_plan_for(event, drafts), event)
    plans = [_finished(draft) for draft in drafts]
    return (*(replace(plan, is_current=False) for plan, _ in pairwise(plans)), *plans[-1:])


def step_role(event: Event) -> Role | None:
    """Say which step of which revision an event begins or ends."""
    if event.kind != STEP:
        return None
    return f"{revision_of(event)}/{event.say('step_index')}", event.say("action") == "started"


def step_title(pair: Pair, plans: Sequence[Plan]) -> str:
    """Return the number of a step, from 1, and its description where its plan is known."""
    index = index_of(pair.first)
    plan = next((plan for plan in reversed(plans) if plan.revision == revision_of(pair.first)), None)
    plan = plan or (plans[-1] if plans else None)
    if index is None:
        return f"step {pair.first.say('step_index') or '?'}"
    known = plan.steps[index].description if plan and 0 <= index < len(plan.steps) else ""
    return f"{index + 1} {known}" if known else f"step {index + 1}"


def said_of_step(event: Event) -> str:
    """Return the summary of a step without the words that the SDK puts in front of it."""
    return event.summary.removeprefix(f"Step {event.say('step_index')} {event.say('action')}: ")


def index_of(event: Event) -> int | None:
    """Return the position of a step, from 0; None where the event names none."""
    value = number(event.data.get("step_index"))
    return int(value) if value is not None and value == int(value) else None


def revision_of(event: Event) -> str:
    """Return the revision of a plan or of the plan of a step; the SDK's first is 0."""
    return event.say("revision" if event.kind == CREATED else "plan_revision") or "0"


def _begin(event: Event) -> _Draft:
    steps = entries(event.data.get("steps"))
    draft = _Draft(event, revision_of(event), problems=list(event.problems))
    draft.steps = [Step(_description(step)) for step in steps[:_MOST_STEPS]]
    if len(steps) > _MOST_STEPS:
        draft.problems.append(f"it has {len(steps):,} steps, of which {_MOST_STEPS} are shown")
    return draft


def _description(step: object) -> str:
    return shown(mapping(step).get("description")) or shown(step) if isinstance(step, dict) else shown(step)


def _plan_for(event: Event, drafts: Sequence[_Draft]) -> _Draft:
    own = [draft for draft in drafts if draft.revision == revision_of(event)]
    return own[-1] if own else drafts[-1]


def _advance(draft: _Draft, event: Event) -> None:
    index, state = index_of(event), STATES.get(event.say("action"))
    if state is not None and index is not None and 0 <= index < len(draft.steps):
        draft.steps[index] = replace(draft.steps[index], state=state, summary=said_of_step(event))


def _finished(draft: _Draft) -> Plan:
    goal = draft.event.say("goal") or draft.event.summary
    sites, problems = sites_of([draft.event.site]), tuple(dict.fromkeys(draft.problems))
    return Plan(goal, draft.revision, tuple(draft.steps), sites, problems)
