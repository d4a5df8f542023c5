"""Each item of the guide's checklist is seen in the events that show it, and in no others."""

from __future__ import annotations

import pytest

from hiveloop_scan.methods import METHODS
from hiveloop_scan.verify.checklist import ITEMS, SECTIONS, State, fill_in, tallies_by_method, tally_of
from hiveloop_scan.verify.events import Story
from hiveloop_scan.verify.records import Record
from tests.stories import action, in_a_task, issue, plan, record, snapshot, step

HEARTBEAT = record("heartbeat", task=None, line=None)
MODEL = record("llm_call", {"name": "ask", "model": "small"})
TOOL = (action("started"), action("failed", exception_type="Timeout"))
SHOWN = {
    "plan-made": in_a_task(plan()),
    "plan-drawn": in_a_task(plan("Ask", "Tell")),
    "step-begins-and-ends": in_a_task(plan("Ask"), step(0), step(0, "completed")),
    "plan-with-goal": in_a_task(plan("Ask")),
    "steps-told": in_a_task(plan("Ask"), step(0, "skipped")),
    "step-failed": in_a_task(plan("Ask"), step(0, "failed")),
    "task-escalated": in_a_task(record("escalated", summary=None)),
    "escalation-with-summary": in_a_task(record("escalated")),
    "escalation-in-stream": (record("escalated", task=None),),
    "escalation-among-human": (record("escalated", task=None),),
    "issue-reported": (issue("reported", summary=None),),
    "issue-of-agent": (issue("reported"),),
    "issue-classified": (issue("reported", summary=None),),
    "issue-resolved": (issue("reported"), issue("resolved")),
    "issue-told-twice": (issue("reported"), issue("resolved", "other")),
    "queue-told": (snapshot(0),),
    "queue-with-heartbeat": (HEARTBEAT, snapshot(0, line=None)),
    "queue-with-depth": (snapshot(1),),
    "queue-with-items": (snapshot(1, [{"id": "1"}]),),
    "queue-grows": (snapshot(1), snapshot(3)),
    "task-retries": in_a_task(record("retry_started")),
    "retry-with-attempt": in_a_task(record("retry_started", {"attempt": 1})),
    "retry-in-stream": (record("retry_started", task=None),),
    "tool-used": in_a_task(action("started", "")),
    "tool-named": in_a_task(action("started")),
    "tool-timed": in_a_task(*TOOL),
    "tool-failed": in_a_task(*TOOL),
    "tool-begins-and-ends": in_a_task(*TOOL),
    "tool-between-model-calls": in_a_task(MODEL, *TOOL, MODEL),
}
HIDDEN = {
    "plan-made": (plan("Ask", task=None),),
    "plan-drawn": in_a_task(plan("Ask", " ")),
    "step-begins-and-ends": in_a_task(plan("Ask", "Tell"), step(0), step(1, "completed")),
    "plan-with-goal": in_a_task(plan()),
    "steps-told": in_a_task(step(0)),
    "step-failed": in_a_task(plan("Ask"), step(1, "failed")),
    "task-escalated": (record("escalated", task=None),),
    "escalation-with-summary": in_a_task(record("escalated", summary=" ")),
    "escalation-in-stream": in_a_task(record("custom", payload={"kind": "mine", "summary": "escalated"})),
    "escalation-among-human": in_a_task(record("approval_requested")),
    "issue-reported": (issue("resolved"),),
    "issue-of-agent": (issue("reported", summary=None),),
    "issue-classified": (issue("reported", category_told="net"), issue("reported", severity_told="bad")),
    "issue-resolved": (issue("reported"), issue("resolved", "other")),
    "issue-told-twice": (issue("reported"), issue("reported")),
    "queue-told": (HEARTBEAT,),
    "queue-with-heartbeat": (record("heartbeat", task=None, agent="b"), snapshot(0, line=None)),
    "queue-with-depth": (snapshot(0), snapshot("3")),
    "queue-with-items": (snapshot(1, []),),
    "queue-grows": (snapshot(3), snapshot(1), snapshot(4, agent="b")),
    "task-retries": (record("retry_started", task=None),),
    "retry-with-attempt": in_a_task(record("retry_started", {"attempt": 0})),
    "retry-in-stream": in_a_task(action("started")),
    "tool-used": (action("started", task=None),),
    "tool-named": in_a_task(action("started", " ")),
    "tool-timed": in_a_task(action("started"), action("completed", number="2")),
    "tool-failed": in_a_task(action("started"), action("completed")),
    "tool-begins-and-ends": in_a_task(action("started"), action("completed", number="2")),
    "tool-between-model-calls": in_a_task(*TOOL, MODEL, *TOOL),
}


def seen_in(records: tuple[Record, ...]) -> set[str]:
    states = (State.SEEN, State.LOOK)
    return {answer.item.name for answer in fill_in(Story(records)) if answer.state in states}


@pytest.mark.parametrize("name", SHOWN)
def test_an_item_is_seen_in_its_events(name: str) -> None:
    assert name in seen_in(SHOWN[name])


@pytest.mark.parametrize("name", HIDDEN)
def test_an_item_is_not_seen_in_events_that_only_look_like_them(name: str) -> None:
    assert name not in seen_in(HIDDEN[name])


def test_every_item_is_tried_both_ways() -> None:
    assert list(SHOWN) == list(HIDDEN) == [item.name for item in ITEMS]


def test_all_parts_of_the_guides_list_have_items() -> None:
    assert list(dict.fromkeys(item.section for item in ITEMS)) == list(SECTIONS)
    assert {method for item in ITEMS for method in item.methods} <= set(METHODS)


def test_where_nothing_happens_nothing_is_seen() -> None:
    answers = fill_in(Story(()))
    assert {answer.state for answer in answers} == {State.MISSING, State.SPARED}
    assert tally_of(answers).percent == 0


def test_what_only_the_dashboard_shows_is_left_to_people() -> None:
    answers = {answer.item.name: answer for answer in fill_in(Story(in_a_task(record("escalated"))))}
    look = answers["escalation-among-human"]
    assert look.state is State.LOOK
    assert not look.counts
    assert len(look.events) == 1


def test_items_of_the_queue_count_only_where_they_are_told() -> None:
    without, with_items = fill_in(Story((snapshot(1),))), fill_in(Story((snapshot(1, [{}]),)))
    assert tally_of(with_items).total == tally_of(without).total + 1


def test_a_share_is_told_for_each_method() -> None:
    shares = tallies_by_method(fill_in(Story(in_a_task(plan("Ask"), record("retry_started", {"attempt": 2})))))
    assert shares["retry"].percent == 100
    assert (shares["plan"].covered, shares["plan"].total) == (3, 6)
    assert shares["queue_snapshot"] == shares["queue_provider"]
    assert shares["escalate"].covered == 0
