"""Which signs a name is, as bits of a number, worked out once for each name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

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
        self._like: dict[Like, int] = {}
        self._flat: dict[bytes, int] = defaultdict(int)

    def add(self, sign: Sign, bit: int) -> None:
        """Give a sign its bit."""
        if isinstance(sign, Whole):
            for name in sign.names:
                self._whole[name] |= bit
        elif isinstance(sign, Like):
            self._like[sign] = bit
        elif isinstance(sign, Flat):
            for text in sign.texts:
                self._flat[text] |= bit

    @cached_property
    def _in_lower_case(self) -> list[tuple[_Search, int]]:
        return [(re.compile(sign.pattern).search, bit) for sign, bit in self._like.items() if sign.in_any_case]

    @cached_property
    def _as_it_stands(self) -> list[tuple[_Search, int]]:
        return [(re.compile(sign.pattern).search, bit) for sign, bit in self._like.items() if not sign.in_any_case]

    @cached_property
    def _any_like(self) -> _Search:
        """Finds in a name, in lower case, whatever one of the expressions finds there; most names have nothing."""
        return re.compile(b"|".join(sign.pattern for sign in self._like if sign.in_any_case) or b"(?!)").search

    @cached_property
    def _any_flat(self) -> _Search:
        return re.compile(b"|".join(map(re.escape, sorted(self._flat))) or b"(?!)").search

    def __missing__(self, name: bytes) -> int:
        if len(self) > _MOST_NAMES:
            self.clear()
        lowered, flat = name.lower(), name.lower().replace(b"_", b"")
        bits = self._whole.get(lowered, 0)
        for word in words_of(name):
            bits |= self.of_word.get(word, 0)
        if self._any_like(lowered):
            for search, bit in self._in_lower_case:
                if search(lowered):
                    bits |= bit
        for search, bit in self._as_it_stands:
            if search(name):
                bits |= bit
        if self._any_flat(flat):
            for text, bit in self._flat.items():
                if text in flat:
                    bits |= bit
        self[name] = bits
        return bits
