"""Calls of the SDK in the source are found, and matched with the events that they have sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hiveloop_scan.fix.calls import Style
from hiveloop_scan.verify.events import Story
from hiveloop_scan.verify.reached import silent_senders
from hiveloop_scan.verify.records import CallSite, Record
from hiveloop_scan.verify.senders import senders_in
from tests.stories import record
from tests.test_guide_program import METHODS, applied_to, without_calls

DESK = """\
import hiveloop
from contextlib import ExitStack

hb = hiveloop.init("hb_test", endpoint="http://localhost")
agent = hb.agent("desk", queue_provider=lambda: {"depth": 0})
other = hb.agent("other")


@agent.track("look_up")
def look_up(name):
    return name


def work(jobs):
    with agent.task("t") as task:
        task.plan(
            "Get it done",
            ["Ask"],
        )
        task.plan_step(0, "started", "Ask"); task.retry("Again")
        action = agent.track_context("late")
        with action:
            agent.queue_snapshot(len(jobs))
        with agent.track_context("early"):
            agent.report_issue("Down", "high")
            agent.resolve_issue("Up")
        with ExitStack() as stack:
            stack.enter_context(agent.track_context("stacked"))
        task.event("escalated", {"summary": "Help"})
        task.complete()


def untouched(queue):
    queue.retry("Again", attempt=1)
    queue.get_agent("desk").task("t")
"""
LINES = DESK.splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.py"
    path.write_text(DESK)
    return path


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if text in line)


def silent(desk: Path, *records: Record) -> list[str]:
    found = silent_senders(senders_in([desk]), Story(records))
    return [f"{sender.line} {sender.method}" for sender in found]


def sent(desk: Path, kind: str, text: str, function: str = "work", **more: object) -> Record:
    told = record(kind, line=None, **more)  # type: ignore[arg-type]
    return Record(told.event, "desk", CallSite(str(desk), line_of(text), function), (), 1)


def test_every_call_that_sends_is_found(desk: Path) -> None:
    found = [(sender.method, sender.line, sender.symbol) for sender in senders_in([desk])]
    assert found == [
        ("queue_provider", 5, ""),
        ("track", 9, "look_up"),
        ("task", 15, "work"),
        ("plan", 16, "work"),
        ("plan_step", 20, "work"),
        ("retry", 20, "work"),
        ("track_context", 21, "work"),
        ("queue_snapshot", 23, "work"),
        ("track_context", 24, "work"),
        ("report_issue", 25, "work"),
        ("resolve_issue", 26, "work"),
        ("track_context", 28, "work"),
        ("event", 29, "work"),
    ]


Sent = Callable[[Path], Record]
SENT: dict[str, tuple[str, Sent]] = {
    "a call": ("16 plan", lambda desk: sent(desk, "plan_created", "task.plan(")),
    "a line within a call": ("16 plan", lambda desk: sent(desk, "plan_created", '"Get it done"')),
    "one of two calls on a line": ("20 retry", lambda desk: sent(desk, "retry_started", "task.retry")),
    "a block": ("24 track_context", lambda desk: sent(desk, "action_started", '"early"')),
    "a block that is entered later": ("21 track_context", lambda desk: sent(desk, "action_started", "with action")),
    "a block on a stack": ("28 track_context", lambda desk: sent(desk, "action_started", '"stacked"')),
    "a task": ("15 task", lambda desk: sent(desk, "task_started", 'agent.task("t") as')),
    "a report": ("25 report_issue", lambda desk: sent(desk, "issue", "report_issue", data={"action": "reported"})),
    "a resolution": ("26 resolve_issue", lambda desk: sent(desk, "issue", "resolve", data={"action": "resolved"})),
    "an event of any type": ("29 event", lambda desk: sent(desk, "escalated", "task.event")),
    "a snapshot by a call": ("23 queue_snapshot", lambda desk: sent(desk, "queue_snapshot", "queue_snapshot")),
    "a snapshot by a provider": (
        "5 queue_provider",
        lambda desk: record("queue_snapshot", {"depth": 1}, line=None, agent="desk"),
    ),
    "a decorated function": (
        "9 track",
        lambda desk: sent(desk, "action_started", "task.complete", payload={"function": "app.desk.look_up"}),
    ),
}


@pytest.mark.parametrize(("call", "told"), SENT.values(), ids=SENT)
def test_a_call_that_has_sent_its_event_is_not_silent(call: str, told: Sent, desk: Path) -> None:
    assert set(silent(desk)) - set(silent(desk, told(desk))) == {call}


def test_events_of_another_kind_from_the_same_line_prove_nothing(desk: Path) -> None:
    assert silent(desk, sent(desk, "escalated", "task.plan(")) == silent(desk)


def test_events_of_another_agent_do_not_speak_for_a_provider(desk: Path) -> None:
    assert "5 queue_provider" in silent(desk, record("queue_snapshot", {"depth": 1}, line=None, agent="other"))


def test_a_wrapper_has_sent_what_its_caller_is_shown_for(desk: Path) -> None:
    told = sent(desk, "plan_created", "task.plan(")
    wrapped = Record(told.event, "desk", CallSite("/elsewhere.py", 3, "go"), (), 1, through=told.site)
    assert "16 plan" not in silent(desk, wrapped)


@pytest.mark.parametrize("style", Style)
def test_calls_that_apply_has_written_are_found(style: Style, tmp_path: Path) -> None:
    folder = without_calls(tmp_path, style)
    applied_to(folder, style)
    found = [sender.method for sender in senders_in([folder]) if "observability" not in sender.path]
    assert set(found) == METHODS
    more_steps = found.count("plan_step") - 1  # a block in one style, its beginning and two ends in the other
    assert len(found) == len(METHODS) + more_steps
    assert more_steps == (0 if style is Style.HELPER else 2)


def test_files_that_cannot_be_parsed_have_no_calls(desk: Path) -> None:
    desk.write_text("import hiveloop\nagent.plan(\n")
    assert senders_in([desk]) == ()


def test_a_project_that_uses_the_sdk_through_its_own_module_has_calls(tmp_path: Path) -> None:
    text = "from app.observability import get_current_task\n\n\ndef go():\n    task = get_current_task()\n"
    (tmp_path / "work.py").write_text(f"{text}    if task:\n        task.escalate('Help', assigned_to='Kim')\n")
    assert [(sender.method, sender.line) for sender in senders_in([tmp_path])] == [("escalate", 7)]


def test_a_helper_is_all_that_a_file_needs(tmp_path: Path) -> None:
    text = "from app.observability import track as _hl_track\n\n\ndef go(run, name):\n    with _hl_track(name):\n"
    (tmp_path / "work.py").write_text(f"{text}        return run(name)\n")
    assert [(sender.method, sender.line) for sender in senders_in([tmp_path])] == [("track_context", 5)]
