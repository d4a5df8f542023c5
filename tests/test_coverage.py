"""How much is told: counts, limits, and every form in which they are shown."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from hiveloop_scan.report.badge import render_badge
from hiveloop_scan.report.tallies import Tally
from tests.conftest import Run
from tests.test_lint import HANDOVER, TOLD
from tests.textbook import RETRY_FILE

TELLING = RETRY_FILE.replace(
    "            time.sleep", '            task.retry("again", attempt=attempt)\n            time.sleep'
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder in which two of five places are told, and a sixth is silenced."""
    for name, text in {
        "app/agent.py": TELLING,
        "app/desk/first.py": TOLD,
        "app/desk/second.py": HANDOVER + RETRY_FILE.replace("import time\n", ""),
        "tools/fetch.py": RETRY_FILE,
        "tools/quiet.py": RETRY_FILE.replace("range(3):", "range(3):  # hiveloop: ignore -- a script"),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_covered_and_all_places_are_counted(run: Run, project: Path) -> None:
    told = json.loads(run("coverage", "--format", "json").out)
    assert told["coverage"] == {"covered": 2, "total": 5, "percent": 40.0}
    assert {name: (row["covered"], row["total"]) for name, row in told["by_method"].items()} == {
        "escalate": (1, 2),
        "retry": (1, 3),
    }
    assert {name: (row["covered"], row["total"]) for name, row in told["by_package"].items()} == {
        "app": (1, 1),
        "app/desk": (1, 3),
        "tools": (0, 1),
    }
    assert told["silenced"] == 1


def test_the_worst_files_come_first(run: Run, project: Path) -> None:
    told = json.loads(run("coverage", "--format", "json").out)
    assert list(told["by_file"])[:2] == ["app/desk/second.py", "tools/fetch.py"]
    assert "worst files         covered  total\napp/desk/second.py        0      2      0 %\n" in run("coverage").out


def test_the_last_line_says_it_all(run: Run, project: Path) -> None:
    assert run("coverage").out.splitlines()[-1] == "40 % covered: 2 of 5 places; 1 place silenced"


def test_without_any_place_nothing_is_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    outcome = run("coverage", "--fail-under", "100", "--fail-under", "escalate=100")
    assert (outcome.code, outcome.out) == (0, "no places found that should tell HiveBoard something in 1 file\n")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (["40"], ""),
        (["40.1"], "the coverage is 40 %, less than 40.1 %\n"),
        (["escalate=50", "retry=33"], ""),
        (["escalate=100", "retry=34"], "escalate is 50 %, less than 100 %\nretry is 33.3 %, less than 34 %\n"),
        (["plan=100"], ""),
    ],
)
def test_what_is_under_a_limit_fails(run: Run, project: Path, limits: list[str], said: str) -> None:
    outcome = run("coverage", *(f"--fail-under={limit}" for limit in limits))
    assert (outcome.code, outcome.err) == (1 if said else 0, said)


@pytest.mark.parametrize("limit", ["much", "101", "-1", "escalat=5", "=", "nan"])
def test_what_is_no_limit_is_refused_before_the_scan(run: Run, project: Path, limit: str) -> None:
    outcome = run("coverage", f"--fail-under={limit}")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"Error: --fail-under {limit}: ")


def test_all_forms_come_of_one_run(run: Run, project: Path) -> None:
    outcome = run("coverage", "--output", "text:-", "--output", "svg:badge.svg", "--output", "markdown:comment.md")
    assert outcome.out.startswith("method    covered  total\nescalate        1      2     50 %\n")
    badge = Xml.parse(project / "badge.svg").getroot()
    assert badge.get("aria-label") == "hiveloop: 40%"
    comment = (project / "comment.md").read_text("utf-8")
    assert comment.startswith("**HiveLoop coverage: 40 % covered: 2 of 5 places; 1 place silenced**\n")
    assert "| `app/desk` | 1 | 3 | 33.3 % |" in comment


def test_only_what_is_whole_reads_whole() -> None:
    assert (Tally(1999, 2000).percent, Tally(2000, 2000).percent) == (99.9, 100.0)
    assert not Tally(1999, 2000).reaches(100)


@pytest.mark.parametrize(("covered", "colour"), [(95, "#2e7d32"), (80, "#827717"), (60, "#b26a00"), (10, "#c62828")])
def test_the_badge_has_a_colour_for_its_grade(covered: int, colour: str) -> None:
    assert f'fill="{colour}"' in render_badge(Tally(covered, 100))
