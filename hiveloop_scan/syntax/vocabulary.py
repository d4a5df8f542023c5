"""Ask a text for many words at once: the text is split once, a vocabulary is looked up in the set of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import lru_cache
from itertools import chain

_HUMP = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_BETWEEN_RUNS = bytes(byte if bytes([byte]).isalnum() or byte > 127 else 32 for byte in range(256))


def word_set(text: bytes) -> set[bytes]:
    """Return all words of a source text, lower case: whole runs of letters and digits, and their parts.

    >>> sorted(word_set(b"ChatOpenAI(max_retries=2)"))
    [b'2', b'ai', b'chat', b'chatopenai', b'max', b'open', b'retries']
    """
    return set(chain.from_iterable(map(_parts, set(text.translate(_BETWEEN_RUNS).split()))))


@lru_cache(maxsize=65536)
def _parts(run: bytes) -> tuple[bytes, ...]:
    if run.isalpha() and run.islower():
        return (run,)
    return (run.lower(), *(hump.lower() for hump in _HUMP.findall(run)))


class Vocabulary:
    """Words, and phrases such as ``back_off`` of which all words have to be there."""

    def __init__(self, spelled: Iterable[str]) -> None:
        """Split each of the words or phrases into its parts."""
        entries = {frozenset(entry.lower().encode().translate(_BETWEEN_RUNS).split()) for entry in spelled}
        self._words = frozenset(word for entry in entries if len(entry) == 1 for word in entry)
        self._phrases = [entry for entry in entries if len(entry) > 1 and not entry & self._words]
        self._telling = frozenset(max(entry, key=len) for entry in self._phrases)
        self._always = frozenset() in entries

    def may_be_in(self, words: Set[bytes]) -> bool:
        """Say whether a text that has these words can hold one of the vocabulary."""
        if self._always or not self._words.isdisjoint(words):
            return True
        if self._telling.isdisjoint(words):  # most texts hold the longest word of no phrase
            return False
        return any(phrase <= words for phrase in self._phrases)
