"""The formats of what a command prints."""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING

from hiveloop_scan.report.order import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiveloop_scan.model import Report
    from hiveloop_scan.report.rules import ShownRule


class Format(enum.StrEnum):
    """The values of --format."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    HTML = "html"

    @property
    def encoding(self) -> str | None:
        """The encoding that the format asks for; None: that of the terminal."""
        return None if self is Format.TEXT else "utf-8"


def render_report(
    report: Report,
    format: Format,
    rules: Sequence[ShownRule] = (),
    for_file: bool = False,
    statistics: bool = False,
    order: Order = Order.FILE,
) -> str:
    """Return the report as text; what goes to a file has no colours and no width. `rules` are those that have run."""
    if format is Format.TEXT:
        from hiveloop_scan.report.paper import written_for_file, written_for_stdout
        from hiveloop_scan.report.text import print_report

        written = written_for_file if for_file else written_for_stdout
        return written(partial(print_report, report, statistics=statistics, order=order))
    if format is Format.JSON:
        from hiveloop_scan.report.json import render_json

        return render_json(report, order)
    if format is Format.SARIF:
        from hiveloop_scan.report.sarif import render_sarif

        return render_sarif(report, rules)
    if format is Format.GITHUB:
        from hiveloop_scan.report.github import render_annotations

        return render_annotations(report)
    if format is Format.GITLAB:
        from hiveloop_scan.report.gitlab import render_code_quality

        return render_code_quality(report)
    if format is Format.JUNIT:
        from hiveloop_scan.report.junit import render_junit

        return render_junit(report)
    from hiveloop_scan.report.comment import render_comment

    return render_comment(report, order)
