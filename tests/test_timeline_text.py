"""The timeline in a terminal: what it prints, at any width, with and without colours."""

from __future__ import annotations

from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from hiveloop_scan.report.console import rendered_for_file
from hiveloop_scan.timeline.model import Timeline
from hiveloop_scan.timeline.text import print_timeline
from hiveloop_scan.verify.records import write_records
from tests.conftest import Run
from tests.runs import Script, run_of

STORY = """\
router  ● 1 issue  Q:1
  queue  █▃  4 → 1, at most 4, told 2 times  /src/agent.py:14, /src/agent.py:15
  issue  ● The CRM is slow  high, crm  reported +15 s, never resolved
         /src/agent.py:16

✓ lead-1  completed in 12 s
  2 actions (1 failed), 1 retry (500 ms of waits), 1 escalation
  Do it  1 completed, 1 failed, 1 not started
  [■ Search the CRM] [✗ Score the lead] [□ Tell sales]
  +0 ms  ○ started                                              /src/agent.py:1
   +1 s  ◇ plan  Do it                                          /src/agent.py:2
   +2 s  ■ 1 Search the CRM  Found                         6 s  /src/agent.py:3
   +3 s    ● search_crm ✗  TimeoutError: no answer         1 s  /src/agent.py:4
   +5 s    ↻ retry #1  waits 500 ms  The CRM did not            /src/agent.py:6
             answer
   +6 s    ● search_crm                                    1 s  /src/agent.py:7
   +9 s  ✗ 2 Score the lead  no model                      2 s  /src/agent.py:10
  +10 s    ▲ escalated  to people  Too hard                     /src/agent.py:11
  +12 s  ✓ completed                                            /src/agent.py:13

1 task, 16 events of 1 agent in 15 s
python agent.py ended with exit code 0
"""


def story() -> Script:
    script = Script().tell("task_started").plan("Search the CRM", "Score the lead", "Tell sales")
    script.step(0, "started").action("started", "search_crm")
    script.action("failed", "search_crm", exception_type="TimeoutError", exception_message="no answer")
    script.tell("retry_started", {"summary": "The CRM did not answer", "data": {"attempt": 1, "backoff_seconds": 0.5}})
    script.action("started", "search_crm").action("completed", "search_crm").step(0, "completed", "Found")
    script.step(1, "started").tell("escalated", {"summary": "Too hard", "data": {"assigned_to": "people"}})
    script.step(1, "failed", "no model").tell("task_completed", duration_ms=12_000)
    script.custom("queue_snapshot", depth=4).custom("queue_snapshot", depth=1)
    return script.custom("issue", "The CRM is slow", action="reported", severity="high", issue_id="crm")


def printed(timeline: Timeline, width: int, encoding: str = "utf-8") -> list[str]:
    file = TextIOWrapper(BytesIO(), encoding, newline="")
    console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)
    print_timeline(timeline, console)
    file.seek(0)
    return file.read().split("\n")


def test_a_narrow_terminal_shows_the_whole_story() -> None:
    assert "\n".join(printed(story().timeline, 80)) == STORY


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 240])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(cell_len, printed(story().timeline, width))) <= width


def test_a_wide_terminal_shows_when_each_thing_was_going_on() -> None:
    lines = printed(story().timeline, 160)
    assert any("━" in line for line in lines)
    assert not any("━" in line for line in printed(story().timeline, 80))


def test_a_file_gets_one_line_for_each_node_with_its_whole_place() -> None:
    text = rendered_for_file(partial(print_timeline, story().timeline))
    (line,) = (line for line in text.splitlines() if "retry #1" in line)
    assert line.endswith(" /src/agent.py:6")
    assert "waits 500 ms" in line and "The CRM did not answer" in line
    assert "\x1b" not in text


def test_a_terminal_without_symbols_gets_letters() -> None:
    lines = printed(story().timeline, 160, "ascii")
    assert "".join(lines).isascii()
    assert any("[# Search the CRM] [x Score the lead] [- Tell sales]" in line for line in lines)


def test_a_terminal_cannot_be_made_to_do_anything() -> None:
    script = Script("evil\x1b[2J", "t\x1b]0;x\x07").tell("escalated", {"summary": "\x1b[31m[bold]red[/bold]\u202e"})
    text = "\n".join(printed(script.timeline, 80))
    assert "\x1b" not in text and "\u202e" not in text
    assert "[bold]red[/bold]" in text


def test_wide_letters_keep_the_columns() -> None:
    script = Script().action("started", "顧客を検索する").action("completed", "顧客を検索する").tell("task_completed")
    lines = [line for line in printed(script.timeline, 100) if "/src/agent.py" in line and "+" in line]
    assert len({cell_len(line.partition("/src")[0]) for line in lines}) == 1


def test_the_command_prints_a_file_of_events(run: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "events.jsonl", run_of(story().records))
    outcome = run("timeline", "events.jsonl")
    assert (outcome.code, outcome.err) == (0, "")
    assert "▲ escalated  to people  Too hard" in outcome.out
    assert "python agent.py ended with exit code 0" in outcome.out


def test_one_task_can_be_asked_for(run: Run, tmp_path: Path) -> None:
    other = Script(task="lead-2").tell("task_started")
    write_records(tmp_path / "events.jsonl", run_of([*story().records, *other.records]))
    outcome = run("timeline", "events.jsonl", "--task", "lead-2")
    assert "lead-2" in outcome.out and "lead-1" not in outcome.out
    missing = run("timeline", "events.jsonl", "--task", "lead-3")
    assert (missing.code, missing.err.splitlines()[0]) == (2, "Error: there is no task 'lead-3'")


def test_a_file_that_is_none_is_an_error_with_advice(run: Run) -> None:
    outcome = run("timeline", "missing.jsonl")
    assert outcome.code == 2
    assert outcome.err.startswith("Error: no such file: missing.jsonl\nHint: ")


def test_a_run_without_events_says_so(run: Run, tmp_path: Path) -> None:
    write_records(tmp_path / "events.jsonl", run_of([]))
    assert run("timeline", "events.jsonl").out.startswith("0 tasks, 0 events of 0 agents\n")
