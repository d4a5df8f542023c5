"""A rule's page, as a terminal shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.markdown import Markdown
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST = 100
_FENCE = re.compile(r"^```(\w+) (before|after|ok)$", re.MULTILINE)
_CAPTIONS = {"before": "reported:", "after": "as it should be:", "ok": "not reported:"}


def print_page(markdown: str, console: Console) -> None:
    """Lay the page out on a terminal; elsewhere print it as it is written."""
    if not console.is_terminal:
        console.print(Text(markdown.rstrip("\n")), soft_wrap=True)
        return
    captioned = _FENCE.sub(lambda found: f"*{_CAPTIONS[found[2]]}*\n\n```{found[1]}", markdown)
    console.print(Markdown(captioned), width=min(console.width, _WIDEST))
