"""What HiveBoard would drop or misread is told from the events alone; what is right is left alone."""

from __future__ import annotations

import math
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.verify.checklist import State, fill_in
from hiveloop_scan.verify.events import Story
from hiveloop_scan.verify.judging.judge import faults_in, problems_in
from hiveloop_scan.verify.judging.problem import Level
from hiveloop_scan.verify.records import CallSite, Record
from tests.stories import action, in_a_task, issue, plan, problems, record, snapshot, step

FULL = "x" * 512
GOOD = {
    "a plan and its steps": in_a_task(plan("Ask", "Tell"), step(0), step(0, "completed"), step(1, "skipped")),
    "a step that fails with its task": in_a_task(plan("Ask"), step(0), end="task_failed"),
    "a step of a plan that was given up": in_a_task(plan("Ask"), step(0), plan("Wait", revision=1)),
    "a step that is under way when the run is over": (record("task_started"), plan("Ask"), step(0)),
    "steps with numbers for names": in_a_task(plan("1")),
    "a new plan with a new revision": in_a_task(plan("Ask"), plan("Wait", revision=1), plan("Go", revision=2)),
    "a retry": in_a_task(record("retry_started", {"attempt": 1, "backoff_seconds": 2.5})),
    "a retry that says nothing of the attempt": in_a_task(record("retry_started")),
    "an issue that is over": (issue("reported"), issue("reported"), issue("resolved")),
    "an issue known by its text": (issue("reported", None), issue("reported", None), issue("resolved", None)),
    "an approval": in_a_task(record("approval_requested"), record("approval_received", {"decision": "rejected"})),
    "a hand-over": in_a_task(record("escalated", {"assigned_to": "Kim"})),
    "an action": in_a_task(action("started"), action("completed")),
    "ten items": (snapshot(10, [{"id": str(number), "priority": "low"} for number in range(10)]),),
    "an empty queue": (snapshot(0, []),),
    "a heartbeat": (record("heartbeat", task=None, payload=None, summary=None, line=None),),
    "an event of the user's own kind": in_a_task(record("custom", payload={"kind": "weather", "data": [1]})),
    "a todo": (record("todo", {"priority": "high", "source": "human"}, task=None),),
    "the longest summary there can be": in_a_task(record("escalated", summary=FULL[1:])),
    "the largest payload there can be": in_a_task(record("custom", payload={"k": "x" * (32 * 1024 - 9)})),
    "a task that is done again": (
        *in_a_task(),
        *(record(kind, task_run_id="2") for kind in ("task_started", "escalated", "task_completed")),
    ),
    "a task that is done again, without an id of its runs": (
        *(record(kind, task_run_id=None) for kind in ("task_started", "task_completed") * 2),
        record("task_started", task_run_id=None),
        record("escalated", task_run_id=None),
    ),
}


@pytest.mark.parametrize("records", GOOD.values(), ids=GOOD)
def test_what_is_right_is_left_alone(records: tuple[Record, ...]) -> None:
    assert problems(*records) == []


def payload_with(value: Any) -> Record:
    return record("custom", payload={"kind": "mine", "data": {"values": [1, {"deep": value}]}})


FAILS, TRIES = action("failed", exception_type="Timeout"), action("started")
AGAIN = record("retry_started", {"attempt": 1})
BAD = {
    "what the runner has seen": ("not-sent", in_a_task(record("custom", problems=("a datetime",)))),
    "what was cut while the program ran": (
        "text-cut",
        in_a_task(record("escalated", summary=FULL, problems=("its summary was cut from 600 to 512 characters",))),
    ),
    "a payload that was too large while the program ran": (
        "payload-without-limit",
        in_a_task(record("custom", payload={"k": "x" * 40_000}, problems=("HiveBoard takes 32,768",))),
    ),
    "a number that is none": ("unserializable-payload", in_a_task(payload_with(math.nan))),
    "a number without end": ("unserializable-payload", in_a_task(payload_with(-math.inf))),
    "an int for an id": ("task-id-not-a-text", (record("escalated", task=7),)),
    "a payload that is too large": (
        "payload-without-limit",
        in_a_task(record("custom", payload={"k": "x" * (32 * 1024 - 8)})),
    ),
    "a payload that is a text": ("payload-not-a-dictionary", in_a_task(record("custom", payload="text"))),
    "an unknown type": ("unknown-event-type", in_a_task(record("tool_used"))),
    "no type at all": ("malformed-event", in_a_task(record("custom", event_type=None))),
    "no time": ("malformed-event", in_a_task(record("custom", timestamp=None))),
    "a summary that was cut": ("text-cut", in_a_task(record("escalated", summary=FULL))),
    "a hand-over without a word": ("summary-empty", in_a_task(record("escalated", summary=None))),
    "a retry without a word": ("summary-empty", in_a_task(record("retry_started", summary=" "))),
    "a long id": ("text-cut", (record("custom", task="t" * 256),)),
    "a long name": ("text-cut", (record("custom", task=None, agent="a" * 256),)),
    "an unknown action of a step": ("unknown-step-action", in_a_task(plan("Ask"), step(0, "done"))),
    "an action that is no text": ("unknown-step-action", in_a_task(plan("Ask"), step(0, 1))),
    "an unknown severity of an issue": (
        "unknown-severity",
        (issue("reported", severity_told="bad"), issue("resolved")),
    ),
    "an unknown severity of an event": ("unknown-severity", in_a_task(record("custom", severity="fatal"))),
    "an unknown category": (
        "unknown-category",
        (issue("reported", category_told="net"), issue("resolved")),
    ),
    "an unknown decision": (
        "unknown-decision",
        in_a_task(record("approval_requested"), record("approval_received", {"decision": "yes"})),
    ),
    "an unknown priority of an item": ("unknown-priority", (snapshot(1, [{"priority": "hot"}]),)),
    "an unknown source of an item": ("unknown-source", (snapshot(1, [{"source": "mail"}]),)),
    "an unknown priority of a todo": ("unknown-priority", (record("todo", {"priority": 1}, task=None),)),
    "a step without a plan": ("step-without-plan", in_a_task(step(0), step(0, "completed"))),
    "a step before its plan": ("step-without-plan", in_a_task(step(0), plan("Ask"))),
    "a plan of another task": ("step-without-plan", (plan("Ask", task="other"), *in_a_task(step(0)))),
    "a step behind the last": ("step-index-beyond-plan", in_a_task(plan("Ask", "Tell"), step(2, "completed"))),
    "a step before the first": ("step-index-beyond-plan", in_a_task(plan("Ask"), step(-1, "completed"))),
    "a step with a text for a number": ("step-index-beyond-plan", in_a_task(plan("Ask"), step("0", "completed"))),
    "a step with a truth value for a number": ("step-index-beyond-plan", in_a_task(plan("A1"), step(True, "failed"))),
    "a step that is left open": ("step-left-open", in_a_task(plan("Ask"), step(0))),
    "a plan of letters": ("plan-steps-not-texts", in_a_task(plan(*"search"))),
    "a plan without steps": ("plan-steps-not-texts", in_a_task(plan())),
    "a plan with a step that is no text": ("plan-steps-not-texts", in_a_task(plan("Ask", 2))),  # type: ignore[arg-type]
    "a new plan under the same revision": ("replan-without-revision", in_a_task(plan("Ask"), plan("Wait"))),
    "a plan outside of tasks": ("task-never-started", (plan("Ask", task=None),)),
    "a hand-over outside of tasks": ("task-never-started", (record("escalated", task=None),)),
    "a step behind the end of its task": (
        "task-used-after-its-end",
        (*in_a_task(plan("Ask")), step(0, "completed")),
    ),
    "an action outside of tasks": ("action-outside-task", (action("started", task=None),)),
    "an action that ends under another task": (
        "action-changes-task",
        (action("started"), action("completed", task="other")),
    ),
    "an action that ends under none": ("action-changes-task", (action("started"), action("completed", task=None))),
    "an action that never ends": ("action-left-open", in_a_task(action("started"))),
    "an attempt from nought": ("zero-based-attempt", in_a_task(record("retry_started", {"attempt": 0}))),
    "an attempt that is no number": ("unknown-attempt", in_a_task(record("retry_started", {"attempt": "2nd"}))),
    "a retry after the last attempt": (
        "retry-on-final-attempt",
        in_a_task(TRIES, FAILS, AGAIN, TRIES, FAILS, AGAIN),
    ),
    "a retry after the last attempt, and its exception goes on": (
        "retry-on-final-attempt",
        in_a_task(TRIES, FAILS, AGAIN, TRIES, FAILS, AGAIN, end="task_failed", payload={"exception_type": "Timeout"}),
    ),
    "an issue that stays": ("issue-never-resolved", (issue("reported"), issue("resolved", "other"))[:1]),
    "an issue that comes back and stays": (
        "issue-never-resolved",
        (issue("reported"), issue("resolved"), issue("reported")),
    ),
    "an end of no issue": ("resolve-without-report", (issue("resolved"),)),
    "an issue with a random id": (
        "unstable-issue-id",
        (issue("reported", name := f"db-{uuid4()}"), issue("resolved", name)),
    ),
    "issues of one call with changing texts": (
        "missing-issue-id",
        tuple(issue(does, None, summary=f"Failed {n} times") for n in (1, 2) for does in ("reported", "resolved")),
    ),
    "an approval that nobody answers": ("approval-without-answer", in_a_task(record("approval_requested"))),
    "an approval that is open when the run is over": ("approval-without-answer", (record("approval_requested"),)),
    "an answer that nobody asked for": (
        "approval-without-request",
        in_a_task(record("approval_received", {"decision": "approved"})),
    ),
    "eleven items": ("too-many-queue-items", (snapshot(11, [{}] * 11),)),
    "a depth that is no number": ("unknown-depth", (snapshot("many"),)),
    "a depth below nought": ("unknown-depth", (snapshot(-1),)),
    "a snapshot without a depth": ("unknown-depth", (record("queue_snapshot", {}, task=None),)),
    "items that are none": ("items-not-a-list", (snapshot(2, ["first", "second"]),)),
    "items in a text": ("items-not-a-list", (snapshot(2, "first, second"),)),
}


@pytest.mark.parametrize(("name", "records"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_told(name: str, records: tuple[Record, ...]) -> None:
    assert set(problems(*records)) == {name}


SILENT = {
    "a single retry may be tried by another process": in_a_task(TRIES, FAILS, AGAIN),
    "the next attempt came": in_a_task(TRIES, FAILS, AGAIN, TRIES, FAILS, AGAIN, TRIES, action("completed")),
    "the next attempt came in another task": (
        *in_a_task(TRIES, FAILS, AGAIN, TRIES, FAILS, AGAIN),
        *(action(kind, number="2", task="later") for kind in ("started", "completed")),
    ),
    "somebody stopped the task": in_a_task(
        TRIES, FAILS, AGAIN, TRIES, FAILS, AGAIN, end="task_failed", payload={"exception_type": "KeyboardInterrupt"}
    ),
    "the task goes on": (record("task_started"), TRIES, FAILS, AGAIN, TRIES, FAILS, AGAIN),
    "what is tried again is not tracked": in_a_task(AGAIN, AGAIN),
}


@pytest.mark.parametrize("records", SILENT.values(), ids=SILENT)
def test_a_retry_in_doubt_is_left_alone(records: tuple[Record, ...]) -> None:
    assert problems(*records) == []


def test_what_one_line_does_wrong_counts_once() -> None:
    faults = faults_in(Story(in_a_task(plan("Ask"), step(1, "completed"), step(2, "completed"))))
    assert [(fault.name, len(fault.events)) for fault in faults] == [("step-index-beyond-plan", 2)]


def test_what_is_lost_comes_first() -> None:
    faults = faults_in(Story((issue("reported"), record("tool_used"), snapshot(-1))))
    assert [fault.level for fault in faults] == [Level.DROPPED, Level.MISREAD, Level.NOTE]


def test_problems_that_a_rule_finds_in_the_code_have_its_name() -> None:
    rules = {rule.name for rule in load_rules()}
    named = {name for name, _ in BAD.values()}
    of_runs_only = {
        "not-sent", "malformed-event", "text-cut", "summary-empty", "action-outside-task",
        "action-changes-task", "action-left-open", "unknown-attempt", "unknown-depth", "items-not-a-list",
    }  # fmt: skip
    assert named - of_runs_only <= rules


NAMES = st.sampled_from(
    ["kind", "summary", "data", "steps", "description", "index", "step_index", "action", "attempt", "items", "depth",
     "decision", "severity", "issue_id", "action_name", "revision", "exception_type", "priority", "function", "k"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["plan_created", "plan_step", "issue", "queue_snapshot", "started", "reported", "resolved", "high", ""]
)
TEXTS = st.text("aZ9 .\n\x00\x1b|`<\u202e\ud800é\U0001f41d", max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=5),
    max_leaves=20,
)
TYPES = st.sampled_from(
    ["custom", "task_started", "task_completed", "task_failed", "action_started", "action_failed", "retry_started",
     "escalated", "approval_requested", "approval_received", "heartbeat"]
)  # fmt: skip
EVENTS = st.dictionaries(TEXTS, JSON) | st.fixed_dictionaries(
    {"event_type": TYPES | JSON, "payload": st.dictionaries(NAMES, JSON) | JSON},
    optional={"task_id": WORDS | JSON, "task_run_id": JSON, "action_id": JSON, "duration_ms": JSON, "severity": JSON},
)
SITES = st.none() | st.builds(CallSite, TEXTS, st.integers(), TEXTS)
RECORDS = st.builds(Record, EVENTS, TEXTS, SITES, st.just(()), st.integers())


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, max_size=6))
def test_no_event_is_too_odd_to_be_judged(records: list[Record]) -> None:
    story = Story(records)
    assert all(problem.message for problem in problems_in(story))
    assert all(answer.state in State for answer in fill_in(story))


def test_what_is_nested_without_end_is_judged() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert problems(*in_a_task(payload_with(deep))) == ["unserializable-payload"]
