"""Which signs a name is, as bits of a number, worked out once for each name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from hiveloop_scan.syntax.signs import Flat, Like, Sign, Whole
from hiveloop_scan.syntax.vocabulary import words_of

_MOST_NAMES = 200_000
_Search = Callable[[bytes], object]


class NameBits(dict[bytes, int]):
    """The bits of a name as it stands in a text."""

    def __init__(self) -> None:
        super().__init__()
        self.of_word: dict[bytes, int] = defaultdict(int)
        """The bits of a word, whatever else is in the name."""

        self._whole: dict[bytes, int] = defaultdict(int)
        self._in_lower_case: list[tuple[_Search, int]] = []
        self._as_it_stands: list[tuple[_Search, int]] = []
        self._flat: dict[Flat, int] = {}
        self._flat_texts: dict[bytes, int] = defaultdict(int)

    def add(self, sign: Sign, bit: int) -> None:
        """Give a sign its bit."""
        if isinstance(sign, Whole):
            for name in sign.names:
                self._whole[name] |= bit
        elif isinstance(sign, Like):
            found = (re.compile(sign.pattern).search, bit)
            searches = self._in_lower_case if sign.in_any_case else self._as_it_stands
            if found not in searches:
                searches.append(found)
        elif isinstance(sign, Flat):
            for text in sign.texts:
                self._flat_texts[text] |= bit

    def __missing__(self, name: bytes) -> int:
        if len(self) > _MOST_NAMES:
            self.clear()
        lowered = name.lower()
        bits = self._whole.get(lowered, 0)
        for word in words_of(name):
            bits |= self.of_word.get(word, 0)
        for search, bit in self._in_lower_case:
            if search(lowered):
                bits |= bit
        for search, bit in self._as_it_stands:
            if search(name):
                bits |= bit
        flat = lowered.replace(b"_", b"")
        for text, bit in self._flat_texts.items():
            if text in flat:
                bits |= bit
        self[name] = bits
        return bits
