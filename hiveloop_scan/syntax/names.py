"""Split identifiers and texts into words, so that `ping` is never found inside `mapping`."""

from __future__ import annotations

import re
from collections import defaultdict
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


def mentions(text: str, *vocabularies: Collection[str]) -> bool:
    """Say whether a word of one of `vocabularies` stands in `text`; ``back_off`` asks for one word after the other.

    What was asked is kept for each of them: give the same object each time, not a union made on the spot.
    """
    for vocabulary in vocabularies:
        asked = _ASKED.get(id(vocabulary))
        if asked is None:
            asked = _first_asked(vocabulary)
        if asked[text]:
            return True
    return False


def _first_asked(vocabulary: Collection[str]) -> _Asked:
    asked = _Asked(vocabulary)
    if not isinstance(vocabulary, set):  # which may change
        if len(_ASKED) > _MOST_VOCABULARIES:
            _ASKED.clear()
        _ASKED[id(vocabulary)] = asked
    return asked


class _Asked(dict[str, bool]):
    """A vocabulary, and the texts that it was looked for in so far."""

    def __init__(self, vocabulary: Collection[str]) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self._single = frozenset(word for word in vocabulary if "_" not in word)
        self._phrases: dict[str, list[str]] = defaultdict(list)
        for phrase in vocabulary:
            if phrase not in self._single:
                self._phrases[phrase.partition("_")[0]].append(f"_{phrase}_")

    def __missing__(self, text: str) -> bool:
        if len(self) > _MOST_TEXTS:
            self.clear()
        self[text] = told = self._is_in(words(text))
        return told

    def _is_in(self, found: tuple[str, ...]) -> bool:
        if not self._single.isdisjoint(found):
            return True
        if len(found) < 2 or self._phrases.keys().isdisjoint(found):
            return False
        joined = f"_{'_'.join(found)}_"
        return any(phrase in joined for word in found for phrase in self._phrases.get(word, ()))


_MOST_VOCABULARIES, _MOST_TEXTS = 1000, 20_000
_ASKED: dict[int, _Asked] = {}
"""By the identity of the vocabulary, which is kept so that no other gets it; hashing its words takes longer."""
