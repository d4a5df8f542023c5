"""A new rule is begun by one command, and what CONTRIBUTING says of it is so."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from hiveloop_scan.catalog import find_rule, load_rules
from hiveloop_scan.model import ScanError
from tests.examples import headings_of
from tests.new_rule import ROOT, begin

GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SENTENCE = "A call is dialed again, and HiveBoard is not told."


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the pages that a new rule changes."""
    (tmp_path / "rules").mkdir()
    for name in ("README.md", "rules/README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_command_of_the_guide_begins_a_rule_with_a_detector_of_another(checkout: Path) -> None:
    (line,) = re.findall(r"^python -m tests\.new_rule (.+)$", GUIDE, re.MULTILINE)
    name, _, like, sentence = shlex.split(line)
    begin(name, like, sentence, checkout)
    rule = find_rule(load_rules([checkout / "rules"]), name)
    assert rule.load_detector() is find_rule(load_rules(), like).load_detector()
    assert rule.name in GUIDE.partition(line)[2]


def test_its_page_has_the_sections_of_every_page(checkout: Path) -> None:
    page, *_ = begin("unreported-redial", "unreported-self-retry", SENTENCE, checkout)
    assert headings_of(page.read_text("utf-8"), 2) == ["Why it matters", "Examples", "Fix safety"]


def test_both_tables_of_rules_have_its_row(checkout: Path) -> None:
    begin("unreported-redial", "unreported-self-retry", SENTENCE, checkout)
    assert f"\n| `unreported-redial` | {SENTENCE} |\n" in (checkout / "README.md").read_text("utf-8")
    assert "\n| `unreported-redial` | a call is dialed again |\n" in (checkout / "rules/README.md").read_text("utf-8")


def test_a_rule_about_misuse_has_its_severity_in_the_tables(checkout: Path) -> None:
    begin("late-retry", "retry-after-sleep", "A retry is told late.", checkout)
    for page in ("README.md", "rules/README.md"):
        assert "\n| `late-retry` | A retry is told late. | note |\n" in (checkout / page).read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Redial", SENTENCE),
        ("unreported-plan", SENTENCE),
        ("unreported-redial", "No. It is two."),
        ("redial", SENTENCE),
    ],
)
def test_what_could_not_be_a_rule_is_refused(checkout: Path, name: str, sentence: str) -> None:
    with pytest.raises(ScanError):
        begin(name, "unreported-self-retry", sentence, checkout)
    assert [path.name for path in (checkout / "rules").iterdir()] == ["README.md"]
