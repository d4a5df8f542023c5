"""Who stops `verify` stops the program: it gets the signal, ends as it likes, and its end is reported."""

from __future__ import annotations

import os
import pty
import signal
import sys
from pathlib import Path

import pytest

from tests.verified import AGENT, finish, start, write

PATIENT = (
    AGENT
    + """
import signal, sys, time

def end(number, frame):
    print("ends", number, flush=True)
    sys.exit(9)

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, end)
agent.report_issue("busy", "low")
print("ready", flush=True)
while True: time.sleep(0.05)
"""
)
STUBBORN = PATIENT.replace("sys.exit(9)", "pass")


def read_line(process_output: object) -> bytes:
    line: bytes = process_output.readline()  # type: ignore[attr-defined]
    return line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_is_handed_on(number: signal.Signals, tmp_path: Path) -> None:
    process = start(tmp_path, "python", str(write(tmp_path, PATIENT)))
    assert read_line(process.stdout) == b"ready\n"
    process.send_signal(number)
    done = finish(process, tmp_path)
    assert done.out == f"ends {number.value}\n".encode()
    assert done.code == 9
    assert done.kinds == ["issue"]
    assert "Traceback" not in done.err


def test_the_third_interrupt_ends_a_program_that_does_not_want_to(tmp_path: Path) -> None:
    process = start(tmp_path, "python", str(write(tmp_path, STUBBORN)))
    assert read_line(process.stdout) == b"ready\n"
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        assert read_line(process.stdout) == b"ends 2\n"
    process.send_signal(signal.SIGINT)
    done = finish(process, tmp_path)
    assert done.code == 128 + signal.SIGKILL
    assert done.kinds == ["issue"]
    assert not done.problems


def test_a_program_at_a_terminal_is_asked_answered_and_interrupted(tmp_path: Path) -> None:
    program = write(tmp_path, "import time\nprint(f'hello {input()}', flush=True)\ntime.sleep(60)\n")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execv(
            sys.executable,
            [sys.executable, "-m", "hiveloop_scan", "verify", "--save", "kept", "--", sys.executable, str(program)],
        )
    os.write(terminal, b"world\n")
    shown = b""
    while b"hello world" not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGINT
    assert (tmp_path / "kept").exists()
