"""Start the command in a session of its own, with what its Python processes need to report; wait; end what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from hiveloop_scan.model import ScanError
from hiveloop_scan.verify.processes import Family, name_of

_HOOKS = Path(__file__).parent / "child"
_PATIENCE = 5.0
"""Seconds that processes have to end themselves, once they were asked to."""

_GRACE = 1.5
"""Seconds that children have to end after the command."""

TIMED_OUT = 124
"""The exit code of a run that took too long, as `timeout` has it."""

_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


@dataclass(slots=True)
class Outcome:
    """How the command ended: its exit code as a shell tells it, and who had to be stopped by us."""

    process: int
    code: int = 0
    at: float = 0.0
    is_timed_out: bool = False
    is_interrupted: bool = False
    left: dict[int, str] = field(default_factory=dict)


def environment(folder: Path, endpoint: str, key: str) -> dict[str, str]:
    """Return the environment of the command: ours, the way to our hooks, and a key for programs that ask for one."""
    inherited = os.environ.get("PYTHONPATH")
    given = {
        "PYTHONPATH": f"{_HOOKS}{os.pathsep}{inherited}" if inherited else str(_HOOKS),
        "HIVELOOP_SCAN_RUN": str(folder),
        "HIVELOOP_SCAN_SINK": endpoint,
        "HIVELOOP_SCAN_KEY": key,
    }
    asked_for = {"HIVELOOP_API_KEY": key, "HIVELOOP_ENDPOINT": endpoint}
    return {**asked_for, **os.environ, **given}


def launch(command: Sequence[str], variables: Mapping[str, str], mark: str, timeout: float | None) -> Outcome:
    """Run `command` to its end, or for `timeout` seconds; none of its processes is left. Signals to us go to it."""
    try:
        process = subprocess.Popen(command, env=variables, start_new_session=True)
    except (OSError, ValueError) as error:
        raise ScanError(f"cannot run {command[0]}: {_reason(error)}", _hint(command[0])) from None
    outcome, family = Outcome(process.pid), Family(process.pid, mark)
    try:
        with _forwarding(family, outcome):
            _wait(process, family, outcome, timeout)
            outcome.at = time.time()
            _end_those_left(family, outcome)
    finally:
        if process.poll() is None:
            family.end(_PATIENCE)
            process.wait()
    return outcome


def _wait(process: subprocess.Popen[bytes], family: Family, outcome: Outcome, timeout: float | None) -> None:
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        outcome.is_timed_out, outcome.code = True, TIMED_OUT
        _end(process, family)
        return
    outcome.code = code if code >= 0 else 128 - code


def _end(process: subprocess.Popen[bytes], family: Family) -> None:
    """End the command and all its processes; it is waited for first, since a process nobody waits for stays listed."""
    family.send(signal.SIGTERM)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        family.send(signal.SIGKILL)
        process.wait()


def _end_those_left(family: Family, outcome: Outcome) -> None:
    until = time.monotonic() + (0 if outcome.is_timed_out else _GRACE)
    while (left := family.alive()) and time.monotonic() < until:
        time.sleep(0.02)
    if left:
        outcome.left = {process: name_of(process) for process in left}
        family.end(_PATIENCE)


@contextmanager
def _forwarding(family: Family, outcome: Outcome) -> Iterator[None]:
    """Hand signals on to the command, which decides when to end; the third one ends it in any case."""
    count = 0

    def forward(number: int, _frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        outcome.is_interrupted = True
        if count < 3:
            with suppress(OSError):
                os.killpg(family.session, number)
        else:
            family.send(signal.SIGKILL)

    before = {number: signal.signal(number, forward) for number in _FORWARDED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _hint(program: str) -> str:
    if program.startswith("-"):
        return "name the program behind the two dashes: hiveloop-scan verify -- python -m my_agent"
    if program.endswith(".py"):
        return f"run it with Python: hiveloop-scan verify -- python {program}"
    return "name a program as you would on the command line: hiveloop-scan verify -- python agent.py"
