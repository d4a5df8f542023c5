"""Signs of a shape: what the text of every function that has it holds, name by name, told before its tree is walked.

A name is a run of letters, digits and underscores, wherever it stands: in code, in a text, in a comment.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Whole:
    """One of some names, in capitals or not."""

    names: frozenset[bytes]


@dataclass(frozen=True)
class Like:
    """A name in which a regular expression finds something."""

    pattern: bytes
    in_any_case: bool = True


@dataclass(frozen=True)
class Flat:
    """A name, in lower case and without its underscores, in which one of some texts stands."""

    texts: frozenset[bytes]


@dataclass(frozen=True)
class Speaking:
    """Words of one name, or the words of a phrase anywhere in the function."""

    words: Collection[str]


@dataclass(frozen=True)
class Listed:
    """One of the words that a need lists, looked for in one of the ways above."""

    list: Literal["words", "also"]
    how: type[Whole] | type[Like] | type[Flat] | type[Speaking] = Speaking


Sign = Whole | Like | Flat | Speaking | Listed
Signs = Sequence[Sequence[Sign]]
"""Ways a function can have a shape: of one of them, all signs are there."""

ANYTHING: Signs = ((),)
WORDS, ALSO = Listed("words"), Listed("also")


def whole(*names: str) -> Whole:
    """Return the sign of one of some names: ``whole("for", "while")``."""
    return Whole(frozenset(name.lower().encode() for name in names))


def like(pattern: str | re.Pattern[str]) -> Like:
    """Return the sign of a name in which `pattern`, which is one for names, finds something; case does not count."""
    text = pattern if isinstance(pattern, str) else pattern.pattern
    return Like(text.encode())


def of_need(listed: Listed, words: Collection[str]) -> Sign:
    """Return the sign of the `words` that a need lists."""
    if listed.how is Whole:
        return whole(*words)
    if listed.how is Flat:
        return Flat(frozenset(word.replace("_", "").lower().encode() for word in words))
    if listed.how is Like:
        return like("|".join(word.replace("_", "_?") if "_" in word else f"^{word}$" for word in words) or "(?!)")
    return Speaking(tuple(words))


Glance = Callable[[ast.AST, bytes], object]


def holding(expression: bytes) -> Glance:
    """Return a look for what an expression finds in the text."""
    search = re.compile(expression).search
    return lambda unit, text: search(text)


@dataclass(frozen=True)
class Shape:
    """A test on one function (or the module's own statements), and what tells that it is of no use."""

    test: Callable[..., bool]
    """Is given the function; that of a worded shape the `words` and `also` of the need as well."""

    signs: Signs = ANYTHING
    glance: Glance | None = None
    """A look at the function and its text, in lower case, which costs less than walking its tree."""

    in_file: Signs = ANYTHING
    """What the file holds, in the function or elsewhere."""

    text_in_file: bytes = b""
