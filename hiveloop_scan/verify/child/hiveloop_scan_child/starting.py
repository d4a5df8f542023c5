"""The start of a process: it reports, and waits for the SDK to be imported."""

from __future__ import annotations

import atexit
import functools
import os
import sys
from typing import NoReturn

from .journal import Journal

RUN = "HIVELOOP_SCAN_RUN"
"""The environment variable that names the folder of the run."""

SINK = "HIVELOOP_SCAN_SINK"
"""The environment variable with the address of the sink."""

KEY = "HIVELOOP_SCAN_KEY"
"""The environment variable with the key that the sink knows the run by."""


def start() -> None:
    """Take notes of this process from now on; do nothing outside of a run."""
    folder, sink, key = (os.environ.get(name) for name in (RUN, SINK, KEY))
    if not folder or not sink or not key:
        return
    from .importing import SdkFinder
    from .spawning import watch_children

    journal = Journal(folder)
    finder = SdkFinder(journal, sink, key, _working_folder())
    _introduce(journal, forked=False)
    atexit.register(journal.note, "end")  # the first to register is the last to run
    os.register_at_fork(after_in_child=lambda: _introduce(journal, forked=True))
    _note_the_back_door(journal)
    watch_children(journal, folder)
    sys.meta_path.insert(0, finder)
    if "hiveloop" in sys.modules:
        finder.attach(sys.modules["hiveloop"])


def _note_the_back_door(journal: Journal) -> None:
    """Note that a process leaves without its exit handlers, as workers of multiprocessing do."""
    leave = os._exit

    @functools.wraps(leave)
    def _exit(status: int) -> NoReturn:
        journal.note("leave")
        leave(status)

    os._exit = _exit


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109  pathlib is slow to import
    except FileNotFoundError:  # somebody has deleted it
        return ""


def _introduce(journal: Journal, forked: bool) -> None:
    journal.note(
        "start",
        forked=forked,
        parent=os.getppid(),
        command=[str(word)[:200] for word in sys.orig_argv[:6]],
        python=sys.executable,
    )
