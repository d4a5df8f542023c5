"""All processes of a run, and their end: also those that left the group, and those that outlive the command."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.02
_POLLS_OF_NEW = 5
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Family:
    """The processes that a command has started: those of its session, and those with `mark` in their environment."""

    session: int
    mark: str

    def alive(self) -> list[int]:
        """Return the numbers of the processes that still run; without /proc only that of the group, if one does."""
        if not (_PROC / "self" / "stat").exists():
            return [self.session] if _group_is_alive(self.session) else []
        return [process for process in _processes() if self._has(process)]

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all of them."""
        with suppress(OSError):
            os.killpg(self.session, number)
        for process in self.alive():
            if _group_of(process) != self.session:
                with suppress(OSError):
                    os.kill(process, number)

    def end(self, patience: float) -> None:
        """Ask all to end, and end them `patience` seconds later; those included that are started meanwhile."""
        self.send(signal.SIGTERM)
        until = time.monotonic() + patience
        while self.alive() and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
        until = time.monotonic() + patience
        while self.alive() and time.monotonic() < until:
            self.send(signal.SIGKILL)
            time.sleep(_POLL_SECONDS)

    def _has(self, process: int) -> bool:
        state, _, session = _stat(process)
        if state in ("", "Z", "X"):
            return False
        if session == self.session:
            return True
        return self.mark.encode() in _environment(process)


def name_of(process: int) -> str:
    """Return the command line of a process, shortened in the middle; "" where it cannot be read."""
    try:
        words = (_PROC / str(process) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    line = " ".join(filter(None, words))
    half = (_LONGEST_NAME - 3) // 2
    return line if len(line) <= _LONGEST_NAME else f"{line[:half]}...{line[-half:]}"


def _environment(process: int) -> bytes:
    """Return the environment a process was started with; none of another user's, or of one that is over.

    Linux shows none for a moment while a program is loaded: one that has a file to run is asked again.
    """
    folder = _PROC / str(process)
    try:
        for _ in range(_POLLS_OF_NEW):
            if found := (folder / "environ").read_bytes():
                return found
            (folder / "exe").readlink()  # the kernel's own have none
            time.sleep(_POLL_SECONDS)
    except OSError:
        pass
    return b""


def _processes() -> Iterator[int]:
    own = os.getpid()
    with os.scandir(_PROC) as entries:
        yield from (int(entry.name) for entry in entries if entry.name.isdecimal() and int(entry.name) != own)


def _stat(process: int) -> tuple[str, int, int]:
    """Return a process's state, group and session; ("", 0, 0) for one that is over."""
    try:
        text = (_PROC / str(process) / "stat").read_text("utf-8", "replace")
    except OSError:
        return "", 0, 0
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    return fields[0], int(fields[2]), int(fields[3])


def _group_of(process: int) -> int:
    return _stat(process)[1]


def _group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True
