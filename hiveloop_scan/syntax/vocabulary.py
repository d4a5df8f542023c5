"""Ask a text for many words at once: the text is split once, a vocabulary is looked up in the set of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HUMP = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_BETWEEN_RUNS = bytes(byte if bytes([byte]).isalnum() or byte > 127 else 32 for byte in range(256))
_BETWEEN_NAMES = bytes(95 if byte == 95 else between for byte, between in enumerate(_BETWEEN_RUNS))


def names_in(text: bytes) -> set[bytes]:
    """Return the runs of letters, digits and underscores in a source text, as they stand."""
    return set(text.translate(_BETWEEN_NAMES).split())


def words_of(name: bytes) -> set[bytes]:
    """Return the runs of letters and digits in a name, and the parts that capitals make of them; lower case."""
    found = set(name.lower().split(b"_"))
    if not name.islower():
        found.update(hump.lower() for hump in _HUMP.findall(name))
    elif not name.isalpha():
        found.update(_HUMP.findall(name))
    return found


Entry = frozenset[bytes]
"""The words of an entry of a vocabulary, all of which have to be there."""


def entries_of(spelled: Iterable[str]) -> frozenset[Entry]:
    """Split each of the words or phrases into its parts; a phrase one word of which is an entry itself is left out."""
    entries = {frozenset(entry.lower().encode().translate(_BETWEEN_RUNS).split()) for entry in spelled}
    single = frozenset(word for entry in entries if len(entry) == 1 for word in entry)
    return frozenset(entry for entry in entries if len(entry) < 2 or not entry & single)
