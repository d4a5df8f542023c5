"""The report for people: findings grouped by file or method, each with its line of code, reason and evidence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from hiveloop_scan.model import Confidence, FileError, Finding, Report
from hiveloop_scan.report.excerpt import excerpt
from hiveloop_scan.report.hanging import NARROWEST, print_hanging
from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.reasons import reasons_against, reasons_for
from hiveloop_scan.report.summary import count_of, what_to_do
from hiveloop_scan.report.totals import print_statistics, print_totals
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

_STYLES = {Confidence.HIGH: "bold green", Confidence.MEDIUM: "yellow", Confidence.LOW: "dim"}
_INDENT = "  "
_LONGEST_EXCERPT = 200


def print_report(report: Report, console: Console, statistics: bool = False, order: Order = Order.FILE) -> None:
    """Print findings, errors and totals; `statistics` adds counts for rules and files.

    A finding begins with ``path:line:column:`` in the first column, for editors, terminals and grep. By value, the
    findings of each method stand under its name.
    """
    findings = in_order(report.findings, order)
    if order is Order.FILE:
        _print_files(findings, console)
    else:
        for method, group in groupby(findings, key=lambda finding: finding.method):
            of_method = list(group)
            console.print(Text.assemble((method, "bold"), f": {count_of(len(of_method), 'missing call')}"))
            console.print()
            _print_files(of_method, console)
    _print_errors(report.errors, console)
    if statistics:
        print_statistics(report.findings, console)
    print_totals(report, console)


def _print_files(findings: Iterable[Finding], console: Console) -> None:
    """Print one block for each file, or for each row of findings that a file has in this order."""
    for _, of_file in groupby(findings, key=lambda finding: finding.path):
        for position, finding in enumerate(of_file):
            _print_finding(finding, console, first_of_file=position == 0)
        console.print()


def _print_finding(finding: Finding, console: Console, first_of_file: bool) -> None:
    _print_head(finding, console, "bold" if first_of_file else "dim")
    print_hanging(console, Text(_one_line(finding.message)), Text(_INDENT))
    _print_excerpt(finding, console)
    said = (("because  ", "green", reasons_for(finding)), ("against  ", "red", reasons_against(finding)))
    for label, style, facts in said:
        if facts:
            print_hanging(console, Text(", ".join(facts)), Text(_INDENT + label, style=style))


def _print_head(finding: Finding, console: Console, path_style: str) -> None:
    position = f":{finding.span.line}:{finding.span.column}:"
    place = Text.assemble((visible(finding.path), path_style), (position, "cyan"))
    what = Text.assemble(
        (finding.confidence.label, _STYLES[finding.confidence]),
        (f"  {finding.method}", "bold"),
        f"  {finding.rule}",
        (f"  in {visible(finding.symbol)}" if finding.symbol else "", "dim"),
    )
    gap = "  " if place.cell_len + what.cell_len + 2 <= console.width else f"\n{_INDENT}"
    console.print(Text.assemble(place, gap, what), soft_wrap=True)


def _print_excerpt(finding: Finding, console: Console) -> None:
    bar, ellipsis = ("│", "…") if console.encoding.startswith("utf") else ("|", "...")
    number = str(finding.span.line)
    gutter = f"{_INDENT * 2}{number} {bar} "
    room = min(console.width - cell_len(gutter), _LONGEST_EXCERPT)
    code = excerpt(finding, max(room, NARROWEST), ellipsis)
    console.print(Text.assemble((gutter, "dim"), code.text), soft_wrap=True)
    blank = gutter.replace(number, " " * len(number))
    console.print(Text.assemble((blank, "dim"), (code.underline, "magenta")), soft_wrap=True)


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _print_errors(errors: Sequence[FileError], console: Console) -> None:
    for error in errors:
        path, message = (visible(error.path), "bold"), _one_line(error.message)
        console.print(Text.assemble(path, ": ", ("error", "bold red"), f": {message}"), soft_wrap=True)
    if errors:
        console.print(Text(what_to_do(len(errors)), style="dim"), soft_wrap=True)
        console.print()
