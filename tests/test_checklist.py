"""The checklist: for exactly the events and places that were found."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import Confidence, FileError, Finding, Report
from hiveloop_scan.report.checklist import render_checklist
from hiveloop_scan.report.events import all_events
from tests.conftest import Run
from tests.test_text_report import FINDING

CLAIM = "`'client.get' is tried again after a failure, and HiveBoard is not told`"


def checklist_of(*findings: Finding, **facts: Any) -> str:
    return render_checklist(replace(Report(findings, (), files=3, lines=90, seconds=0.1), **facts))


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_only_what_was_found_has_a_heading_the_most_telling_first() -> None:
    text = checklist_of(FINDING, replace(FINDING, method="escalate"))
    assert headings(text) == ["escalate (section 4, checks: 11.2)", "retry (section 7, checks: 11.5)"]


def test_each_place_is_listed_with_line_symbol_confidence_and_claim() -> None:
    doubtful = replace(FINDING, path="src/b.py", symbol="", confidence=Confidence.LOW)
    assert re.findall(r"^- `.*$", checklist_of(FINDING, doubtful), re.MULTILINE) == [
        f"- `src/agent.py:41` in `Agent.fetch`, high: {CLAIM}",
        f"- `src/b.py:41`, low: {CLAIM}",
    ]


def test_every_event_has_its_own_items() -> None:
    text = checklist_of(*(replace(FINDING, method=method) for method in METHODS))
    assert len(headings(text)) == len(all_events())
    items = re.findall(r"^- \[ \] (.+)$", text, re.MULTILINE)
    assert items == [check for event in all_events() for check in event.checks]
    assert len(items) == len(set(items))


def test_companion_methods_share_one_heading() -> None:
    text = checklist_of(replace(FINDING, method="request_approval"), replace(FINDING, method="approval_received"))
    assert headings(text) == ["request_approval / approval_received (section 4.6, checks: 4.6)"]


def test_nothing_found_is_said() -> None:
    text = checklist_of()
    assert "Nothing is missing that the scan can see" in text
    assert "- [ ]" not in text


def test_files_that_could_not_be_scanned_are_listed() -> None:
    assert "## Not scanned\n\n- `src/old.py`: `syntax error`\n" in checklist_of(
        errors=(FileError("src/old.py", "syntax error"),)
    )


def test_hostile_names_stay_in_their_quotes() -> None:
    text = "a`\n\n# New\n- [ ] item {{ 7 * 7 }}\x1b[31m"
    hostile = checklist_of(replace(FINDING, path=text, symbol=text, message=text))
    assert len(hostile.splitlines()) == len(checklist_of(FINDING).splitlines())
    assert all(letter == "\n" or letter.isprintable() for letter in hostile)


def test_the_program_writes_a_checklist_of_what_it_finds(run: Run, agent: Path) -> None:
    outcome = run("checklist")
    assert (outcome.code, outcome.err) == (0, "")
    assert "- `agent.py:5` in `fetch`, high: " in outcome.out


def test_a_run_that_finds_nothing_succeeds(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text("x = 1\n")
    outcome = run("checklist", "quiet.py")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Nothing is missing" in outcome.out


def test_the_checklist_goes_to_a_file(run: Run, agent: Path) -> None:
    assert run("checklist", "--output", "checklist.md").out == ""
    assert (agent.parent / "checklist.md").read_text("utf-8").startswith("# HiveLoop checklist\n")
