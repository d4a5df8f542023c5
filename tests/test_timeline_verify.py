"""The timeline of what a real program tells: beside `verify`, and of the run that the README shows."""

from __future__ import annotations

from pathlib import Path

from hiveloop_scan.timeline.building import timeline_of
from hiveloop_scan.verify.records import Run
from tests.conftest import Run as RunProgram
from tests.recorded_desk import FILE, kept_run, record
from tests.runs import shape_of
from tests.verified import AGENT, verify_text

PROGRAM = (
    AGENT
    + """
with agent.task("lead-1") as task:
    with agent.track_context("search_crm"):
        task.escalate("Too hard", assigned_to="people")
print("done")
"""
)


def told_by(run: Run) -> list[tuple[str, str, list[str]]]:
    """Return what a run tells, without its times: each line with the place that it comes from."""
    return [
        (task.name, shape, [f"{site.path}:{site.line}" for site in node.sites])
        for task in timeline_of(run).tasks
        for shape, node in zip(shape_of(task), task.nodes, strict=True)
    ]


def test_the_run_that_the_readme_shows_is_what_the_desk_tells(tmp_path: Path) -> None:
    assert told_by(kept_run()) == told_by(record(tmp_path)), (
        "python -m tests.recorded_desk, and its output to the README"
    )


def test_the_desk_of_the_guide_tells_its_whole_story() -> None:
    (agent,) = timeline_of(kept_run()).agents
    assert shape_of(agent.tasks[2]) == [
        "○ started",
        "■ ask",
        "◇ plan",
        "■ 1 Look the vendor up in the trade register",
        "  ● find_in_register",
        "■ 2 Rate the risk",
        "  ● rate_risk",
        "✗ 3 Fetch the credit report",
        "  ● fetch_credit_report",
        "  ↻ retry #1",
        "  ● fetch_credit_report",
        "  ↻ retry #2",
        "  ● fetch_credit_report",
        "■ 4 Assign the vendor to a buyer",
        "  ● assign_buyer",
        "    ▲ escalated",
        "■ ask",
        "✓ completed",
    ]
    assert not any(node.problems for task in agent.tasks for node in task.nodes)
    assert [issue.is_open for issue in agent.issues] == [False]


def test_verify_shows_the_timeline_and_leaves_the_output_to_the_program(tmp_path: Path) -> None:
    done = verify_text(tmp_path, PROGRAM, "--timeline", "--timeline-html", "timeline.html")
    assert (done.code, done.out) == (0, b"done\n")
    assert "▲ escalated  to people  Too hard" in done.err
    assert "program.py:8" in next(line for line in done.err.splitlines() if "escalated" in line)
    assert "lead-1" in (tmp_path / "timeline.html").read_text("utf-8")


def test_verify_without_the_option_shows_none(tmp_path: Path) -> None:
    assert "▲" not in verify_text(tmp_path, PROGRAM).err


def test_a_run_that_was_kept_is_shown_on_the_standard_output(run: RunProgram) -> None:
    outcome = run("verify", "--replay", str(FILE), "--timeline")
    assert "▲ escalated  to senior-buyers" in outcome.out


def test_a_page_that_cannot_be_written_is_told_before_the_program_runs(run: RunProgram) -> None:
    outcome = run("verify", "--timeline-html", "nowhere/page.html", "--", "python", "-c", "print('ran')")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no folder nowhere" in outcome.err
