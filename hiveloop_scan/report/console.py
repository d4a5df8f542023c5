"""What a console prints, as text: in the colours and the width of where it will be read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from typing import TextIO

from rich.console import Console

_UNLIMITED = 100_000
"""The width of what is no terminal: nothing is wrapped there, so that every line can be searched and cut."""

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
    return _rendered_for(sys.stdout, show)


def rendered_for_stderr(show: Print) -> str:
    """Return the same for stderr."""
    return _rendered_for(sys.stderr, show)


def _rendered_for(stream: TextIO | None, show: Print) -> str:
    size = shutil.get_terminal_size((_UNLIMITED, 25))
    text = _StandIn(stream)
    show(Console(file=text, width=size.columns, height=size.lines, highlight=False, markup=False, emoji=False))
    text.seek(0)
    return text.read()


def rendered_for_file(show: Print) -> str:
    """Return what `show` prints as plain text."""
    text = StringIO()
    show(Console(file=text, width=_UNLIMITED, force_terminal=False, highlight=False, markup=False, emoji=False))
    return text.getvalue()
