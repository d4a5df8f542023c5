"""Ask a text for a pattern: its plain alternatives are looked up as words or as bytes, which is ten times faster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

_WORD = re.compile(rb"\\b([a-z0-9]+)\\b")
_PLAIN = re.compile(rb"(?:\\b)?((?:[a-z0-9_ ]|\\[.(])+)(?:\\b)?")
_GROUPED = re.compile(rb"\\b\(\?:([a-z0-9|]+)\)\\b")
_PIECE = re.compile(
    rb"(?P<one>[a-z0-9_ ,/\"']|\\[.()\[\]])(?P<maybe>[?*]?)|\(\?:(?P<group>[a-z0-9_|]+)\)(?![?*])|(?P<border>\\b)",
    re.DOTALL,
)
_CHOICE = re.compile(rb"(?:\\.|\[(?:\\.|[^\]])*\]|\((?:\\.|[^)])*\)|[^|(\[])+", re.DOTALL)
_MOST = 40


class Pattern:
    """A regular expression over lower-case bytes, taken apart where it is a choice of plain texts.

    Borders of words are dropped from plain texts, so that it may say yes where the expression itself would not.
    """

    def __init__(self, expression: bytes) -> None:
        """Take the alternatives of `expression` apart."""
        grouped = _GROUPED.fullmatch(expression)
        choices = [rb"\b%s\b" % word for word in grouped[1].split(b"|")] if grouped else _choices(expression)
        words, texts, hints, rest = set[bytes](), list[bytes](), list[bytes](), list[bytes]()
        for choice in choices:
            if found := _WORD.fullmatch(choice):
                words.add(found[1])
            elif found := _PLAIN.fullmatch(choice):
                texts.append(found[1].replace(b"\\", b""))
            else:
                rest.append(choice)
                hints += _needed(choice)
        self._words, self._texts = frozenset(words), tuple(texts)
        self._rest = re.compile(b"|".join(rest)) if rest else None
        self._hints = tuple(dict.fromkeys(hints)) if b"" not in hints else (b"",)
        self.only_words = None if texts or rest else frozenset(frozenset([word]) for word in words)
        """The words that it is a choice of; None where it is more than that."""

    def is_in(self, lowered: bytes) -> bool:
        """Say whether a text can hold the pattern, its words apart where it is made of nothing else."""
        if self.only_words or any(text in lowered for text in self._texts):
            return True
        return self._holds_the_rest(lowered) or any(word in lowered for word in self._words)

    def _holds_the_rest(self, lowered: bytes) -> bool:
        if self._rest is None or not any(text in lowered for text in self._hints):
            return False
        return self._rest.search(lowered) is not None


def _choices(expression: bytes) -> Sequence[bytes]:
    """Split an expression at the bars outside of groups; leave it whole where groups are nested."""
    choices = _CHOICE.findall(expression)
    return choices if choices and b"|".join(choices) == expression else [expression]


def _needed(choice: bytes) -> Sequence[bytes]:
    """Return plain texts, one of which stands wherever `choice` matches; one of them is empty where none can be told.

    >>> sorted(_needed(rb"\\.get\\s*\\("))
    [b'.get']
    >>> sorted(_needed(rb"human_?input"))
    [b'human_input', b'humaninput']
    """
    runs: list[frozenset[bytes]] = [frozenset(map(b"".join, product(*run))) for run in _runs(choice) if run]
    best = max(runs, key=_worth, default=frozenset([b""]))
    return sorted(best)


def _worth(texts: frozenset[bytes]) -> tuple[int, int]:
    """Return how much it says that one of some texts is there: long texts, and few of them, say most."""
    return min(map(len, texts)), -len(texts)


def _runs(choice: bytes) -> Iterator[list[list[bytes]]]:
    """Yield the stretches of an expression in which all is plain, each as the choices for its parts in order."""
    run: list[list[bytes]] = []
    count, place = 1, 0
    while place < len(choice):
        piece = _PIECE.match(choice, place)
        if piece is None or (piece["one"] and piece["maybe"] == b"*"):
            yield run
            run, count = [], 1
            if piece is None and choice[place : place + 1] not in b"\\[.$^":
                return  # repeats or a group: what follows may not be there
            place = _after(choice, place)
            continue
        place = piece.end()
        if piece["border"]:
            continue
        options = piece["group"].split(b"|") if piece["group"] else [piece["one"][-1:]]
        options = [b"", *options] if piece["maybe"] else options
        count *= len(options)
        if count > _MOST:
            yield run
            run, count = [], len(options)
        run.append(options)
    yield run


_ATOM = re.compile(rb"(?:\\.|\[(?:\\.|[^\]])*\]|.)[?*+]?\??", re.DOTALL)


def _after(choice: bytes, place: int) -> int:
    """Return where the next atom ends, with what repeats it."""
    atom = _ATOM.match(choice, place)
    return atom.end() if atom else len(choice)
