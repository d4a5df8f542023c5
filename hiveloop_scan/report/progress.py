"""A progress bar on stderr for work that takes more than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress

_DELAY_SECONDS = 1.0


class ProgressBar:
    """Appears on a terminal only, and after a second, so that quick runs stay quiet; leaves nothing behind.

    It draws when it is told of progress, not from a thread: worker processes may be forked meanwhile.
    """

    def __init__(self, delay_seconds: float = _DELAY_SECONDS) -> None:
        watched = sys.stderr is not None and sys.stderr.isatty()
        self._appears_at = time.monotonic() + delay_seconds if watched else float("inf")
        self._bar: Progress | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def update(self, done: int, total: int) -> None:
        """Show that `done` of `total` files are scanned."""
        if not self._bar:
            if time.monotonic() < self._appears_at:
                return
            self._bar = _started_bar(total)
        self._bar.update(self._bar.task_ids[0], completed=done)
        self._bar.refresh()


def _started_bar(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("Scanning"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    bar = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("files", total=total)
    bar.start()
    return bar
