"""The HTML page of a report: its findings with their source, and what `apply` would write for each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiveloop_scan.commands.scanning import Scanned
    from hiveloop_scan.model import FileChange, Report
    from hiveloop_scan.report.html import Preview
    from hiveloop_scan.report.order import Order


def page_of(scanned: Scanned, report: Report, order: Order) -> str:
    """Return the page; `report` is what is left of the one that was scanned."""
    from hiveloop_scan.lines import lines_of, read_lines
    from hiveloop_scan.report.html import render_html

    paths = {finding.path for finding in report.findings}
    if scanned.stdin is not None:
        sources, previews = {path: lines_of(scanned.stdin) for path in paths}, []
    else:
        sources, previews = {path: read_lines(Path(path)) for path in paths}, _previews(scanned, report)
    covered = Counter(finding.method for finding in report.covered)
    return render_html(report, sources, previews, covered, order)


def _previews(scanned: Scanned, report: Report) -> list[Preview]:
    from hiveloop_scan.codemod import previews
    from hiveloop_scan.commands.fixing import project_files

    paths = [Path(path) for path in dict.fromkeys(finding.path for finding in report.findings)]
    changes = previews(report.findings, paths, project_files(paths, scanned.config), scanned.rules)
    return [_preview(change) for change in changes]


def _preview(change: FileChange) -> Preview:
    from hiveloop_scan.report.diff import diff_lines
    from hiveloop_scan.report.html import Preview

    reasons: Sequence[str] = [outcome.reason for outcome in change.outcomes]
    return Preview("".join(diff_lines(change)), reasons[0] if reasons else "")
