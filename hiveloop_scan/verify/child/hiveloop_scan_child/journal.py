"""The notes that a process takes while it runs: they outlast `os._exit`, a crash and a kill."""

from __future__ import annotations

import json
import os
import time
from typing import Any

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)


class Journal:
    """Writes lines of JSON to a file for each process, in the folder of the run.

    No descriptor stays open: a daemon closes all it finds, and the number may then be that of a file of the user's.
    The functions are kept as attributes, out of reach of the user's tests that replace those of `os` and `time`.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._open, self._write, self._close = os.open, os.write, os.close
        self._process, self._now = os.getpid, time.time

    def note(self, kind: str, **facts: Any) -> None:
        """Write a line; `facts` are plain values."""
        self.note_with(kind, facts)

    def note_with(self, kind: str, facts: dict[str, Any], event: str = "null") -> None:
        """Write a line that carries an event, which is JSON already."""
        try:
            start = json.dumps({"kind": kind, "at": self._now(), **facts})
            line = f'{start[:-1]}, "event": {event}}}\n'.encode()
            file = self._open(f"{self._folder}/{self._process()}.jsonl", _FLAGS, 0o600)
            try:
                self._write(file, line)
            finally:
                self._close(file)
        except Exception:  # a full disk, another user's rights, another root: the program goes on
            pass
