"""Lines of the program that have sent events, as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hiveloop_scan.files import display_path
from hiveloop_scan.report.visible import visible
from hiveloop_scan.verify.events import Event
from hiveloop_scan.verify.records import CallSite
from hiveloop_scan.verify.verdict import sites_of

NOWHERE = "no line of yours"
"""Said of events that the SDK sends of itself: heartbeats, and what comes with them."""


def shown_path(site: CallSite) -> str:
    """Return the path of a site as reports show it."""
    try:
        return visible(display_path(Path(site.path)))
    except ValueError:  # no file can be called so
        return visible(site.path)


def shown_place(event: Event) -> str:
    """Return ``desk.py:12`` for an event that came from there."""
    return f"{shown_path(event.site)}:{event.site.line}" if event.site else NOWHERE


def shown_places(events: Iterable[Event]) -> str:
    """Return ``desk.py:12 (3), :40, toolbox.py:7``: each file once, with how many came from where that differs."""
    found = sites_of(events)
    if not found:
        return NOWHERE
    parts = []
    file = None
    for site, count in found:
        path = "" if site.path == file else shown_path(site)
        file = site.path
        parts.append(f"{path}:{site.line}" + (f" ({count:,})" if len(found) > 1 and count > 1 else ""))
    return ", ".join(parts)
