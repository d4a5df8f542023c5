"""What other files do counts: objects that they make, issues that they resolve, plans that they tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.misuse import rules_broken

OBSERVABILITY = """\
import hiveloop

hb = hiveloop.init("hb_test_1", endpoint="http://localhost:8000")
desk = hb.agent("desk")


def the_desk():
    return desk
"""
REPORTS = """\
from app.observability import {name}


def too_many(failures):
    if failures > 3:
        {call}.report_issue("Printer fails", "high", issue_id="printer")
"""
RESOLVES = """\
from app.observability import desk


def mended():
    desk.resolve_issue("Printer works", issue_id="printer")
"""


def write(root: Path, **files: str) -> Path:
    folder = root / "app"
    folder.mkdir()
    for name, source in files.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    return folder


@pytest.mark.parametrize(("name", "call"), [("desk", "desk"), ("the_desk", "the_desk()"), ("hb", "hb.agent('clerk')")])
def test_an_object_that_another_file_makes_is_known(name: str, call: str, tmp_path: Path) -> None:
    folder = write(tmp_path, observability=OBSERVABILITY, reports=REPORTS.format(name=name, call=call))
    assert rules_broken(folder) == {"issue-never-resolved"}


def test_an_object_of_a_file_that_makes_none_is_none_of_the_sdk(tmp_path: Path) -> None:
    made = OBSERVABILITY.replace("hb.agent(", "Tracker(")
    folder = write(tmp_path, observability=made, reports=REPORTS.format(name="the_desk", call="the_desk()"))
    assert rules_broken(folder) == set()


def test_an_issue_that_another_file_resolves_is_no_misuse(tmp_path: Path) -> None:
    reports = REPORTS.format(name="desk", call="desk")
    folder = write(tmp_path, observability=OBSERVABILITY, reports=reports, resolves=RESOLVES)
    assert rules_broken(folder) == set()


@pytest.mark.parametrize(("resolves", "code"), [(RESOLVES, 0), ("", 1)], ids=["resolved", "not resolved"])
def test_a_run_over_one_file_asks_the_rest_of_its_project(run: Run, tmp_path: Path, resolves: str, code: int) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.hiveloop-scan]\n")
    write(tmp_path, observability=OBSERVABILITY, reports=REPORTS.format(name="desk", call="desk"), resolves=resolves)
    outcome = run("lint", "app/reports.py")
    assert outcome.code == code, outcome.out
    assert ("issue-never-resolved" in outcome.out) is bool(code)
