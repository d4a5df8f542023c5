"""Text of unknown origin stays a quotation in Markdown, and hides nothing."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiveloop_scan.report.quoting import code_span, cut, fence_around, plain

TICKED = st.text(st.sampled_from("`ab \n"), max_size=40)
"""Much of what could end a code span or a block."""


@given(TICKED | st.text(max_size=40))
def test_a_code_span_ends_where_its_last_backticks_are_and_nowhere_before(text: str) -> None:
    span = code_span(text)
    opening = re.match("`+", span)
    assert opening
    runs = re.findall("`+", span)
    assert (runs[0], runs[-1], runs.count(opening[0])) == (opening[0], opening[0], 2)


@given(st.text(max_size=40))
def test_a_code_span_is_one_line_of_signs_that_can_be_seen(text: str) -> None:
    assert all(unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl") for letter in code_span(text))


@given(TICKED)
def test_a_fence_is_longer_than_every_run_of_backticks_inside(text: str) -> None:
    fence = fence_around(text)
    assert fence not in text
    assert len(fence) >= 3


def test_a_text_that_starts_or_ends_with_a_backtick_is_kept_apart_from_the_quotes() -> None:
    assert code_span("`a`") == "`` `a` ``"


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb", "a\\nb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("a\U000e0041b", "a\\U000e0041b"),
        ("a\ufe01b", "a\\ufe01b"),
        ("a\U000e0101b", "a\\U000e0101b"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(hidden: str, shown: str) -> None:
    assert plain(hidden) == shown


@pytest.mark.parametrize("text", ["订单 = 获取()", "naïve = 'é'", "🚀 = 1", "x\u0301"])
def test_letters_of_every_language_stay_as_they_are(text: str) -> None:
    assert plain(text) == text


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_cut_text_is_as_long_as_asked_for_and_says_that_it_was_cut(text: str, most: int) -> None:
    short = cut(text, most)
    assert short == text if len(text) <= most else (len(short), short[-1]) == (most, "…")
