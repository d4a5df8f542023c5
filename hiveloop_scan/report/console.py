"""What a console prints, as text: in the colours and the width of where it will be read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from typing import TextIO

from rich.console import Console

from hiveloop_scan.report.paper import NO_TERMINAL, UNLIMITED

Print = Callable[[Console], None]


class _StandIn(TextIOWrapper):
    """Collects what is meant for a stream and answers questions about it in its place."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__(BytesIO(), stream.encoding if stream else "utf-8", "backslashreplace", newline="")
        self._stream = stream

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()


def rendered_for_stdout(show: Print) -> str:
    """Return what `show` prints, in the colours and the width that stdout and the user ask for."""
    return _rendered_for(sys.stdout, shutil.get_terminal_size(NO_TERMINAL), show)


def rendered_for_stderr(show: Print) -> str:
    """Return the same for stderr."""
    return _rendered_for(sys.stderr, _size_of_stderr(), show)


def _rendered_for(stream: TextIO | None, size: tuple[int, int], show: Print) -> str:
    text = _StandIn(stream)
    show(Console(file=text, width=size[0], height=size[1], highlight=False, markup=False, emoji=False))
    text.seek(0)
    return text.read()


def _size_of_stderr() -> tuple[int, int]:
    """Return the columns and lines of the terminal behind stderr; the standard library asks stdout alone."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told), NO_TERMINAL[1]
    if sys.stderr is not None and sys.stderr.isatty():
        return os.get_terminal_size(sys.stderr.fileno())
    return NO_TERMINAL


def rendered_for_file(show: Print) -> str:
    """Return what `show` prints as plain text."""
    text = StringIO()
    show(Console(file=text, width=UNLIMITED, force_terminal=False, highlight=False, markup=False, emoji=False))
    return text.getvalue()
