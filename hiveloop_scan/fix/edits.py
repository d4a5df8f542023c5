"""Edits of a text: insertions and replacements at offsets, put together so that none touches another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hiveloop_scan.fix.refusal import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `text` in the place of what stands from `start` to `end`; nothing is lost where the two are equal."""

    start: int
    end: int
    text: str


def insertion(offset: int, text: str) -> Edit:
    """Return the edit that puts `text` in front of what stands at `offset`."""
    return Edit(offset, offset, text)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Carry out `edits`, which may not overlap; of those at one offset the first given comes first."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise Refusal("the call would have to be written into itself")
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


@dataclass(frozen=True, slots=True)
class Area:
    """The text that the edits of one site speak for, from the first line they touch to the last; offsets."""

    start: int
    end: int

    def touches(self, other: Area) -> bool:
        """Say whether two sites have to be written one after the other."""
        return self.start <= other.end and other.start <= self.end
