"""Command blocks of a page, and how they are run: as they stand, by a shell, in a folder made for them.

A comment above each block says where: ``<!-- run in: FOLDER -->``, or why not: ``<!-- not run: REASON -->``. A block
that begins with ``$`` shows what a terminal shows, and a line of three dots stands for any lines; in another block each
line is a command.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WIDTH = 100
_ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(
    r"^(?:<!-- (?P<how>run in|not run): (?P<what>.+?) -->\n)?```console\n(?P<body>.*?)^```$", re.M | re.S
)
_TIME = re.compile(r"in \d+\.\d s\)")
_PROMPT = "$ "
_ANY = "..."


@dataclass(frozen=True)
class Block:
    """A block of commands; `folder` is where it is run, `reason` why it is not: one of them is given."""

    body: str
    folder: str = ""
    reason: str = ""

    @property
    def is_transcript(self) -> bool:
        """Whether what the commands print is shown."""
        return self.body.startswith(_PROMPT)

    def commands(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each command with the lines that are shown below it."""
        command, shown = "", list[str]()
        for line in self.body.splitlines():
            if self.is_transcript and not line.startswith(_PROMPT):
                shown.append(line)
                continue
            if command:
                yield command, shown
            command, shown = line.removeprefix(_PROMPT), []
        yield command, shown


def blocks_of(page: str) -> list[Block]:
    """Return the command blocks of a page."""
    return [
        Block(
            found["body"],
            folder=found["what"] if found["how"] == "run in" else "",
            reason=found["what"] if found["how"] == "not run" else "",
        )
        for found in _BLOCK.finditer(page)
    ]


def run(command: str, folder: Path, answer: str = "q\n") -> subprocess.CompletedProcess[str]:
    """Run a command as a terminal would, 100 columns wide; the program is the one that is tested."""
    programs = folder.parent / "programs"
    programs.mkdir(exist_ok=True)
    for name, module in (("hiveloop-scan", "-m hiveloop_scan"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        (programs / name).chmod(0o755)
    environment = {
        **os.environ,
        "COLUMNS": str(WIDTH),
        "NO_COLOR": "1",
        "PYTHONPATH": str(_ROOT),
    }
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        input=answer,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Say whether what is printed is what is shown; times are not compared."""
    if not shown:
        return not printed
    if shown[0] == _ANY:
        return any(agrees(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and _plain(shown[0]) == _plain(printed[0]) and agrees(shown[1:], printed[1:])


def _plain(line: str) -> str:
    return _TIME.sub("in 0.0 s)", line.rstrip())
