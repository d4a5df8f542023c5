"""The formats of what a command prints."""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING

from hiveloop_scan.report.order import Order

if TYPE_CHECKING:
    from hiveloop_scan.model import Report


class Format(enum.StrEnum):
    """The values of --format."""

    TEXT = "text"
    JSON = "json"

    @property
    def encoding(self) -> str | None:
        """The encoding that the format asks for; None: that of the terminal."""
        return "utf-8" if self is Format.JSON else None


def render_report(
    report: Report, format: Format, for_file: bool = False, statistics: bool = False, order: Order = Order.FILE
) -> str:
    """Return the report as text; what goes to a file has no colours and no width."""
    if format is Format.JSON:
        from hiveloop_scan.report.json import render_json

        return render_json(report, order)
    from hiveloop_scan.report.console import rendered_for_file, rendered_for_stdout
    from hiveloop_scan.report.text import print_report

    render = rendered_for_file if for_file else rendered_for_stdout
    return render(partial(print_report, report, statistics=statistics, order=order))
