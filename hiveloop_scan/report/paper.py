"""What a report is written on: lines of texts, some of them in a style. A pipe and a file get the text alone."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import Protocol

UNLIMITED = 100_000
"""The width of what is no terminal: nothing is wrapped there, so that every line can be searched and cut."""

NARROWEST = 20
"""So many columns a text gets, however narrow the terminal is."""

NO_TERMINAL = (UNLIMITED, 25)

Part = str | tuple[str, str]
"""A text, or a text and its style."""


class Paper(Protocol):
    """Takes a report line by line."""

    @property
    def width(self) -> int:
        """The columns of a line."""

    @property
    def encoding(self) -> str:
        """The encoding of what is written, in lower case."""

    @property
    def is_terminal(self) -> bool:
        """Whether somebody reads it as it is written."""

    def line(self, *parts: Part) -> None:
        """Write one line, however long."""

    def hanging(self, text: str, lead: Part) -> None:
        """Write `text` after `lead`, in as many lines as the width asks for, all beginning in one column."""


class PlainPaper:
    """Paper without styles and without end to its lines: to import rich takes longer than to write on it."""

    width = UNLIMITED
    is_terminal = False

    def __init__(self, encoding: str = "utf-8") -> None:
        """Take letters of this encoding; others are spelled out."""
        self.encoding = encoding.lower()
        self._lines: list[str] = []

    def line(self, *parts: Part) -> None:
        """Write the texts."""
        self._lines.append("".join([part if isinstance(part, str) else part[0] for part in parts]))

    def hanging(self, text: str, lead: Part) -> None:
        """Write both, in one line."""
        self.line(lead, text.rstrip())

    def written(self) -> str:
        """Return all lines."""
        text = "".join([f"{line}\n" for line in self._lines])
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


Write = Callable[[Paper], None]


def written_for_stdout(write: Write) -> str:
    """Return what `write` writes, in the colours and the width that stdout and the user ask for."""
    if _is_plain():
        paper = PlainPaper(sys.stdout.encoding if sys.stdout else "utf-8")
        write(paper)
        return paper.written()
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.styled_paper import StyledPaper

    return rendered_for_stdout(lambda console: write(StyledPaper(console)))


def written_for_file(write: Write) -> str:
    """Return what `write` writes as plain text."""
    paper = PlainPaper()
    write(paper)
    return paper.written()


_WISHES = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
"""With them users ask for colours where there is no terminal."""


def _is_plain() -> bool:
    """Say whether stdout asks for neither colours nor a width."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    no_wishes = not any(name in os.environ for name in _WISHES)
    return not is_terminal and no_wishes and shutil.get_terminal_size(NO_TERMINAL).columns == UNLIMITED
