"""What rules need of a file and of a function: all words are looked for at once, in one number with a bit for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import or_

from hiveloop_scan.need import Need as Need
from hiveloop_scan.syntax.holding import Pattern
from hiveloop_scan.syntax.shapes import OWN_BYTES, SHAPES, Unit
from hiveloop_scan.syntax.vocabulary import Entry, entries_of, parts_of, runs_in
from hiveloop_scan.syntax.walking import walk
from hiveloop_scan.syntax.worded_shapes import SPOKEN, WORDED_SHAPES

_MOST_RUNS = 100_000


@dataclass(frozen=True)
class Asked:
    """A need with the rules that have it, and the words that a file and a function have to hold, as bits."""

    need: Need
    rules: frozenset[str]
    in_file: int
    in_unit: int


class Lookout:
    """The needs of all rules."""

    def __init__(self, needs: Mapping[str, Sequence[Need]]) -> None:
        """Give every list of words a bit, and every word of a phrase one of its own."""
        self._bits: dict[object, int] = {}
        self._of_word: dict[bytes, int] = defaultdict(int)
        self._phrases: dict[Entry, int] = defaultdict(int)
        self._patterns = {need.shape: Pattern(SHAPES[need.shape][0]) for own in needs.values() for need in own}
        owners: dict[Need, set[str]] = defaultdict(set)
        for rule, own in needs.items():
            for need in own:
                owners[need].add(rule)
        self.asked = [self._asked(need, frozenset(rules)) for need, rules in owners.items()]
        self._by_telling: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for phrase, bits in self._phrases.items():
            parts = {word: self._bit(word) for word in phrase}
            for word, bit in parts.items():
                self._of_word[word] |= bit
            self._by_telling[parts[max(phrase, key=len)]].append((reduce(or_, parts.values()), bits))
        self._telling = reduce(or_, self._by_telling, 0)
        self._runs = _Runs(self._of_word)

    def _asked(self, need: Need, rules: frozenset[str]) -> Asked:
        shape = self._patterns[need.shape].only_words
        needed = self._bit_of(shape) if shape else 0
        in_file = in_unit = needed
        for spelled in (need.words, need.also, need.imports):
            in_file |= self._bit_of(entries_of(spelled)) if spelled else 0
        for spelled in _spoken(need):
            in_unit |= self._bit_of(entries_of(spelled))
        return Asked(need, rules, in_file, in_unit)

    def _bit(self, thing: object) -> int:
        return self._bits.setdefault(thing, 1 << len(self._bits))

    def _bit_of(self, entries: frozenset[Entry]) -> int:
        """Return the bit of a list of words; none where one of them is empty, as that stands in every text."""
        if frozenset() in entries:
            return 0
        bit = self._bit(entries)
        for entry in entries:
            if len(entry) == 1:
                self._of_word[next(iter(entry))] |= bit
            else:
                self._phrases[entry] |= bit
        return bit

    def words_in(self, text: bytes) -> int:
        """Return the bits of all words in `text`, without those of the phrases that they make."""
        return reduce(or_, map(self._runs.__getitem__, runs_in(text)), 0)

    def _with_phrases(self, bits: int) -> int:
        telling = bits & self._telling
        while telling:
            lowest = telling & -telling
            telling ^= lowest
            for phrase, found in self._by_telling[lowest]:
                if bits & phrase == phrase:
                    bits |= found
        return bits

    def rules_in(self, text: bytes, units: Sequence[Unit], texts: Sequence[bytes]) -> list[Set[str]]:
        """Return the rules that can match in each of the units of a file with this text, `texts` being theirs."""
        words = [self.words_in(part) for part in texts]
        met = self.met_by(text, reduce(or_, words, 0))
        matching, beside = ([asked for asked in met if asked.need.beside is kind] for kind in (False, True))
        if not matching:
            return [frozenset()] * len(units)
        parts = list(zip(units, texts, words, strict=True))
        found = [self.rules_for(*part, matching) for part in parts]
        everywhere = frozenset[str]().union(*found)
        beside = [asked for asked in beside if not everywhere.isdisjoint(asked.rules)]
        if not beside:
            return found
        return [own | (self.rules_for(*part, beside) & everywhere) for part, own in zip(parts, found, strict=True)]

    def met_by(self, text: bytes, words: int) -> list[Asked]:
        """Return the needs that a file can meet, by its bytes alone; `words` are the bits of the words in it."""
        bits = self._with_phrases(words)
        lowered = text.lower()
        imports: bytes | None = None
        shapes: dict[str, bool] = {}
        met = []
        for asked in self.asked:
            if bits & asked.in_file != asked.in_file:
                continue
            shape = asked.need.shape
            if shape not in shapes:
                shapes[shape] = self._patterns[shape].is_in(lowered)
            if shapes[shape] and asked.need.import_bytes:
                imports = imports_in(lowered) if imports is None else imports
                if not asked.need.import_bytes.search(imports):
                    continue
            if shapes[shape]:
                met.append(asked)
        return met

    def rules_for(self, unit: Unit, text: bytes, words: int, met: Sequence[Asked]) -> Set[str]:
        """Return the rules that can match in a function with this text, out of those of the needs its file has met."""
        bits = self._with_phrases(words)
        found: set[str] = set()
        lowered = text.lower()
        shapes: dict[str, bool] = {}
        is_walked = False
        for asked in met:
            if bits & asked.in_unit != asked.in_unit or asked.rules <= found:
                continue
            shape = asked.need.shape
            if shape in OWN_BYTES and shape not in shapes and not self._patterns[shape].is_in(lowered):
                shapes[shape] = False
                continue
            if not is_walked:
                walk(unit)  # numbers its nodes: what shapes ask for later is a slice
                is_walked = True
            if _has_shape(asked.need, unit, shapes):
                found |= asked.rules
        return found


def _spoken(need: Need) -> list[tuple[str, ...]]:
    """Return the words out of which one stands in the text of every function that has the shape."""
    anyhow = SPOKEN.get(need.shape, ("words", "also"))
    return [spelled for name in anyhow if (spelled := getattr(need, name))]


def _has_shape(need: Need, unit: Unit, shapes: dict[str, bool]) -> bool:
    """Say whether a function has the shape; `shapes` keeps what is known of it from one need to the next."""
    if need.shape in WORDED_SHAPES and need.words and shapes.get(need.shape, True):
        return WORDED_SHAPES[need.shape][1](unit, need.words, need.also)  # asks for the words itself, in one place
    if need.shape not in shapes:
        shapes[need.shape] = SHAPES[need.shape][1](unit)
    return shapes[need.shape]


def imports_in(lowered: bytes) -> bytes:
    """Return the lines in which something may be imported, those they are continued on included."""
    text = lowered.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in lowered else lowered
    found: list[bytes] = []
    place = text.find(b"import")
    while place >= 0:
        start = text.rfind(b"\n", 0, place)
        while start > 0 and text[start - 1 : start] == b"\\":
            start = text.rfind(b"\n", 0, start)
        end = text.find(b"\n", place)
        while end > 0 and text[end - 1 : end] == b"\\":
            end = text.find(b"\n", end + 1)
        found.append(text[start + 1 : end if end >= 0 else len(text)])
        place = text.find(b"import", end) if end >= 0 else -1
    return b"\n".join(found)


class _Runs(dict[bytes, int]):
    """The bits of a run of letters and digits, worked out at its first use."""

    def __init__(self, of_word: Mapping[bytes, int]) -> None:
        super().__init__()
        self._of_word = of_word

    def __missing__(self, run: bytes) -> int:
        if len(self) > _MOST_RUNS:
            self.clear()
        bits = 0
        for part in parts_of(run):
            bits |= self._of_word.get(part, 0)
        self[run] = bits
        return bits
