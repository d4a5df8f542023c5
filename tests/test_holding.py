"""A pattern taken apart misses no text that its expression finds."""

import re
from pathlib import Path

import pytest

from hiveloop_scan.syntax.holding import Pattern
from hiveloop_scan.syntax.shapes import SHAPES
from hiveloop_scan.syntax.vocabulary import word_set

TEXTS = [path.read_bytes() for path in sorted(Path(__file__).parent.parent.joinpath("fixtures").rglob("*.py"))]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_expression_of_a_shape_finds_is_found(shape: str) -> None:
    expression = SHAPES[shape][0]
    pattern = Pattern(expression)
    for text in TEXTS:
        for line in (text, *text.splitlines()):
            if re.search(expression, line.lower()):
                assert pattern.may_be_in(line.lower(), word_set(line))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (rb"\bwhile\b", b"meanwhile"),
        (rb"\b(?:for|while)\b", b"form"),
        (rb"queue|deque", b"que"),
        (rb"\.put\b|\.find\(", b"input find"),
        (rb"[<>]=", b"a = b"),
    ],
)
def test_other_texts_are_not_taken_for_it(expression: bytes, text: bytes) -> None:
    assert not Pattern(expression).may_be_in(text, word_set(text))
