"""Texts as they are written: the literals that stand one after the other, and the fields of an f-string."""

from __future__ import annotations

import re

_LITERAL = re.compile(
    r"[a-zA-Z]{0,2}(?:"
    r"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''|\"\"\"[^\"\\]*(?:(?:\\.|\"(?!\"\"))[^\"\\]*)*\"\"\"|"
    r"'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\")",
    re.DOTALL,
)
_BETWEEN = re.compile(r"(?:\s|\\\r?\n|#[^\r\n]*)*")
FIELD = re.compile(r"((?<!\{)(?:\{\{)*(?!\{\{)\{(?!\{)(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})")
QUOTED = re.compile(r"[a-zA-Z]*(?:'''|\"\"\"|'|\")")


def literals_in(text: str) -> list[str]:
    """Return the literals that stand one after the other in `text`."""
    pieces: list[str] = []
    place = 0
    while place < len(text):
        found = _LITERAL.match(text, place)
        if found is None:
            return [text]
        pieces.append(found[0])
        if found.end() == len(text):
            break
        between = _BETWEEN.match(text, found.end())
        place = between.end() if between else len(text)
    return pieces
