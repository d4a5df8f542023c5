"""What the guide calls good is no misuse, what it calls a mistake is found: its examples, in other words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hiveloop_scan.model import Report
from hiveloop_scan.selection import is_linted
from tests.examples import Block, blocks_of
from tests.misuse import MISUSE, broken, rules_broken, scanned

BLOCKS = blocks_of((Path(__file__).parent / "guide_shapes.md").read_text("utf-8"))
GOOD = [block for block in BLOCKS if block.kind == "good"]
WRONG = [block for block in BLOCKS if block.kind.startswith(("bad: ", "contradicts: "))]
CALL = re.compile(
    r"\b(?:task|agent|hiveloop_agent)\.(?:plan_step|escalate|report_issue|queue_snapshot|retry|llm_call)\("
)


def application(root: Path, *more: Block) -> Path:
    """Write the good examples, and some more, as the modules of one application."""
    folder = root / "app"
    folder.mkdir()
    for number, block in enumerate((*GOOD, *more)):
        name = "observability" if block.title == "observability" else f"module_{number}"
        (folder / f"{name}.py").write_text(block.source, "utf-8")
    return folder


def told(report: Report) -> list[str]:
    return [f"{Path(finding.path).name}:{finding.span.line} {finding.rule}" for finding in report.findings]


def test_every_block_says_what_it_is() -> None:
    assert len(GOOD) + len(WRONG) == len(BLOCKS)


def test_what_the_guide_calls_good_is_no_misuse(tmp_path: Path) -> None:
    assert told(scanned(application(tmp_path))) == []


@pytest.mark.parametrize("block", WRONG, ids=lambda block: block.title)
def test_a_mistake_of_the_guide_is_found_and_nothing_else(block: Block, tmp_path: Path) -> None:
    report = scanned(application(tmp_path, block))
    assert sorted(finding.rule for finding in report.findings) == sorted(block.kind.partition(": ")[2].split(", "))
    assert {Path(finding.path).name for finding in report.findings} == {f"module_{len(GOOD)}.py"}


def test_the_calls_of_the_good_examples_are_known_as_calls_of_the_sdk(tmp_path: Path) -> None:
    calls = [(block, call.end()) for block in GOOD for call in CALL.finditer(block.source)]
    assert len(calls) > 30
    for number, (block, start) in enumerate(calls):
        folder = tmp_path / f"broken_{number}" / "app"
        folder.mkdir(parents=True)
        (folder / "observability.py").write_text(GOOD[0].source, "utf-8")
        (folder / "module.py").write_text(broken(block.source, start), "utf-8")
        assert "unknown-argument" in rules_broken(folder), block.title


def test_lint_runs_them_all() -> None:
    assert all(is_linted(rule) for rule in MISUSE)
