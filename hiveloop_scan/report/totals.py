"""The end of the text report: how many of what, and how much was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiveloop_scan.report.summary import by_confidence, by_file, by_method, by_rule, count_of, headline
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiveloop_scan.model import Finding, Report
    from hiveloop_scan.report.paper import Paper

_TOP_FILES = 10


def print_totals(report: Report, paper: Paper) -> None:
    """Print the number of findings for each method and confidence, and what was scanned and what was not."""
    if report.findings:
        _print_methods(report.findings, paper)
    paper.line((headline(report), "bold"))
    notes = []
    of_baseline = sum(item.by == "baseline" for item in report.silenced)
    by_comments = max(report.suppressed, len(report.silenced) - of_baseline)
    if by_comments:
        notes.append(f"{count_of(by_comments, 'finding')} silenced by comments")
    if of_baseline:
        notes.append(f"{count_of(of_baseline, 'finding')} known to the baseline")
    notes += [f"stale in the baseline: {entry}" for entry in report.stale]
    if report.stale:
        notes.append("--update-baseline takes out what is stale")
    if report.skipped:
        reasons = sorted(report.skipped.items(), key=lambda entry: (-entry[1], entry[0]))
        parts = ", ".join(f"{count:,} {reason}" for reason, count in reasons)
        notes.append(f"{count_of(sum(report.skipped.values()), 'path')} left out: {parts}")
    for note in notes:
        paper.line((visible(note), "dim"))
    if report.findings and paper.is_terminal:
        rule = next(iter(by_rule(report.findings)))
        paper.line((f"why, and what to write: hiveloop-scan explain {rule}", "dim"))


def print_statistics(findings: Sequence[Finding], paper: Paper) -> None:
    """Print the number of findings for each rule, and the files with most of them."""
    if not findings:
        return
    _print_counts("by rule", by_rule(findings), paper)
    files = by_file(findings)
    title = "by file" if len(files) <= _TOP_FILES else f"by file, the first {_TOP_FILES} of {len(files):,}"
    _print_counts(title, dict(list(files.items())[:_TOP_FILES]), paper)


def _print_counts(title: str, counts: Mapping[str, int], paper: Paper) -> None:
    paper.line((title, "bold"))
    room = len(str(max(counts.values())))
    for name, count in counts.items():
        paper.line(f"  {count:>{room}}  {visible(name)}")
    paper.line()


def _print_methods(findings: Sequence[Finding], paper: Paper) -> None:
    """Print one line for each method: ``retry  24  (21 high, 3 medium)``."""
    methods = by_method(findings)
    name_room = max(len(method) for method in methods)
    room = len(str(max(methods.values())))
    for method, count in methods.items():
        grades = by_confidence(finding for finding in findings if finding.method == method)
        parts = ", ".join(f"{number} {grade}" for grade, number in grades.items() if number)
        name = (f"{method:<{name_room}}", "bold")
        paper.line(name, f"  {count:>{room}}  ", (f"({parts})", "dim"))
    paper.line()
