"""The report for people: findings grouped by file, each with its line of code, reason and evidence."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hiveloop_scan.model import Confidence, Finding, Report
from hiveloop_scan.report.summary import by_method, by_rule

_STYLES = {Confidence.HIGH: "bold green", Confidence.MEDIUM: "yellow", Confidence.LOW: "dim"}
_TAB = "    "


def print_report(report: Report, console: Console, statistics: bool = False) -> None:
    """Print findings, errors and a summary; `statistics` adds a count for each rule."""
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        console.print(Text(path, style="bold underline"), soft_wrap=True)
        for finding in findings:
            _print_finding(finding, console)
    if report.errors:
        console.print(Text("Not scanned", style="bold red"))
        for error in report.errors:
            console.print(Text(f"  {error.path}: {error.message}", style="red"), soft_wrap=True)
        console.print()
    if statistics and report.findings:
        _print_counts(console, "Findings by rule", by_rule(report.findings))
    _print_summary(report, console)


def _print_finding(finding: Finding, console: Console) -> None:
    place = f"{finding.span.line}:{finding.span.column}"
    head = Text("  ").append(place, style="cyan").append("  ")
    head.append(finding.confidence.label, style=_STYLES[finding.confidence])
    head.append(f"  {finding.method}", style="bold").append(f"  {finding.rule}", style="dim")
    if finding.symbol:
        head.append(f"  in {finding.symbol}", style="dim")
    console.print(head, soft_wrap=True)
    console.print(*_source_lines(finding, console.width), sep="\n", soft_wrap=True)
    console.print(Text(f"      {finding.message}"), soft_wrap=True)
    for sign, style, chosen in (("+", "green", True), ("-", "red", False)):
        facts = [fact.name.replace("-", " ") for fact in finding.evidence if (fact.weight >= 0) is chosen]
        if facts:
            console.print(_wrapped(f"      {sign} ", facts, console.width, style))
    console.print()


def _source_lines(finding: Finding, width: int) -> tuple[Text, Text]:
    """Return the line of code and an underline of the part of it that the finding spans, cut to `width` columns."""
    line = finding.source_line
    start = finding.span.column - 1
    end = finding.span.end_column - 1 if finding.span.end_line == finding.span.line else len(line.rstrip())
    indent = len(line) - len(line.lstrip())
    shown = line[indent:].rstrip().replace("\t", _TAB)
    room = max(width - 10, 20)
    cut = shown if len(shown) <= room else shown[: room - 1] + "…"
    before = len(line[indent:start].replace("\t", _TAB))
    length = max(1, min(len(line[start:end].replace("\t", _TAB)), len(cut) - before))
    return Text(f"      │ {cut}", style="dim"), Text(f"      │ {' ' * before}{'^' * length}", style="magenta")


def _wrapped(lead: str, facts: list[str], width: int, style: str) -> Text:
    """Lay the facts out in lines that fit into `width`, each line after the first indented like the first."""
    lines: list[str] = [lead + facts[0]]
    for fact in facts[1:]:
        if len(lines[-1]) + len(fact) + 2 <= width:
            lines[-1] += f", {fact}"
        else:
            lines[-1] += ","
            lines.append(" " * len(lead) + fact)
    return Text("\n".join(lines), style=style)


def _print_counts(console: Console, title: str, counts: dict[str, int]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for name, count in counts.items():
        table.add_row(str(count), name)
    console.print(table)
    console.print()


def _print_summary(report: Report, console: Console) -> None:
    total = len(report.findings)
    if total:
        _print_counts(console, "Missing calls by method", by_method(report.findings))
    parts = [f"{total} {'place' if total == 1 else 'places'} in {_files(report.files)}, {report.lines:,} lines, {report.seconds:.1f} s"]
    if report.errors:
        parts.append(f"{len(report.errors)} not scanned")
    if report.suppressed:
        parts.append(f"{report.suppressed} suppressed")
    left_out = ", ".join(f"{count} {reason}" for reason, count in sorted(report.skipped.items()))
    if left_out:
        parts.append(f"left out: {left_out}")
    console.print(Text("; ".join(parts)), soft_wrap=True)


def _files(count: int) -> str:
    return f"{count:,} {'file' if count == 1 else 'files'}"
