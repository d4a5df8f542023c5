"""What each event looks like on a timeline: its symbol, its colour, its name, and the facts worth a glance."""

from __future__ import annotations

from collections.abc import Sequence

from hiveloop_scan.timeline.amounts import duration, figure
from hiveloop_scan.timeline.events import UNREADABLE, Event, number
from hiveloop_scan.timeline.model import Colour, Node, Plan, State, sites_of
from hiveloop_scan.timeline.pairing import Pair, Role
from hiveloop_scan.timeline.plans import COLOURS, STATES, SYMBOLS, said_of_step, step_title

ACTION = "action"
_LOOKS = {
    "task_started": (Colour.GRAY, "○", "started"),
    "task_completed": (Colour.GREEN, "✓", "completed"),
    "task_failed": (Colour.RED, "✗", "failed"),
    "plan_created": (Colour.GRAY, "◇", "plan"),
    "llm_call": (Colour.PURPLE, "■", "model"),
    "retry_started": (Colour.AMBER, "↻", "retry"),
    "escalated": (Colour.AMBER, "▲", "escalated"),
    "approval_requested": (Colour.AMBER, "◆", "approval requested"),
    "approval_received": (Colour.GREEN, "✓", "approved"),
    "agent_registered": (Colour.GRAY, "○", "registered"),
    UNREADABLE: (Colour.RED, "?", "an event without a type"),
}
_OTHER = (Colour.GRAY, "·")
_ENDS = {"action_completed", "action_failed"}
_YES = ("", "approved")


def action_role(event: Event) -> Role | None:
    """Say which action an event begins or ends."""
    if event.kind != "action_started" and event.kind not in _ENDS:
        return None
    return event.action or f"nameless {event.say('action_name')}", event.kind == "action_started"


def approval_role(event: Event) -> Role | None:
    """Say whether an event asks a person or brings the answer; answers come in the order of the questions."""
    return ("", event.kind == "approval_requested") if event.kind.startswith("approval_re") else None


def action_node(pair: Pair) -> Node:
    """Return the node of an action: blue, or red where it has failed."""
    failed = pair.last.kind == "action_failed"
    state = State.FAILED if failed else State.COMPLETED if pair.closing else State.RUNNING
    problems = list(pair.problems)
    if pair.opening is None:
        problems.append("its start was not told")
    return Node(
        kind=ACTION,
        colour=Colour.RED if failed else Colour.BLUE,
        symbol="●" if pair.closing else "◌",
        title=pair.first.say("action_name") or "an action without a name",
        at=pair.at,
        seconds=pair.seconds,
        facts=() if pair.closing else ("its end was not told",),
        summary=_exception(pair.last),
        sites=pair.sites,
        details=pair.details,
        problems=tuple(problems),
        state=state,
    )


def step_node(pair: Pair, plans: Sequence[Plan]) -> Node:
    """Return the node of a step of a plan, from its beginning to its end."""
    state = STATES.get(pair.last.say("action"), State.WAITING)
    return Node(
        kind="plan_step",
        colour=COLOURS[state],
        symbol=SYMBOLS[state],
        title=step_title(pair, plans),
        at=pair.at,
        seconds=pair.seconds,
        facts=_facts(pair.last, (("turns", "{} turns"), ("tokens", "{} tokens"))),
        summary=_more(said_of_step(pair.last), step_title(pair, plans)),
        sites=pair.sites,
        details=pair.details,
        problems=pair.problems,
        state=state,
    )


def event_node(event: Event, waited: Pair | None = None) -> Node:
    """Return the node of a single event; `waited` is the pair of a question and its answer."""
    colour, symbol, title = _LOOKS.get(event.kind, (*_OTHER, event.kind))
    seconds, state, at = event.seconds, State.COMPLETED, event.at
    summary = event.summary
    facts: tuple[str, ...] = ()
    if event.kind == "llm_call":
        title = event.say("name") or title
        took = number(event.data.get("duration_ms"))
        seconds = took / 1000 if took is not None and took >= 0 else seconds
        at = at - seconds if at is not None and seconds is not None else at  # it is told once the answer is there
        summary, facts = "", _model_facts(event)
    elif event.kind == "plan_created":
        summary = event.say("goal") or summary
        facts = _facts(event, (("revision", "revision {}"),)) if event.say("revision") != "0" else ()
    elif event.kind == "retry_started":
        title, facts = f"retry #{event.say('attempt')}" if event.say("attempt") else title, _pause(event)
    elif event.kind == "escalated":
        facts = _facts(event, (("assigned_to", "to {}"), ("reason", "{}")))
    elif event.kind == "approval_requested":
        facts = _facts(event, (("approver", "of {}"),))
        if waited is None or waited.closing is None:
            state, facts = State.RUNNING, (*facts, "no answer")
        else:
            seconds = waited.seconds
    elif event.kind == "approval_received":
        facts = _facts(event, (("approved_by", "by {}"),))
        if event.say("decision") not in _YES:
            colour, symbol, title = Colour.RED, "✗", event.say("decision")
    elif event.kind in ("task_completed", "task_failed"):
        summary, seconds = _exception(event), None  # what it took stands at the task
        title = event.status if event.status not in ("", "success", "failure") else title
    elif event.kind == "task_started":
        summary = ""
    return Node(
        kind=event.kind,
        colour=colour,
        symbol=symbol,
        title=title,
        at=at,
        seconds=seconds,
        facts=facts,
        summary=_more(summary, title),
        sites=sites_of([event.site]),
        details=event.details,
        problems=event.problems,
        state=state,
    )


def _exception(event: Event) -> str:
    """Return what has gone wrong, as Python would print it."""
    return ": ".join(part for part in (event.say("exception_type"), event.say("exception_message")) if part)


def _more(summary: str, title: str) -> str:
    """Return the summary unless the title says the same."""
    return "" if summary and title.endswith(summary) else summary


def _model_facts(event: Event) -> tuple[str, ...]:
    tokens = [figure(event.data.get(key)) for key in ("tokens_in", "tokens_out")]
    cost = figure(event.data.get("cost"))
    return tuple(
        part
        for part in (
            event.say("model"),
            f"{tokens[0] or '?'} → {tokens[1] or '?'} tokens" if any(tokens) else "",
            f"${cost}" if cost else "",
        )
        if part
    )


def _pause(event: Event) -> tuple[str, ...]:
    pause = number(event.data.get("backoff_seconds"))
    return (f"waits {duration(pause)}",) if pause is not None and pause >= 0 else ()


def _facts(event: Event, wanted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(words.format(event.say(key)) for key, words in wanted if event.say(key))
