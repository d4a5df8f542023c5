"""What to try out on the dashboard once the calls are in: for exactly the events and places that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiveloop_scan.report.events import all_events
from hiveloop_scan.report.markdown import fill
from hiveloop_scan.report.summary import headline

if TYPE_CHECKING:
    from hiveloop_scan.model import Report


def render_checklist(report: Report) -> str:
    """Return the checklist as Markdown; events without a finding are left out."""
    by_event = [(event, event.of(report.findings)) for event in all_events()]
    return fill(
        "checklist.md.j2",
        headline=headline(report),
        found=[(event, places) for event, places in by_event if places],
        errors=report.errors,
    )
