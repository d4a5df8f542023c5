"""Kill `apply` at random points: ``python -m tests.crashes`` does it fifty times on two hundred files.

After each kill every file holds its old or its new bytes, and the next run finishes the work.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fixing import GETTERS

_CODE = """\
import time


def fetch_{number}(client, max_retries=3):
    for attempt in range(max_retries):
        try:
            return client.get("/orders/{number}")
        except TimeoutError as exc:
            if attempt == max_retries - 1:
                raise
            time.sleep(2**attempt)
"""
_CALL = b"_hl_task.retry("


def make_project(folder: Path, files: int) -> dict[Path, bytes]:
    """Write a project of `files` files, each with one missing call; return their bytes."""
    folder.mkdir()
    (folder / "observability.py").write_text(GETTERS)
    made = {folder / f"agent_{number}.py": _CODE.format(number=number).encode() for number in range(files)}
    for path, data in made.items():
        path.write_bytes(data)
    return made


def run_apply(folder: Path, state: Path) -> subprocess.Popen[bytes]:
    """Start `apply` on the project, with a journal of its own."""
    command = [sys.executable, "-m", "hiveloop_scan", "apply", "--method", "retry", "."]
    environment = {**os.environ, "HIVELOOP_SCAN_STATE": str(state)}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def kill_at_random(place: Path, files: int, rounds: int, seed: int) -> list[int]:
    """Kill `apply` in each of `rounds` fresh projects; return how many files each kill had let through.

    Raises AssertionError where a file is neither old nor new, or the next run does not finish the work.
    """
    chance = random.Random(seed)
    new = _finished(place / "whole", place / "state", files)
    first, length = _first_write(place / "timed", place / "state", files)
    let_through = []
    for number in range(rounds):
        folder = place / f"killed-{number}"
        old = make_project(folder, files)
        process = run_apply(folder, place / "state")
        _kill_after(process, folder, old, first, chance.uniform(-0.1 * first, length))
        now = {path: path.read_bytes() for path in old}
        assert all(data in (old[path], new[path.name]) for path, data in now.items())
        let_through.append(sum(data != old[path] for path, data in now.items()))
        again = run_apply(folder, place / "state")
        out, _ = again.communicate()
        assert again.returncode == 0, out.decode()
        assert {path.name: path.read_bytes() for path in old} == new
        assert {path.name for path in folder.iterdir()} == {*new, "observability.py"}
    return let_through


def _finished(folder: Path, state: Path, files: int) -> dict[str, bytes]:
    made = make_project(folder, files)
    process = run_apply(folder, state)
    out, _ = process.communicate()
    assert process.returncode == 0, out.decode()
    done = {path.name: path.read_bytes() for path in made}
    assert all(data.count(_CALL) == 1 for data in done.values())
    return done


def _first_write(folder: Path, state: Path, files: int) -> tuple[float, float]:
    """Return the seconds until the first file is written, and from then to the end."""
    made = make_project(folder, files)
    started = time.perf_counter()
    process = run_apply(folder, state)
    while process.poll() is None and not _any_written(made):
        time.sleep(0.002)
    first = time.perf_counter() - started
    process.communicate()
    return first, time.perf_counter() - started - first


def _any_written(made: dict[Path, bytes]) -> bool:
    return any(path.stat().st_size != len(data) for path, data in made.items())


def _kill_after(
    process: subprocess.Popen[bytes], folder: Path, made: dict[Path, bytes], first: float, moment: float
) -> None:
    """Kill the process `moment` seconds after its first write; before it where that is less than nothing."""
    started = time.perf_counter()
    if moment < 0:
        time.sleep(max(0.0, first + moment))
    else:
        while process.poll() is None and not _any_written(made) and time.perf_counter() - started < 60:
            time.sleep(0.001)
        time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.communicate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        written = kill_at_random(Path(scratch), files=200, rounds=50, seed=1)
    between = sum(0 < count < 200 for count in written)
    print(f"50 kills, {between} of them between the first and the last of 200 files; every file was old or new")
