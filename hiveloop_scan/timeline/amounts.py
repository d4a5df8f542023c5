"""Durations, moments and numbers, short enough for a row."""

from __future__ import annotations

from datetime import UTC, datetime

from hiveloop_scan.timeline.events import number
from hiveloop_scan.timeline.model import Moment

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def duration(seconds: float | None) -> str:
    """Return ``45 ms``, ``1.2 s``, ``2 min 5 s``, ``3 h 20 min`` or ``4 days``; "" where nobody knows."""
    if seconds is None:
        return ""
    if round(seconds * 1000) < 1000:
        return f"{seconds * 1000:.0f} ms"
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    if round(seconds) < _HOUR:
        return f"{round(seconds) // _MINUTE} min {round(seconds) % _MINUTE} s".removesuffix(" 0 s")
    if seconds < 2 * _DAY:
        return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min".removesuffix(" 0 min")
    return f"{seconds / _DAY:,.0f} days"


def since(begin: Moment, at: Moment) -> str:
    """Return how long after `begin` something was; "?" where nobody knows."""
    if begin is None or at is None:
        return "?"
    return f"{'+' if at >= begin else '-'}{duration(abs(at - begin))}"


def clock(at: Moment) -> str:
    """Return a moment as ``2026-02-12 14:30:00.125 UTC``."""
    if at is None:
        return ""
    try:
        return f"{datetime.fromtimestamp(at, UTC).isoformat(' ', 'milliseconds').removesuffix('+00:00')} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def figure(value: object) -> str:
    """Return a number of JSON with separators, at most four digits behind the point; "" for anything else."""
    found = number(value)
    if found is None:
        return ""
    return f"{found:,.0f}" if found == int(found) else f"{found:,.4f}".rstrip("0")
