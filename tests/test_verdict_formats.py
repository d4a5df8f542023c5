"""A verdict reads well in a terminal of any width, in Markdown and in JSON, whatever the program has sent."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console

import hiveloop_scan.verify
from hiveloop_scan.verify.checklist import ITEMS
from hiveloop_scan.verify.records import CallSite, Record, Run
from hiveloop_scan.verify.show.formats import Place, VerdictFormat, render_verdict
from hiveloop_scan.verify.show.text import print_verdict
from hiveloop_scan.verify.verdict import Verdict, judge
from tests.stories import action, in_a_task, issue, plan, record, snapshot, step
from tests.test_judging import RECORDS

SCHEMA = json.loads((Path(hiveloop_scan.verify.__file__).parent / "verdict.schema.json").read_text("utf-8"))
STORY = (
    *in_a_task(
        plan("Look it up in all the registers that there are", "Tell"),
        step(0),
        action("started", "find_in_register"),
        action("failed", "find_in_register", exception_type="Timeout"),
        step(0, "failed"),
        step(7, "done"),
        record("escalated", {"assigned_to": "senior-buyers"}),
    ),
    issue("reported"),
    snapshot(3),
    record("tool_used"),
)


def verdict_of(*records: Record, source: Path | None = None) -> Verdict:
    run = Run(("python", "agent.py"), "2026-12-01T10:00:00.000+00:00", 3, records, ("a note",))
    return judge(run, [source] if source else [])


def text_of(verdict: Verdict, width: int, checklist: bool = True) -> str:
    out = StringIO()
    print_verdict(verdict, Console(file=out, width=width, highlight=False, markup=False, emoji=False), checklist)
    return out.getvalue()


@pytest.fixture
def silent_desk(tmp_path: Path) -> Path:
    lines = ["import hiveloop", "agent = hiveloop.init('hb_1').agent('a', queue_provider=count)", ""]
    lines += ["with agent.task('t') as task:", "    task.escalate('Help', assigned_to='Kim')", ""]
    path = tmp_path / "desk.py"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("checklist", [True, False])
@pytest.mark.parametrize("width", [80, 160])
def test_no_line_is_wider_than_the_terminal(width: int, checklist: bool) -> None:
    lines = text_of(verdict_of(*STORY), width, checklist).splitlines()
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip()]


def test_a_wide_terminal_has_an_item_on_each_line() -> None:
    wide = text_of(verdict_of(*STORY), 160)
    assert "  seen      A step fails  " in wide
    assert "1 event, /home/me/desk.py:3; What it is about" in wide
    assert len(wide.splitlines()) < len(text_of(verdict_of(*STORY), 80).splitlines()) - 20


def test_the_checklist_says_what_to_do_for_what_was_not_seen() -> None:
    text = text_of(verdict_of(*STORY), 160)
    assert "not seen  A task tries something again  " in text
    assert "to see it: let something fail once that the agent tries again" in text
    assert 'look at: the Activity Stream under its filter "human"' in text


def test_the_summary_counts_events_by_kind_and_line() -> None:
    text = text_of(verdict_of(*STORY), 100, checklist=False)
    assert text.startswith("12 events of 1 agent in 1 task\n")
    assert "  plan_step       3  /home/me/desk.py:3\n" in text
    assert text.endswith("items seen; --checklist shows them\n")


def test_problems_stand_at_the_line_that_makes_them() -> None:
    text = text_of(verdict_of(*STORY), 100, checklist=False)
    assert "/home/me/desk.py:3: misread  step-index-beyond-plan  1 event plan_step\n" in text
    assert "  there is no step 7 in a plan of 2: its steps are counted from 0\n" in text


def test_silent_calls_stand_at_their_lines(silent_desk: Path) -> None:
    text = text_of(verdict_of(source=silent_desk), 100, checklist=False)
    assert "3 of 3 calls sent nothing\n" in text
    assert f"{silent_desk}:5: escalate\n" in text
    assert f"no snapshot came with a heartbeat:\n{silent_desk}:2: queue_provider\n" in text


def test_a_run_without_events_says_so() -> None:
    text = text_of(verdict_of(), 80, checklist=False)
    assert text.startswith("no events: nothing was told\n")
    assert "0 of 27 items seen" in text


@pytest.mark.parametrize("records", [STORY, ()], ids=["a story", "nothing"])
def test_the_json_keeps_its_contract(records: tuple[Record, ...], silent_desk: Path) -> None:
    document = json.loads(render_verdict(verdict_of(*records, source=silent_desk), VerdictFormat.JSON, False))
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(document)
    assert [item["name"] for item in document["checklist"]["items"]] == [item.name for item in ITEMS]
    assert document["run"]["exit_code"] == 3
    assert [call["line"] for call in document["calls"]["silent"]] == [2, 4, 5]


def test_the_json_tells_how_many_events_came_from_which_line() -> None:
    document = json.loads(render_verdict(verdict_of(*STORY), VerdictFormat.JSON, False))
    steps = next(kind for kind in document["events"]["by_kind"] if kind["kind"] == "plan_step")
    assert steps["sites"] == [{"path": "/home/me/desk.py", "line": 3, "function": "work", "events": 3}]


def test_boxes_are_ticked_in_markdown(silent_desk: Path) -> None:
    text = render_verdict(verdict_of(*STORY, source=silent_desk), VerdictFormat.MARKDOWN, True)
    assert "- [x] A step fails: 1 event from `/home/me/desk.py:3`, `What it is about`. Look at:" in text
    assert "- [ ] A task tries something again: not seen. To see it: let something fail" in text
    assert "- `/home/me/desk.py:3`: misread, `unknown-step-action`, 1 event: " in text
    assert f"- `{silent_desk}:5`: `escalate`; the run did not come there" in text


HOSTILE = "\x1b[2J`|\n# Title <script>\u202e"


def test_hostile_texts_are_spelled_out() -> None:
    records = in_a_task(
        action("started", HOSTILE), record("custom", payload={"kind": HOSTILE}), record("x", event_type=HOSTILE)
    )
    placed = Record(records[1].event, HOSTILE, CallSite(HOSTILE, 1, HOSTILE), (HOSTILE,), 1)
    for format in VerdictFormat:
        for checklist in (True, False):
            text = render_verdict(verdict_of(*records, placed), format, checklist, Place.FILE)
            assert not {"\x1b", "\u202e"} & set(text)
            assert not [line for line in text.splitlines() if line.lstrip("-| ").startswith("# Title")]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, max_size=5))
def test_whatever_was_sent_can_be_shown(records: list[Record]) -> None:
    verdict = verdict_of(*records)
    for checklist in (True, False):
        assert text_of(verdict, 80, checklist)
        assert render_verdict(verdict, VerdictFormat.MARKDOWN, checklist)
    Draft202012Validator(SCHEMA).validate(json.loads(render_verdict(verdict, VerdictFormat.JSON, False)))
