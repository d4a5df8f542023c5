"""A progress bar on stderr for work that takes more than a second."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_DELAY_SECONDS = 1.0


class ProgressBar:
    """Appears only after a second, so that quick runs stay quiet; leaves nothing behind."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        columns = (TextColumn("scanning"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("files", total=None)
        self._visible = False

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._visible:
            self._progress.stop()

    def update(self, done: int, total: int) -> None:
        """Show that `done` of `total` files are scanned."""
        if not self._visible and time.monotonic() - self._started > _DELAY_SECONDS:
            self._visible = True
            self._progress.start()
        self._progress.update(self._task, completed=done, total=total)
