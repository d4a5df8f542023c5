"""The start of a process: it reports, and waits for the SDK to be imported."""

from __future__ import annotations

import atexit
import os
import sys

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
    finder = SdkFinder(journal, sink, key)
    _introduce(journal, forked=False)
    atexit.register(journal.note, "end")  # the first to register is the last to run
    os.register_at_fork(after_in_child=lambda: _introduce(journal, forked=True))
    watch_children(journal, folder)
    sys.meta_path.insert(0, finder)
    if "hiveloop" in sys.modules:
        finder.attach(sys.modules["hiveloop"])


def _introduce(journal: Journal, forked: bool) -> None:
    journal.note(
        "start",
        forked=forked,
        parent=os.getppid(),
        command=[str(word)[:200] for word in sys.orig_argv[:6]],
        python=sys.executable,
    )
