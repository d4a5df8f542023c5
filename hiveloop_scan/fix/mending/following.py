"""Which finding of a mended text is which of the text before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.proof import Key, key_of
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding


def followed(
    before: Iterable[Finding], after: Iterable[Finding], edits: Sequence[Edit], source: Source, mended: Source
) -> dict[Key, Key]:
    """Return the keys of what is still found, by those it had: by place, else by what it says."""
    old = {key: moved_key(key, edits, source, mended) for key in sorted(map(key_of, before))}
    free = sorted(map(key_of, after))
    same: dict[Key, Key] = {}
    for telling in (_all_of_it, _place, _saying):
        for key, moved in old.items():
            alike = [other for other in free if telling(other) == telling(moved)]
            if key not in same and alike:
                same[key] = alike[0]
                free.remove(alike[0])
    return same


def _all_of_it(key: Key) -> object:
    return key


def _place(key: Key) -> object:
    return key[:3]


def _saying(key: Key) -> object:
    return key[0], key[3]


def moved_key(key: Key, edits: Sequence[Edit], source: Source, mended: Source) -> Key:
    """Return a key with the place to which edits in front of it have moved it."""
    rule, line, column, captures = key
    offset = source.line_start(line) + column - 1
    offset += sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= offset)
    return rule, *mended.position(offset), captures
