"""Findings by file, or by what a reader gains from them."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import Confidence, Finding, Report
from hiveloop_scan.report.json import render_json
from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.styled_paper import StyledPaper
from hiveloop_scan.report.text import print_report
from tests.conftest import Run
from tests.test_text_report import FINDING
from tests.textbook import RETRY_FILE

DOUBTFUL = RETRY_FILE.replace("time.sleep(2**attempt)", "pass").replace("attempt", "_")


def found(path: str, method: str, confidence: Confidence = Confidence.HIGH) -> Finding:
    return replace(FINDING, path=path, method=method, confidence=confidence)


BY_FILE = (
    found("a.py", "retry"),
    found("a.py", "escalate", Confidence.LOW),
    found("b.py", "report_issue", Confidence.MEDIUM),
    found("b.py", "escalate"),
    found("c.py", "escalate"),
)
BY_VALUE = [BY_FILE[2], BY_FILE[3], BY_FILE[4], BY_FILE[1], BY_FILE[0]]
REPORT = Report(BY_FILE, (), files=3, lines=90, seconds=0.1)


def printed(order: Order) -> str:
    console = Console(file=StringIO(), width=1000, highlight=False, markup=False, emoji=False)
    print_report(REPORT, StyledPaper(console), order=order)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_by_file_findings_stay_as_they_are() -> None:
    assert in_order(BY_FILE, Order.FILE) == BY_FILE


def test_by_value_the_most_telling_method_comes_first_then_the_surest_then_the_file() -> None:
    assert in_order(BY_FILE, Order.VALUE) == BY_VALUE


def test_every_method_has_its_place_in_the_order_of_value() -> None:
    shuffled = [found("a.py", method) for method in sorted(METHODS)]
    assert [finding.method for finding in in_order(shuffled, Order.VALUE)] == list(METHODS)


def test_the_json_report_follows_the_order() -> None:
    findings = json.loads(render_json(REPORT, Order.VALUE))["findings"]
    assert [(entry["path"], entry["method"]) for entry in findings] == [(f.path, f.method) for f in BY_VALUE]


def test_the_text_report_by_value_shows_each_method_under_its_name() -> None:
    lines = printed(Order.VALUE).splitlines()
    heads = [
        line for line in lines if line.startswith(("a.py:", "b.py:", "c.py:")) or line.endswith((" call", " calls"))
    ]
    assert heads == [
        "report_issue: 1 missing call",
        "b.py:41:9:  medium  report_issue  unreported-retry-loop  in Agent.fetch",
        "escalate: 3 missing calls",
        "b.py:41:9:  high  escalate  unreported-retry-loop  in Agent.fetch",
        "c.py:41:9:  high  escalate  unreported-retry-loop  in Agent.fetch",
        "a.py:41:9:  low  escalate  unreported-retry-loop  in Agent.fetch",
        "retry: 1 missing call",
        "a.py:41:9:  high  retry  unreported-retry-loop  in Agent.fetch",
    ]


def test_by_value_a_blank_line_stands_between_findings_of_different_files() -> None:
    blocks = printed(Order.VALUE).split("\n\n")
    assert [block.count("41 │") for block in blocks[:7]] == [0, 1, 0, 1, 1, 1, 0]


def test_by_file_no_method_has_a_heading() -> None:
    assert "escalate: " not in printed(Order.FILE)


def test_the_program_sorts_by_file_unless_told_otherwise(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(DOUBTFUL)
    (tmp_path / "b.py").write_text(RETRY_FILE)
    orders = [
        [finding["path"] for finding in json.loads(run(*arguments, "--format", "json").out)["findings"]]
        for arguments in (
            ("report", "--min-confidence", "low"),
            ("report", "--min-confidence", "low", "--sort", "value"),
        )
    ]
    assert orders == [["a.py", "b.py"], ["b.py", "a.py"]]
