"""Which writer makes the call of which method."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.writers.retry import write_retry

WRITERS: Mapping[str, Callable[[Site], Fix]] = {
    "retry": write_retry,
}
"""By the method of the rule; a writer refuses what it is not sure of."""
