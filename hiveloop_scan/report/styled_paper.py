"""Paper in colours and of a width: rich knows what a terminal can do."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from hiveloop_scan.report.hanging import print_hanging
from hiveloop_scan.report.paper import Part


class StyledPaper:
    """What is printed on a console."""

    def __init__(self, console: Console) -> None:
        """Print on `console`."""
        self._console = console
        self.width = console.width
        self.encoding = console.encoding
        self.is_terminal = console.is_terminal

    def line(self, *parts: Part) -> None:
        """Print one line, however long."""
        self._console.print(Text.assemble(*parts), soft_wrap=True)

    def hanging(self, text: str, lead: Part) -> None:
        """Print `text` after `lead`, in as many lines as the width asks for."""
        print_hanging(self._console, Text(text), Text.assemble(lead))
