"""A pattern taken apart misses no text that its expression finds."""

import re
from pathlib import Path

import pytest

from hiveloop_scan.needs import Lookout, Need
from hiveloop_scan.syntax.holding import Pattern
from hiveloop_scan.syntax.shapes import SHAPES


def is_met(shape: str, text: bytes) -> bool:
    """Say whether a file with this text meets a need for the shape, words included."""
    lookout = Lookout({"rule": [Need(shape)]})
    return bool(lookout.met_by(text, lookout.words_in(text)))


TEXTS = [path.read_bytes() for path in sorted(Path(__file__).parent.parent.joinpath("fixtures").rglob("*.py"))]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_expression_of_a_shape_finds_is_found(shape: str) -> None:
    expression = SHAPES[shape][0]
    pattern = Pattern(expression)
    for text in TEXTS:
        for line in (text, *text.splitlines()):
            if re.search(expression, line.lower()):
                assert pattern.is_in(line.lower())
                assert is_met(shape, line)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (rb"queue|deque", b"que"),
        (rb"\.put\b|\.find\(", b"input find"),
        (rb"[<>]=", b"a = b"),
    ],
)
def test_other_texts_are_not_taken_for_it(expression: bytes, text: bytes) -> None:
    assert not Pattern(expression).is_in(text)


@pytest.mark.parametrize(("shape", "text"), [("while-loop", b"meanwhile"), ("loop", b"form")])
def test_parts_of_other_words_are_not_taken_for_it(shape: str, text: bytes) -> None:
    assert not is_met(shape, text)
