"""Quote text of unknown origin in Markdown so that it stays a quotation, for people and for language models."""

from __future__ import annotations

import re
import unicodedata

from hiveloop_scan.report.visible import visible

_TICKS = re.compile(r"`+")
_UNSEEN = re.compile(r"[\ufe00-\ufe0f\U000e0000-\U000e0fff]")
"""Variation selectors and tags: no reader sees them, a language model reads a message in them."""

_UNSEEN_CATEGORIES = ("Cf", "Co", "Cn")
_SHORTEST_FENCE = 3
_ELLIPSIS = "…"


def plain(text: str) -> str:
    """Return `text` with all that cannot be seen spelled out, as source code would spell it."""
    return "".join(_spelled_out(letter) for letter in visible(text))


def one_line(text: str) -> str:
    """Return `text` with single blanks where it has line ends or several."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """Return at most `most` characters of `text`; an ellipsis tells that there were more."""
    return text if len(text) <= most else text[: most - len(_ELLIPSIS)] + _ELLIPSIS


def code_span(text: str, most: int = 300) -> str:
    """Return `text` as a code span of one line, line ends spelled out, that nothing inside of it can end."""
    line = cut(plain(text), most)
    ticks = "`" * (_longest_run(line) + 1)
    gap = " " if not line or line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{gap}{line}{gap}{ticks}"


def fence_around(text: str) -> str:
    """Return a fence for `text` that is longer than any run of backticks in it."""
    return "`" * max(_SHORTEST_FENCE, _longest_run(text) + 1)


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _spelled_out(letter: str) -> str:
    if letter.isascii() or not (_UNSEEN.match(letter) or unicodedata.category(letter) in _UNSEEN_CATEGORIES):
        return letter
    return letter.encode("unicode_escape").decode("ascii")
