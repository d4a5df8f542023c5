"""What a console prints, as text: in the colours and the width of where it will be read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper

from rich.console import Console

_UNLIMITED = 100_000
"""The width of what is no terminal: nothing is wrapped there, so that every line can be searched and cut."""

Print = Callable[[Console], None]


class _StandIn(TextIOWrapper):
    """Collects what is meant for stdout and answers questions about it in its place."""

    def isatty(self) -> bool:
        return sys.stdout is not None and sys.stdout.isatty()


def rendered_for_stdout(show: Print) -> str:
    """Return what `show` prints, in the colours and the width that stdout and the user ask for."""
    size = shutil.get_terminal_size((_UNLIMITED, 25))
    encoding = sys.stdout.encoding if sys.stdout else "utf-8"
    text = _StandIn(BytesIO(), encoding, "backslashreplace", newline="")
    show(Console(file=text, width=size.columns, height=size.lines, highlight=False, markup=False, emoji=False))
    text.seek(0)
    return text.read()


def rendered_for_file(show: Print) -> str:
    """Return what `show` prints as plain text."""
    text = StringIO()
    show(Console(file=text, width=_UNLIMITED, force_terminal=False, highlight=False, markup=False, emoji=False))
    return text.getvalue()
