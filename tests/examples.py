"""The examples on a page: titles, and under them blocks that are reported (`before`) or are not (`ok`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hiveloop_scan.model import ScanError

_FENCE = re.compile(r"^```(?P<language>\w*) *(?P<kind>.*)$")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: the nearest heading above it, and what its fence says: language, then kind."""

    title: str
    language: str
    kind: str
    source: str


def blocks_of(page: str) -> list[Block]:
    """Read the fenced blocks of a page; raise ScanError for one that is never closed."""
    found: list[Block] = []
    title, opening, start = "", None, 0
    body: list[str] = []
    for number, line in enumerate(page.splitlines(), 1):
        fence = _FENCE.match(line)
        if opening is not None:
            if line == "```":
                source = "".join(f"{text}\n" for text in body)
                found.append(Block(title, opening["language"], opening["kind"], source))
                opening, body = None, []
            else:
                body.append(line)
        elif fence:
            opening, start = fence, number
        elif line.startswith("#"):
            title = line.lstrip("#").strip()
    if opening is not None:
        raise ScanError(f"line {start}: this block is never closed", "end it with ```")
    return found


def headings_of(page: str, level: int) -> list[str]:
    """Return the headings of one level, those inside of blocks left out."""
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    return re.findall(rf"^{'#' * level} (.+)$", prose, flags=re.MULTILINE)
