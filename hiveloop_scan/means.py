"""How the work of a scan is done: on so many processes, or where the user's own executor runs it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from hiveloop_scan.timing import Timing

Progress = Callable[[int, int], None]
"""Called with the number of files done and their total."""


@dataclass(frozen=True)
class Means:
    """How many processes, in whose executor, and who wants to know how long it takes."""

    jobs: int
    executor: Callable[[], Executor] | None = None
    timing: Timing | None = None


def usable_processors() -> int:
    """Return how many processors this process may run on."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
