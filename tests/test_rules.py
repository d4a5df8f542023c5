"""Every rule keeps what its page promises: no rule of its method reports an `ok`, and it alone, once, a `before`."""

from __future__ import annotations

import importlib
from itertools import pairwise
from pathlib import Path

import libcst as cst
import pytest

from hiveloop_scan.catalog import Rule, find_rule, load_rules, rules_folder
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.fix.mending.table import MENDERS
from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import Confidence, Report, ScanError
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.report.rules import first_sentence
from hiveloop_scan.scan import Plan
from hiveloop_scan.syntax.shapes import SHAPES
from hiveloop_scan.visitor import visit
from tests.examples import blocks_of, headings_of
from tests.fixing import applied
from tests.mended import mended

RULES = load_rules()
GUIDE = (rules_folder() / "README.md").read_text("utf-8")
SHOWN_AT_LEAST = {"missing": {"before": 3, "ok": 6}, "misuse": {"before": 1, "ok": 3}, "gate": {"before": 3, "ok": 6}}
EXAMPLES = [
    pytest.param(rule, block.source, int(block.kind == "before"), id=f"{rule.name}: {block.title} ({block.kind})")
    for rule in RULES
    for block in blocks_of(rule.readme)
    if block.kind != "after"
]
FIXED = [
    pytest.param(rule, before.source, after.source, id=f"{rule.name}: {after.title}")
    for rule in RULES
    for before, after in pairwise(blocks_of(rule.readme))
    if after.kind == "after" and rule.kind == "missing"
]
MENDED = [
    pytest.param(rule, before.source, after.source, id=f"{rule.name}: {after.title}")
    for rule in RULES
    for before, after in pairwise(blocks_of(rule.readme))
    if after.kind == "after" and rule.kind == "misuse"
]

every_example = pytest.mark.parametrize(("rule", "source", "times"), EXAMPLES)
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def scanned(source: str, folder: Path, rules: list[Rule] = RULES, triage: bool = True) -> Report:
    """Scan an example as the only file of a project without settings."""
    (folder / "agent.py").write_text(source, "utf-8")
    config = Config(folder)
    return scan(discover([folder / "agent.py"]), Plan(tuple(rules), config, config.min_confidence, triage))


def told(report: Report) -> list[str]:
    """Return the findings of a report, in lines that explain a failed test."""
    return [
        f"line {finding.span.line}: {finding.rule}, {finding.confidence.label}: "
        + ", ".join(f"{fact.name} {fact.weight:+}" for fact in finding.evidence)
        for finding in report.findings
    ]


@every_example
def test_an_example_is_reported_as_its_page_says(rule: Rule, source: str, times: int, tmp_path: Path) -> None:
    report = scanned(source, tmp_path)
    assert (report.files, report.errors) == (1, ())
    misuse = rule.kind == "misuse"
    of_the_family = [
        finding.rule
        for finding in report.findings
        if finding.kind == rule.kind and (misuse or finding.method == rule.method)
    ]
    assert of_the_family == [rule.name] * times, told(report)


@every_example
def test_triage_makes_no_difference_to_an_example(rule: Rule, source: str, times: int, tmp_path: Path) -> None:
    assert told(scanned(source, tmp_path, triage=False)) == told(scanned(source, tmp_path))


@pytest.mark.parametrize(("rule", "before", "after"), FIXED)
def test_apply_makes_of_an_example_what_its_page_shows(rule: Rule, before: str, after: str, tmp_path: Path) -> None:
    unsafe = rule.applicability == "unsafe"
    assert applied(before, rule.method, tmp_path, unsafe=unsafe, at_least=Confidence.MEDIUM) == after
    assert applied(after, rule.method, tmp_path, unsafe=unsafe, at_least=Confidence.MEDIUM) == after


@pytest.mark.parametrize(("rule", "before", "after"), FIXED)
def test_what_apply_has_written_is_no_finding(rule: Rule, before: str, after: str, tmp_path: Path) -> None:
    assert [item for item in scanned(after, tmp_path).findings if item.method == rule.method] == []


@pytest.mark.parametrize(("rule", "before", "after"), MENDED)
def test_lint_makes_of_an_example_what_its_page_shows(rule: Rule, before: str, after: str, tmp_path: Path) -> None:
    unsafe = rule.applicability == "unsafe"
    assert mended(before, tmp_path, unsafe, rule.name) == after
    assert mended(after, tmp_path, unsafe) == after


@pytest.mark.parametrize(("rule", "before", "after"), MENDED)
def test_what_lint_has_mended_is_no_finding(rule: Rule, before: str, after: str, tmp_path: Path) -> None:
    assert [item for item in scanned(after, tmp_path).findings if item.kind == "misuse"] == []


@every_rule
def test_a_rule_about_misuse_that_promises_a_fix_shows_it(rule: Rule) -> None:
    shown = any(block.kind == "after" for block in blocks_of(rule.readme))
    assert rule.kind != "misuse" or shown == (rule.applicability in ("safe", "unsafe")) == (rule.name in MENDERS)


@every_rule
def test_a_page_about_misuse_says_where_there_is_no_fix_and_why(rule: Rule) -> None:
    has_none = "\n## Fix safety\n\nNo fix: " in rule.readme
    assert rule.kind != "misuse" or has_none == (rule.name not in MENDERS)


@every_rule
def test_a_page_begins_with_its_rule_and_one_sentence(rule: Rule) -> None:
    sentence = first_sentence(rule.readme)
    assert rule.readme.startswith(f"# {rule.name}\n\n{sentence}\n\n## ")
    assert sentence.endswith(".")
    assert sentence.count(".") == 1


@every_rule
def test_a_page_has_its_sections_in_order(rule: Rule) -> None:
    assert headings_of(rule.readme, 2) == ["Why it matters", "Examples", "Fix safety"]


@every_rule
def test_no_section_of_a_page_is_empty(rule: Rule) -> None:
    for section in rule.readme.split("\n## ")[1:]:
        assert section.partition("\n")[2].strip()


@every_rule
def test_a_page_shows_enough_of_what_is_reported_and_of_what_is_not(rule: Rule) -> None:
    kinds = [block.kind for block in blocks_of(rule.readme) if block.kind != "after"]
    at_least = SHOWN_AT_LEAST[rule.kind]
    assert set(kinds) == set(at_least)
    assert [kind for kind, least in at_least.items() if kinds.count(kind) < least] == []


@every_rule
def test_the_examples_of_a_page_are_python_under_titles_of_their_own(rule: Rule) -> None:
    blocks = [block for block in blocks_of(rule.readme) if block.kind != "after"]
    assert {block.language for block in blocks} == {"python"}
    assert [block.title for block in blocks] == headings_of(rule.readme, 3)
    assert len({block.title for block in blocks}) == len(blocks)


def block_of_the_guide(language: str, kind: str = "") -> str:
    """Return the one block of the guide to rules that opens so."""
    (found,) = [block for block in blocks_of(GUIDE) if (block.language, block.kind) == (language, kind)]
    return found.source


def loaded(root: Path, extra: str = "") -> Rule:
    """Load the rule that the guide writes in five minutes, with a line more at its end, from a folder of a user."""
    folder = root / "rules" / "unreported-redial"
    folder.mkdir(parents=True)
    (folder / "rule.toml").write_text(block_of_the_guide("toml") + extra, "utf-8")
    (folder / "README.md").write_text("# unreported-redial\n", "utf-8")
    return find_rule(load_rules([folder.parent]), folder.name)


def test_the_rule_of_the_guide_finds_what_ours_do_not(tmp_path: Path) -> None:
    source = block_of_the_guide("python", "before")
    assert scanned(source, tmp_path).findings == ()
    (finding,) = scanned(source, tmp_path, [*RULES, loaded(tmp_path)]).findings
    assert (finding.rule, finding.confidence) == ("unreported-redial", Confidence.HIGH)


def test_the_detector_of_the_guide_finds_a_breaker_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "open_breaker_of_the_guide.py").write_text(block_of_the_guide("python"), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    detector = importlib.import_module("open_breaker_of_the_guide").unreported_open_breaker
    module = ParsedModule(cst.parse_module("def trip_breaker(it):\n    it.state = State.OPEN\n"), [1])
    options = {"open_words": frozenset({"open"}), "breaker_words": frozenset({"breaker"})}
    (match,) = visit(module, detector, options)
    assert match.evidence == ["state-becomes-open", "inside-a-breaker"]


def listed(heading: str) -> set[str]:
    """Return what the rows of the tables under a heading of the guide begin with, brackets left out."""
    section = GUIDE.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    return {line.split("`")[1].strip("[]") for line in section.splitlines() if line.startswith("| `")}


@pytest.mark.parametrize(
    ("heading", "misspelled"),
    [("## Keys", "\n[qqqq]\n"), ("### `[[triage]]`", "qqqq = []\n")],
    ids=["of a rule", "of triage"],
)
def test_the_guide_lists_the_keys_there_are(heading: str, misspelled: str, tmp_path: Path) -> None:
    with pytest.raises(ScanError) as caught:
        loaded(tmp_path, misspelled)
    assert caught.value.hint == f"known: {', '.join(sorted(listed(heading)))}"


@pytest.mark.parametrize(
    ("heading", "there_are"),
    [
        ("## Rules", {rule.name for rule in RULES if rule.kind == "missing"}),
        ("## Rules about misuse", {rule.name for rule in RULES if rule.kind == "misuse"}),
        ("## Rules about comments and files", {rule.name for rule in RULES if rule.kind == "gate"}),
        ("## Shapes", set(SHAPES)),
        ("## Methods", set(METHODS)),
    ],
    ids=["rules", "rules about misuse", "rules about comments", "shapes", "methods"],
)
def test_the_guide_lists_what_there_is(heading: str, there_are: set[str]) -> None:
    assert listed(heading) == there_are
