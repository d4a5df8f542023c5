"""What rules need of a file and of a function: all signs are looked for at once, in one number with a bit for each."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import or_

from hiveloop_scan.need import Need as Need
from hiveloop_scan.syntax.loop_shapes import WORDED_LOOPS, lines_of_loops
from hiveloop_scan.syntax.name_bits import NameBits
from hiveloop_scan.syntax.shapes import SHAPES, Unit
from hiveloop_scan.syntax.signs import ALSO, WORDS, Glance, Listed, Sign, Speaking, of_need
from hiveloop_scan.syntax.vocabulary import Entry, entries_of, names_in
from hiveloop_scan.syntax.walking import walk
from hiveloop_scan.syntax.worded_shapes import WORDED_SHAPES


@dataclass(frozen=True, eq=False)
class Asked:
    """A need with the rules that have it, and the ways to meet it: what a file and a function have to hold, as bits."""

    need: Need
    rules: frozenset[str]
    ways: tuple[tuple[int, int], ...]
    glance: Glance | None
    text_in_file: Callable[[bytes], object] | None


class Lookout:
    """The needs of all rules."""

    def __init__(self, needs: Mapping[str, Sequence[Need]]) -> None:
        """Give every sign a bit, and every word of a phrase one of its own."""
        self._bits: dict[object, int] = {}
        self._names = NameBits()
        self._phrases: dict[Entry, int] = defaultdict(int)
        owners: dict[Need, set[str]] = defaultdict(set)
        for rule, own in needs.items():
            for need in own:
                owners[need].add(rule)
        self._asked = [self._ask(need, frozenset(rules)) for need, rules in owners.items()]
        self._by_telling: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for phrase, bits in self._phrases.items():
            parts = {word: self._bit(word) for word in phrase}
            for word, bit in parts.items():
                self._names.of_word[word] |= bit
            self._by_telling[parts[max(phrase, key=len)]].append((reduce(or_, parts.values()), bits))
        self._telling = reduce(or_, self._by_telling, 0)

    def _ask(self, need: Need, rules: frozenset[str]) -> Asked:
        shape = SHAPES[need.shape]
        asks_itself = need.shape in WORDED_SHAPES and bool(need.words)
        anywhere = [] if asks_itself else [WORDS, ALSO]
        in_unit = [self._bits_of([*signs, *anywhere], need) for signs in shape.signs]
        in_file = [self._bits_of([*signs, WORDS, ALSO, Speaking(need.imports)], need) for signs in shape.in_file]
        return Asked(
            need,
            rules,
            tuple((unit | file, unit) for unit in in_unit for file in in_file),
            shape.glance,
            re.compile(shape.text_in_file).search if shape.text_in_file else None,
        )

    def _bit(self, thing: object) -> int:
        return self._bits.setdefault(thing, 1 << len(self._bits))

    def _bits_of(self, signs: Iterable[Sign], need: Need) -> int:
        """Return the bits of some signs; a list that the need has not asks for nothing."""
        bits = 0
        for sign in signs:
            if isinstance(sign, Listed):
                listed = getattr(need, sign.list)
                bits |= self._bit_of(of_need(sign, listed)) if listed else 0
            else:
                bits |= self._bit_of(sign)
        return bits

    def _bit_of(self, sign: Sign) -> int:
        if isinstance(sign, Speaking):
            return self._bit_of_entries(entries_of(sign.words))
        bit = self._bit(sign)
        self._names.add(sign, bit)
        return bit

    def _bit_of_entries(self, entries: frozenset[Entry]) -> int:
        """Return the bit of a list of words; none where one of them is empty, as that stands in every text."""
        if not entries or frozenset() in entries:
            return 0
        bit = self._bit(entries)
        for entry in entries:
            if len(entry) == 1:
                self._names.of_word[next(iter(entry))] |= bit
            else:
                self._phrases[entry] |= bit
        return bit

    def words_in(self, text: bytes) -> int:
        """Return the bits of all names in `text`, without those of the phrases that they make."""
        return reduce(or_, map(self._names.__getitem__, names_in(text)), 0)

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
        matching, beside = ([way for way in met if way[1].need.beside is kind] for kind in (False, True))
        if not matching:
            return [frozenset()] * len(units)
        parts = list(zip(units, texts, words, strict=True))
        found = [self.rules_for(*part, matching) for part in parts]
        everywhere = frozenset[str]().union(*found)
        beside = [way for way in beside if not everywhere.isdisjoint(way[1].rules)]
        if not beside:
            return found
        return [own | (self.rules_for(*part, beside) & everywhere) for part, own in zip(parts, found, strict=True)]

    def met_by(self, text: bytes, words: int) -> list[tuple[int, Asked]]:
        """Return the needs that a file can meet, by its bytes alone; `words` are the bits of the names in it.

        Each comes with the bits of a way in which a function may meet it.
        """
        bits = self._with_phrases(words)
        lowered = text.lower()
        imports: bytes | None = None
        met = []
        for asked in self._asked:
            ways = {in_unit for in_file, in_unit in asked.ways if bits & in_file == in_file}
            if not ways:
                continue
            if asked.need.import_bytes:
                imports = imports_in(lowered) if imports is None else imports
                if not asked.need.import_bytes.search(imports):
                    continue
            if asked.text_in_file is None or asked.text_in_file(lowered):
                met += [(way, asked) for way in ways]
        return met

    def rules_for(self, unit: Unit, text: bytes, words: int, met: Sequence[tuple[int, Asked]]) -> Set[str]:
        """Return the rules that can match in a function with this text, out of those of the needs its file has met."""
        bits = self._with_phrases(words)
        found: set[str] = set()
        lowered = b""
        shapes: dict[str, bool] = {}
        is_walked = False
        in_loops: int | None = None
        for asked in dict.fromkeys([asked for way, asked in met if bits & way == way]):
            if asked.rules <= found:
                continue
            if asked.glance is not None:
                lowered = lowered or text.lower()
                if not asked.glance(unit, lowered):
                    continue
            if not is_walked:
                walk(unit)  # numbers its nodes: what shapes ask for later is a slice
                is_walked = True
            if asked.need.shape in WORDED_LOOPS:
                in_loops = self._in_loops(unit, text, bits) if in_loops is None else in_loops
                if not any(in_loops & in_unit == in_unit for _, in_unit in asked.ways):
                    continue
            if _has_shape(asked.need, unit, shapes):
                found |= asked.rules
        return found

    def _in_loops(self, unit: Unit, text: bytes, bits: int) -> int:
        """Return the bits of the names in the loops of a function; those of all names where its lines do not follow."""
        if isinstance(unit, ast.Module):
            return bits
        lines = text.splitlines(keepends=True)
        first = (unit.end_lineno or unit.lineno) - len(lines) + 1
        return self._with_phrases(self.words_in(b"".join(lines_of_loops(unit, lines, first))))


def _has_shape(need: Need, unit: Unit, shapes: dict[str, bool]) -> bool:
    """Say whether a function has the shape; `shapes` keeps what is known of it from one need to the next."""
    if need.shape in WORDED_SHAPES:
        return not need.words or SHAPES[need.shape].test(unit, need.words, need.also)
    if need.shape not in shapes:
        shapes[need.shape] = SHAPES[need.shape].test(unit)
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
