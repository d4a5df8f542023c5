"""What one file leaves open, functions of other files settle."""

from pathlib import Path

import pytest

from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import FileResult
from hiveloop_scan.project import Project
from tests.textbook import plan_for

SLEEPS = frozenset({"sleeps"})


def project(**files: dict[str, frozenset[str]]) -> Project:
    """Build a project of files; ``__`` in a name stands for a slash."""
    return Project([FileResult(f"src/{name.replace('__', '/')}.py", 1, facts=facts) for name, facts in files.items()])


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        (":wait", "src/app/pause.py"),
        ("app.pause.wait", "src/main.py"),
        ("pause.wait", "src/app/main.py"),
        (".pause.wait", "src/app/main.py"),
        ("..pause.wait", "src/app/deep/main.py"),
        ("app.wait", "src/main.py"),
        (".wait", "src/app/main.py"),
    ],
    ids=["own file", "absolute", "script folder", "relative", "two dots", "re-exported", "re-exported, relative"],
)
def test_a_function_is_found_by_every_way_to_import_it(reference: str, path: str) -> None:
    assert project(app__pause={"wait": SLEEPS}).facts_of(reference, path) == SLEEPS


def test_a_method_is_found_through_its_class() -> None:
    assert project(app__pause={"Pause.wait": SLEEPS}).facts_of("app.pause.Pause.wait", "src/main.py") == SLEEPS


@pytest.mark.parametrize("reference", [":wait", "other.pause.wait", "app.pause.Pause.wait", ".pause.wait", "wait", ""])
def test_another_function_of_the_same_name_is_not_taken_for_it(reference: str) -> None:
    assert project(app__pause={"wait": SLEEPS}).facts_of(reference, "src/other/main.py") == frozenset()


def test_two_functions_that_may_be_meant_settle_nothing() -> None:
    both = project(app__a={"wait": SLEEPS}, app__b={"wait": SLEEPS})
    assert both.facts_of("app.wait", "src/main.py") == frozenset()


LOOP = """\
from app.pause import rest


def fetch(client, orders):
    for attempt in range(3):
        try:
            return client.load(orders)
        except TransientError:
            rest(attempt)
"""
PAUSE = """\
import time


def rest(attempt):
    {what}
"""


def evidence_of(root: Path, what: str) -> list[str]:
    """Scan a loop and the helper it imports from another file; return the evidence for the loop."""
    (root / "app").mkdir()
    (root / "app" / "agent.py").write_text(LOOP, "utf-8")
    (root / "app" / "pause.py").write_text(PAUSE.format(what=what), "utf-8")
    (finding,) = scan(discover([root / "app"]), plan_for(root)).findings
    return [fact.name for fact in finding.evidence]


def test_a_helper_of_another_file_that_sleeps_is_evidence(tmp_path: Path) -> None:
    assert "sleeps-before-the-next-attempt" in evidence_of(tmp_path, "time.sleep(2**attempt)")


def test_a_helper_of_another_file_that_does_not_sleep_is_none(tmp_path: Path) -> None:
    assert "sleeps-before-the-next-attempt" not in evidence_of(tmp_path, "print(attempt)")
