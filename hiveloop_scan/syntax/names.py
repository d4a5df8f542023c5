"""Split identifiers and texts into words, so that `ping` is never found inside `mapping`."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Split `text` at case changes and everything that is not a letter or digit; lower case.

    >>> words("self._maxRetries, HTTPError2")
    ('self', 'max', 'retries', 'http', 'error', '2')
    """
    return tuple(word.lower() for word in _WORD.findall(text))


def mentions(text: str, vocabulary: Collection[str]) -> bool:
    """Say whether a word of `vocabulary` stands in `text`; ``back_off`` asks for the words one after the other."""
    found = words(text)
    if not found:
        return False
    single, phrases = _split(vocabulary if isinstance(vocabulary, (tuple, frozenset)) else frozenset(vocabulary))
    if not single.isdisjoint(found):
        return True
    if not phrases or len(found) == 1:
        return False
    joined = f"_{'_'.join(found)}_"
    return any(phrase in joined for phrase in phrases)


@lru_cache(maxsize=4096)
def _split(vocabulary: tuple[str, ...] | frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the single words of a vocabulary, and its phrases as they are looked for."""
    single = frozenset(word for word in vocabulary if "_" not in word)
    return single, tuple(f"_{phrase}_" for phrase in vocabulary if phrase not in single)
