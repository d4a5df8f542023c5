"""The example applications: every marked line is found and nothing else, with the settings users start with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.scan import Plan

FIXTURES = Path(__file__).parent.parent / "fixtures"
APPLICATIONS = sorted(folder.name for folder in FIXTURES.iterdir() if (folder / "__init__.py").is_file())
FILES = sorted(FIXTURES.glob("*/**/*.py"))
MARK = re.compile(r"[ \t]*# expect: (?P<rules>[a-z, -]+)$", re.MULTILINE)

Site = tuple[str, int, str]
"""File inside the application, line, rule."""


def expected_in(folder: Path) -> list[Site]:
    """Read the marks: ``# expect: rule`` or ``# expect: rule, rule``."""
    return sorted(
        (path.relative_to(folder).as_posix(), number, rule.strip())
        for path in folder.glob("**/*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (mark := MARK.search(line))
        for rule in mark["rules"].split(",")
    )


def found_in(folder: Path) -> list[Site]:
    report = scan(discover([folder]), Plan(tuple(load_rules()), Config(folder)))
    assert not report.errors
    root = folder.resolve()
    return sorted(
        (Path(finding.path).resolve().relative_to(root).as_posix(), finding.span.line, finding.rule)
        for finding in report.findings
    )


def difference(expected: list[Site], found: list[Site]) -> str:
    """Tell what was missed and what was found in error, one line each; empty when there is nothing."""
    missed = [f"missed alarm  {file}:{line}  {rule}" for file, line, rule in sorted(set(expected) - set(found))]
    false = [f"false alarm   {file}:{line}  {rule}" for file, line, rule in sorted(set(found) - set(expected))]
    return "\n".join([*missed, *false])


def without_marks(application: str, into: Path) -> Path:
    """Copy an application as its authors would have it: the marks hold words that detectors look for."""
    source, copy = FIXTURES / application, into / application
    for path in source.glob("**/*.py"):
        target = copy / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(MARK.sub("", path.read_text("utf-8")), "utf-8")
    return copy


def test_there_are_applications_with_marks() -> None:
    assert len(APPLICATIONS) >= 3
    assert all(expected_in(FIXTURES / application) for application in APPLICATIONS)


@pytest.mark.parametrize("application", APPLICATIONS)
def test_exactly_the_marked_lines_are_found_once_the_marks_are_gone(application: str, tmp_path: Path) -> None:
    found = found_in(without_marks(application, tmp_path))
    assert difference(expected_in(FIXTURES / application), found) == ""


@pytest.mark.parametrize("application", APPLICATIONS)
def test_exactly_the_marked_lines_are_found_in_the_application_as_it_lies_there(application: str) -> None:
    folder = FIXTURES / application
    assert difference(expected_in(folder), found_in(folder)) == ""


def test_every_mark_names_a_rule() -> None:
    marked = {rule for application in APPLICATIONS for _, _, rule in expected_in(FIXTURES / application)}
    assert marked <= {rule.name for rule in load_rules()}


def test_every_method_is_expected_somewhere() -> None:
    marked = {rule for application in APPLICATIONS for _, _, rule in expected_in(FIXTURES / application)}
    rules = [rule for rule in load_rules() if rule.kind == "missing"]
    assert {rule.method for rule in rules if rule.name in marked} == {rule.method for rule in rules}


def test_every_retry_rule_is_expected_somewhere() -> None:
    marked = {rule for application in APPLICATIONS for _, _, rule in expected_in(FIXTURES / application)}
    assert marked >= {rule.name for rule in load_rules() if (rule.method, rule.kind) == ("retry", "missing")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_every_file_compiles(path: Path) -> None:
    compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
