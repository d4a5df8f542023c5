"""What one file leaves open, functions of other files settle."""

import pytest

from hiveloop_scan.model import FileResult
from hiveloop_scan.project import Project

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
