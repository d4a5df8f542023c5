"""Split identifiers and texts into words, so that `ping` is never found inside `mapping`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Split `text` at case changes and everything that is not a letter or digit; lower case.

    >>> words("self._maxRetries, HTTPError2")
    ('self', 'max', 'retries', 'http', 'error', '2')
    """
    return tuple(word.lower() for word in _WORD.findall(text))


def mentions(text: str, vocabulary: Iterable[str]) -> bool:
    """Say whether a word of `vocabulary` stands in `text`; ``back_off`` asks for the words one after the other."""
    found = words(text)
    joined = f"_{'_'.join(found)}_"
    return any(f"_{word}_" in joined for word in vocabulary)
