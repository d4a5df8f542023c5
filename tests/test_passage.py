"""The source around a finding: numbered, marked, bounded, and never a line of another file."""

import re
from dataclasses import replace

from hiveloop_scan.model import Finding, Span
from hiveloop_scan.report.passage import passage
from tests.test_text_report import FINDING

LINES = [f"line_{number}()" for number in range(1, 201)]


def at(start: int, end: int, **captures: int) -> Finding:
    return replace(FINDING, span=Span(start, 1, end, 9), source_line=LINES[start - 1], captures=captures)


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^[> ] +(\d+) \|", text, re.MULTILINE)]


def test_lines_of_the_finding_are_marked_and_have_neighbours() -> None:
    assert passage(at(10, 11), LINES).splitlines() == [
        "   7 | line_7()",
        "   8 | line_8()",
        "   9 | line_9()",
        "> 10 | line_10()",
        "> 11 | line_11()",
        "  12 | line_12()",
        "  13 | line_13()",
    ]


def test_a_file_ends_where_it_ends() -> None:
    assert numbers(passage(at(1, 2), LINES)) == [1, 2, 3, 4]
    assert numbers(passage(at(200, 200), LINES)) == [197, 198, 199, 200]


def test_of_a_long_finding_both_ends_are_shown_and_the_gap_is_counted() -> None:
    text = passage(at(10, 150), LINES)
    assert numbers(text) == [*range(7, 31), *range(145, 153)]
    assert "\n      | (114 lines left out)\n" in text


def test_of_a_long_finding_the_place_of_the_call_is_shown_too() -> None:
    assert set(range(87, 93)) <= set(numbers(passage(at(10, 150, insert_line=90), LINES)))


def test_a_place_of_the_call_somewhere_else_shows_nothing_more() -> None:
    assert numbers(passage(at(10, 11, insert_line=90), LINES)) == list(range(7, 14))


def test_a_file_that_has_changed_since_shows_only_the_line_that_was_found() -> None:
    changed = ["# new first line", *LINES]
    assert passage(at(10, 11), changed) == "> 10 | line_10()"


def test_a_file_that_cannot_be_read_again_shows_only_the_line_that_was_found() -> None:
    assert passage(at(10, 11), []) == "> 10 | line_10()"


def test_long_lines_are_cut_and_tabs_take_four_columns() -> None:
    lines = ["\tx = " + "y" * 500]
    shown = passage(replace(FINDING, span=Span(1, 1, 1, 9), source_line=lines[0]), lines)
    assert shown.startswith("> 1 |     x = yyy")
    assert shown.endswith("y…")
    assert len(shown) < 180
