"""The report for people: findings grouped by file, each with its line of code, reason and evidence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from hiveloop_scan.model import Confidence, FileError, Finding, Report
from hiveloop_scan.report.excerpt import excerpt
from hiveloop_scan.report.totals import print_statistics, print_totals
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_STYLES = {Confidence.HIGH: "bold green", Confidence.MEDIUM: "yellow", Confidence.LOW: "dim"}
_INDENT = "  "
_LONGEST_EXCERPT = 200
_NARROWEST = 20


def print_report(report: Report, console: Console, statistics: bool = False) -> None:
    """Print findings, errors and totals; `statistics` adds counts for rules and files.

    A finding begins with ``path:line:column:`` in the first column, for editors, terminals and grep.
    """
    for _, findings in groupby(report.findings, key=lambda finding: finding.path):
        for position, finding in enumerate(findings):
            _print_finding(finding, console, first_of_file=position == 0)
        console.print()
    _print_errors(report.errors, console)
    if statistics:
        print_statistics(report.findings, console)
    print_totals(report, console)


def _print_finding(finding: Finding, console: Console, first_of_file: bool) -> None:
    _print_head(finding, console, "bold" if first_of_file else "dim")
    _print_lines(console, Text(_one_line(finding.message)), Text(_INDENT))
    _print_excerpt(finding, console)
    facts = [(fact.weight >= 0, fact.name.replace("-", " ")) for fact in finding.evidence]
    for label, style, chosen in (("because  ", "green", True), ("against  ", "red", False)):
        names = [name for speaks_for, name in facts if speaks_for is chosen]
        if names:
            _print_lines(console, Text(", ".join(names)), Text(_INDENT + label, style=style))


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
    code = excerpt(finding, max(room, _NARROWEST), ellipsis)
    console.print(Text.assemble((gutter, "dim"), code.text), soft_wrap=True)
    blank = gutter.replace(number, " " * len(number))
    console.print(Text.assemble((blank, "dim"), (code.underline, "magenta")), soft_wrap=True)


def _print_lines(console: Console, text: Text, lead: Text) -> None:
    """Print `text` after `lead`, in as many lines as the width asks for, all beginning in one column."""
    room = max(console.width - lead.cell_len, _NARROWEST)
    for position, line in enumerate(text.wrap(console, room)):
        line.rstrip()
        start = lead if position == 0 else Text(" " * lead.cell_len)
        console.print(Text.assemble(start, line), soft_wrap=True)


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _print_errors(errors: Sequence[FileError], console: Console) -> None:
    for error in errors:
        path, message = (visible(error.path), "bold"), _one_line(error.message)
        console.print(Text.assemble(path, ": ", ("error", "bold red"), f": {message}"), soft_wrap=True)
    if errors:
        console.print()
