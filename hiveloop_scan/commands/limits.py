"""The limits of ``--fail-under``: a share of the whole, or of what one SDK method is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import ScanError
from hiveloop_scan.suggest import closest

if TYPE_CHECKING:
    from hiveloop_scan.report.tallies import Tally

Limit = tuple[str, float]
"""The method, "" for all of them, and the percentage."""


def read_limit(text: str) -> Limit:
    """Read ``80`` or ``escalate=100``."""
    name, equals, number = text.rpartition("=")
    if equals and name not in METHODS:
        raise ScanError(f"--fail-under {text}: no SDK method is called {name!r}", closest(name, METHODS))
    try:
        limit = float(number)
    except ValueError:
        limit = -1.0
    if not 0 <= limit <= 100:
        raise ScanError(f"--fail-under {text}: {number!r} is no percentage", "write it as 80, or as escalate=100")
    return name, limit


def missed(limits: Sequence[Limit], whole: Tally, methods: Mapping[str, Tally], what: str) -> Iterator[str]:
    """Yield a line for each limit that is not reached; the whole is called `what`. What has no tally misses none."""
    for name, limit in limits:
        tally = methods.get(name) if name else whole
        if tally is not None and not tally.reaches(limit):
            yield f"{name or what} is {tally.percent:g} %, less than {limit:g} %"
