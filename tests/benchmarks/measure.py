"""Run a command as a whole process and say what it cost: time, processor, memory of it and of its workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERY = 0.02
_SESSION_FIELD = 3
_UNIT = 1024 if sys.platform == "darwin" else 1
_PROC = Path("/proc")


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds, and megabytes (MiB) of its largest process.

    `cpu` is user and system time of the process and of all it waited for. `largest` is ``ru_maxrss``: the
    most memory that one process of the run had resident at a time, pages it shares with others included.
    `others` tells how many processors were busy with something else meanwhile (None: the system does not
    tell); a figure above 0.1 means a disturbed run.
    """

    wall: float
    cpu: float
    largest: float
    others: float | None


def run(command: Sequence[str], folder: Path, well: Sequence[int] = (0,)) -> Cost:
    """Run `command` in `folder` without showing its output; end the benchmark where it does not go `well`."""
    busy = _busy_seconds()
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=_as_users_have_it(folder))
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    _check(process, command, well)
    cpu = used.ru_utime + used.ru_stime
    others = None if busy is None else max(0.0, ((_busy_seconds() or busy) - busy - cpu) / wall)
    return Cost(wall, cpu, used.ru_maxrss * _UNIT / 1024, others)


def memory_of_all(command: Sequence[str], folder: Path) -> float | None:
    """Run `command`; return the most memory (MiB) that all its processes took together, None outside Linux.

    Fifty times a second the proportional set sizes of the processes are added: a page they share counts once.
    """
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, start_new_session=True, env=_as_users_have_it(folder)
    )
    highest = 0
    while process.poll() is None:
        highest = max(highest, sum(_proportional_kib(member) for member in _members(process.pid)))
        time.sleep(_EVERY)
    _check(process, command)
    return highest / 1024 if highest else None


def _as_users_have_it(folder: Path) -> dict[str, str]:
    """Return an environment with a cache of its own, and in which Python keeps byte code, as it does by default."""
    environment = {**os.environ, "HIVELOOP_SCAN_CACHE": str(folder / "cache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def _check(process: subprocess.Popen[bytes], command: Sequence[str], well: Sequence[int] = (0,)) -> None:
    if process.returncode not in well:
        sys.exit(f"{' '.join(command)} ended with exit code {process.returncode}; there is nothing to measure")


def _members(session: int) -> list[Path]:
    """Return the /proc folders of the processes of a session: the command and its workers."""
    return [folder for folder in _PROC.glob("[0-9]*") if _session_of(folder) == session]


def _session_of(folder: Path) -> int | None:
    try:
        after_name = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2]
    except OSError:
        return None
    return int(after_name.split()[_SESSION_FIELD])


def _proportional_kib(folder: Path) -> int:
    """Return the proportional set size of a process; 0 when it has ended."""
    try:
        lines = (folder / "smaps_rollup").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _busy_seconds() -> float | None:
    """Return the processor seconds that the machine has spent on work since it started."""
    try:
        numbers = (_PROC / "stat").read_text("ascii").partition("\n")[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, interrupts, soft_interrupts = (int(number) for number in numbers[:7])
    return (user + nice + system + interrupts + soft_interrupts) / os.sysconf("SC_CLK_TCK")
