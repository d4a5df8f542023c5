"""The report for people: findings grouped by file or method, each with its line of code, reason and evidence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hiveloop_scan.model import Confidence, FileError, Finding, Report
from hiveloop_scan.report.cells import cells_of
from hiveloop_scan.report.excerpt import excerpt
from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.paper import NARROWEST
from hiveloop_scan.report.reasons import reasons_against, reasons_for
from hiveloop_scan.report.summary import count_of, what_to_do
from hiveloop_scan.report.totals import print_statistics, print_totals
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hiveloop_scan.report.paper import Paper

_STYLES = {Confidence.HIGH: "bold green", Confidence.MEDIUM: "yellow", Confidence.LOW: "dim"}
_INDENT = "  "
_LONGEST_EXCERPT = 200


def print_report(report: Report, paper: Paper, statistics: bool = False, order: Order = Order.FILE) -> None:
    """Print findings, errors and totals; `statistics` adds counts for rules and files.

    A finding begins with ``path:line:column:`` in the first column, for editors, terminals and grep. By value, the
    findings of each method stand under its name.
    """
    findings = in_order(report.findings, order)
    if order is Order.FILE:
        _print_files(findings, paper)
    else:
        for method, group in groupby(findings, key=lambda finding: finding.method):
            of_method = list(group)
            paper.line((method, "bold"), f": {count_of(len(of_method), 'missing call')}")
            paper.line()
            _print_files(of_method, paper)
    _print_errors(report.errors, paper)
    if statistics:
        print_statistics(report.findings, paper)
    print_totals(report, paper)


def _print_files(findings: Iterable[Finding], paper: Paper) -> None:
    """Print one block for each file, or for each row of findings that a file has in this order."""
    for _, of_file in groupby(findings, key=lambda finding: finding.path):
        for position, finding in enumerate(of_file):
            _print_finding(finding, paper, first_of_file=position == 0)
        paper.line()


def _print_finding(finding: Finding, paper: Paper, first_of_file: bool) -> None:
    _print_head(finding, paper, "bold" if first_of_file else "dim")
    paper.hanging(_one_line(finding.message), _INDENT)
    _print_excerpt(finding, paper)
    said = (("because  ", "green", reasons_for(finding)), ("against  ", "red", reasons_against(finding)))
    for label, style, facts in said:
        if facts:
            paper.hanging(", ".join(facts), (_INDENT + label, style))


def _print_head(finding: Finding, paper: Paper, path_style: str) -> None:
    place = ((visible(finding.path), path_style), (f":{finding.span.line}:{finding.span.column}:", "cyan"))
    what = (
        (finding.confidence.label, _STYLES[finding.confidence]),
        (f"  {finding.method}", "bold"),
        (f"  {finding.rule}", ""),
        (f"  in {visible(finding.symbol)}" if finding.symbol else "", "dim"),
    )
    room = sum(cells_of(text) for text, _ in (*place, *what))
    paper.line(*place, "  " if room + 2 <= paper.width else f"\n{_INDENT}", *what)


def _print_excerpt(finding: Finding, paper: Paper) -> None:
    bar, ellipsis = ("│", "…") if paper.encoding.startswith("utf") else ("|", "...")
    number = str(finding.span.line)
    gutter = f"{_INDENT * 2}{number} {bar} "
    room = min(paper.width - len(gutter), _LONGEST_EXCERPT)
    code = excerpt(finding, max(room, NARROWEST), ellipsis)
    paper.line((gutter, "dim"), code.text)
    blank = gutter.replace(number, " " * len(number))
    paper.line((blank, "dim"), (code.underline, "magenta"))


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _print_errors(errors: Sequence[FileError], paper: Paper) -> None:
    for error in errors:
        path, message = (visible(error.path), "bold"), _one_line(error.message)
        paper.line(path, ": ", ("error", "bold red"), f": {message}")
    if errors:
        paper.line((what_to_do(len(errors)), "dim"))
        paper.line()
