"""Programs that are run under `verify`, and what comes of them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from hiveloop_scan.verify.records import CallSite, Record, Run, read_run
from tests.sink import kind_of

AGENT = """
import hiveloop
hb = hiveloop.init(None)
agent = hb.agent("router")
"""
"""The beginning of a program: three lines, so that what follows starts at the fifth."""


_KEPT = "events.jsonl"


@dataclass(frozen=True)
class Verified:
    """A run of `verify` on the command line: its exit code, what it printed, and the events that it saved."""

    code: int
    out: bytes
    err: str
    run: Run

    @property
    def kinds(self) -> list[str]:
        """What happened, without what each agent sends by itself."""
        return [kind_of(dict(record.event)) for record in self.events]

    @property
    def events(self) -> list[Record]:
        """The events that the program itself has made."""
        own = ("heartbeat", "agent_registered")
        return [record for record in self.run.records if record.event["event_type"] not in own]

    @property
    def problems(self) -> list[str]:
        """All problems of all events."""
        return [problem for record in self.run.records for problem in record.problems]

    def notes_with(self, words: str) -> list[str]:
        """Return the notes that hold `words`."""
        return [note for note in self.run.notes if words in note]


def write(folder: Path, text: str, name: str = "program.py") -> Path:
    """Write a program."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), "utf-8")
    return path


def start(folder: Path, *command: str, options: tuple[str, ...] = (), **variables: str) -> subprocess.Popen[bytes]:
    """Start `hiveloop-scan verify -- COMMAND` in `folder`; `python` and its console scripts are those of this one."""
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        [sys.executable, "-m", "hiveloop_scan", "verify", "--save", folder / _KEPT, *options, "--", *command],
        cwd=folder,
        env={**os.environ, "PATH": paths, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes], folder: Path, stdin: bytes = b"") -> Verified:
    """Wait for the end, and fail where it does not come."""
    with process:
        try:
            out, err = process.communicate(stdin, timeout=60)
        except BaseException:
            process.terminate()
            raise
    assert (folder / _KEPT).exists(), err.decode()
    return Verified(process.returncode, out, err.decode(), read_run(folder / _KEPT))


def verify(
    folder: Path, *command: str, options: tuple[str, ...] = (), stdin: bytes = b"", **variables: str
) -> Verified:
    """Run `hiveloop-scan verify -- COMMAND` in `folder`, to its end."""
    return finish(start(folder, *command, options=options, **variables), folder, stdin)


def verify_text(folder: Path, text: str, *options: str) -> Verified:
    """Run a program that is given as a text."""
    return verify(folder, "python", str(write(folder, text)), options=options)


def place(path: Path, line: int, function: str = "<module>") -> CallSite:
    """Return a site in a file of a test."""
    return CallSite(str(path), line, function)
