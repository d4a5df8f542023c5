"""Ask a text for many words at once: the text is split once, a vocabulary is looked up in the set of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HUMP = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_BETWEEN_RUNS = bytes(byte if bytes([byte]).isalnum() or byte > 127 else 32 for byte in range(256))


def runs_in(text: bytes) -> set[bytes]:
    """Return the runs of letters and digits in a source text, as they stand."""
    return set(text.translate(_BETWEEN_RUNS).split())


def parts_of(run: bytes) -> tuple[bytes, ...]:
    """Return a run and its parts, lower case."""
    if run.isalpha() and run.islower():
        return (run,)
    return (run.lower(), *(hump.lower() for hump in _HUMP.findall(run)))


Entry = frozenset[bytes]
"""The words of an entry of a vocabulary, all of which have to be there."""


def entries_of(spelled: Iterable[str]) -> frozenset[Entry]:
    """Split each of the words or phrases into its parts; a phrase one word of which is an entry itself is left out."""
    entries = {frozenset(entry.lower().encode().translate(_BETWEEN_RUNS).split()) for entry in spelled}
    single = frozenset(word for entry in entries if len(entry) == 1 for word in entry)
    return frozenset(entry for entry in entries if len(entry) < 2 or not entry & single)
