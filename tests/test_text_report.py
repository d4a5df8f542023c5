"""What people read: places, excerpts, evidence and totals, at every width and with every kind of text."""

from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from hiveloop_scan.model import Confidence, Evidence, FileError, Finding, Report, Span
from hiveloop_scan.report.excerpt import excerpt
from hiveloop_scan.report.page import print_page
from hiveloop_scan.report.paper import UNLIMITED, PlainPaper
from hiveloop_scan.report.styled_paper import StyledPaper
from hiveloop_scan.report.text import print_report

FINDING = Finding(
    path="src/agent.py",
    span=Span(41, 9, 58, 20),
    rule="unreported-retry-loop",
    method="retry",
    confidence=Confidence.HIGH,
    evidence=(Evidence("loop-counts-attempts", 2), Evidence("sleeps-before-the-next-attempt", 1)),
    message="`client.get` is tried again after a failure, and HiveBoard is not told",
    symbol="Agent.fetch",
    captures={"operation": "client.get"},
    source_line="        for attempt in range(3):",
)


def report_of(*findings: Finding, **facts: Any) -> Report:
    return replace(Report(findings, (), files=3, lines=1200, seconds=0.25), **facts)


def printed(report: Report, width: int = 1000, statistics: bool = False) -> str:
    console = Console(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
    print_report(report, StyledPaper(console), statistics)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def piped(report: Report, encoding: str = "utf-8", statistics: bool = False) -> str:
    paper = PlainPaper(encoding)
    print_report(report, paper, statistics)
    return paper.written()


def at(line: str, marked: str) -> Finding:
    """Return a finding that spans `marked` in `line`."""
    start = line.index(marked)
    return replace(FINDING, source_line=line, span=Span(41, start + 1, 41, start + 1 + len(marked)))


def cells_of_underline(text: str) -> tuple[int, int]:
    """Return where the underline begins and how long it is."""
    under = next(line for line in text.splitlines() if "^" in line)
    return cell_len(under[: under.index("^")]), under.count("^")


def test_a_finding_is_shown_with_place_confidence_reason_code_and_evidence() -> None:
    assert printed(report_of(FINDING)).splitlines()[:6] == [
        "src/agent.py:41:9:  high  retry  unreported-retry-loop  in Agent.fetch",
        "  `client.get` is tried again after a failure, and HiveBoard is not told",
        "    41 │ for attempt in range(3):",
        "       │ ^^^^^^^^^^^^^^^^^^^^^^^^",
        "  because  loop counts attempts, sleeps before the next attempt",
        "",
    ]


def test_facts_that_speak_against_a_finding_are_told_apart() -> None:
    doubtful = replace(FINDING, evidence=(Evidence("loop-counts-attempts", 2), Evidence("polls-a-state", -3)))
    assert "  because  loop counts attempts\n  against  polls a state\n" in printed(report_of(doubtful))


def test_findings_of_one_file_form_one_block() -> None:
    second = replace(FINDING, span=Span(80, 1, 81, 1))
    other = replace(FINDING, path="src/other.py")
    blocks = printed(report_of(FINDING, second, other)).split("\n\n")
    assert [block.count(":  high") for block in blocks[:2]] == [2, 1]


def test_code_outside_any_function_has_no_symbol() -> None:
    assert " in " not in printed(report_of(replace(FINDING, symbol=""))).splitlines()[0]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    wordy = replace(FINDING, path="a.py", rule="r", symbol="", source_line="        for " + "x" * 500)
    evidence = tuple(Evidence(f"fact-number-{number}", 1) for number in range(20))
    text = printed(report_of(replace(wordy, evidence=evidence)), width)
    assert max(cell_len(line) for line in text.split("\n\n")[0].splitlines()) <= width


def test_a_place_too_long_for_the_terminal_keeps_its_line_whole() -> None:
    lines = printed(report_of(replace(FINDING, path="src/" + "deep/" * 20 + "agent.py")), 80).splitlines()
    assert lines[0].endswith("deep/agent.py:41:9:")
    assert lines[1] == "  high  retry  unreported-retry-loop  in Agent.fetch"


def test_lines_that_go_on_begin_under_the_first_word() -> None:
    lines = printed(report_of(FINDING), 40).splitlines()
    start = next(number for number, line in enumerate(lines) if "because" in line)
    assert lines[start : start + 2] == [
        "  because  loop counts attempts, sleeps",
        "           before the next attempt",
    ]


def test_no_line_ends_in_blanks() -> None:
    text = printed(report_of(FINDING, replace(FINDING, path="b.py")), 40, statistics=True)
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "    value = fetch(order)",
        '    text = "数据库连接", fetch(order)',
        '    icon = "🚀🔥", fetch(order)',
        "\tif ready:\tfetch(order)",
        "\t\tfetch(order)\t# again",
        '    bell = "\x1b[31m\x07", fetch(order)',
        '    accent = "e\u0301", fetch(order)',
    ],
)
def test_the_underline_stands_under_the_marked_code(line: str) -> None:
    text = printed(report_of(at(line, "fetch(order)")))
    code = next(shown for shown in text.splitlines() if "│" in shown)
    assert cells_of_underline(text) == (cell_len(code[: code.index("fetch(")]), len("fetch(order)"))


def test_the_underline_of_wide_characters_is_wide() -> None:
    assert cells_of_underline(printed(report_of(at("x = 获取(订单)", "获取(订单)"))))[1] == 10


def test_code_that_goes_on_in_other_lines_is_underlined_to_the_end_of_its_first() -> None:
    opened = replace(FINDING, source_line="    while True:  # again  ", span=Span(4, 5, 9, 1))
    assert cells_of_underline(printed(report_of(opened)))[1] == len("while True:  # again")


def test_an_empty_line_still_gets_a_caret() -> None:
    assert cells_of_underline(printed(report_of(replace(FINDING, source_line=""))))[1] == 1


def test_a_long_line_is_cut_around_the_marked_code() -> None:
    line = "    table = [" + "1, " * 200 + "fetch(order), " + "2, " * 200 + "]"
    text = printed(report_of(at(line, "fetch(order)")), 80)
    code = next(shown for shown in text.splitlines() if "│" in shown)
    assert "│ …" in code
    assert code.endswith("…")
    assert cells_of_underline(text) == (code.index("fetch(order)"), len("fetch(order)"))


def test_a_long_line_is_cut_where_there_is_no_terminal_too() -> None:
    assert max(map(len, printed(report_of(at("x = " + "y" * 5000, "x")), 100_000).splitlines())) < 220


CODE = st.text(st.characters(exclude_categories=("Mn", "Cf")), max_size=60)
"""Without signs that change the width of their neighbours."""


@given(CODE, CODE, CODE, st.integers(20, 60))
def test_an_excerpt_is_never_wider_than_its_room(before: str, marked: str, after: str, cells: int) -> None:
    span = Span(1, len(before) + 1, 1, len(before) + len(marked) + 1)
    code = excerpt(replace(FINDING, source_line=before + marked + after, span=span), cells)
    assert cell_len(code.before) + cell_len(code.marked) + cell_len(code.after) <= cells


@given(st.text(min_size=1))
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    hostile = replace(FINDING, path=text, source_line=text, message=text, symbol=text, span=Span(1, 1, 1, 5))
    shown = printed(report_of(hostile, errors=(FileError(text, text),)), statistics=True)
    assert not [letter for letter in shown if letter != "\n" and (letter < " " or "\x7f" <= letter < "\xa0")]


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(Confidence))
def test_a_pipe_gets_what_a_terminal_without_colours_and_end_would_show(
    text: str, other: str, confidence: Confidence
) -> None:
    finding = replace(FINDING, path=text, source_line=other, message=other, symbol=text, confidence=confidence)
    report = report_of(FINDING, finding, errors=(FileError(text, other),), suppressed=2, skipped={"test": 4})
    assert piped(report, statistics=True) == printed(report, UNLIMITED, statistics=True)


def test_a_pipe_that_cannot_take_a_letter_gets_it_spelled_out() -> None:
    assert "'caf\\xe9'" in piped(report_of(at("x = fetch('café')", "fetch")), "ascii")


def test_what_turns_the_reading_direction_is_spelled_out() -> None:
    text = printed(report_of(at('access = "user\u202e\u2066# admin"', "access")))
    assert "\\u202e\\u2066# admin" in text


def test_files_that_could_not_be_scanned_are_listed_with_the_reason() -> None:
    text = printed(report_of(errors=(FileError("src/old.py", "syntax error: invalid syntax (line 3)"),)))
    assert text.startswith("src/old.py: error: syntax error: invalid syntax (line 3)\nwhat is in it is not known: ")
    assert text.endswith("; 1 error\n")


def test_totals_are_aligned_by_method_and_name_the_confidences() -> None:
    doubtful = replace(FINDING, confidence=Confidence.MEDIUM)
    findings = [FINDING, doubtful, *[replace(FINDING, method="escalate")] * 10]
    text = printed(report_of(*findings))
    assert "\n\nescalate  10  (10 high)\nretry      2  (1 high, 1 medium)\n\n12 missing calls in 1 of 3 files " in text


def test_the_last_line_says_how_much_was_looked_at() -> None:
    last = printed(report_of(FINDING)).splitlines()[-1]
    assert last == "1 missing call in 1 of 3 files (1,200 lines in 0.2 s)"


def test_nothing_found_is_said_in_one_friendly_line() -> None:
    assert printed(report_of()) == "no missing calls found in 3 files (1,200 lines in 0.2 s)\n"


def test_no_files_is_said_with_what_to_do() -> None:
    text = printed(report_of(files=0, lines=0))
    assert text == "no Python files found: name a file, or a folder that holds some\n"


def test_silenced_findings_and_left_out_paths_are_counted() -> None:
    text = printed(report_of(suppressed=2, skipped={"test": 4, "ignored by git": 9}))
    assert "2 findings silenced by comments\n13 paths left out: 9 ignored by git, 4 test\n" in text


def test_statistics_count_rules_and_files() -> None:
    findings = [FINDING, FINDING, replace(FINDING, path="src/b.py", rule="unreported-second-try")]
    text = printed(report_of(*findings), statistics=True)
    assert "by rule\n  2  unreported-retry-loop\n  1  unreported-second-try\n" in text
    assert "by file\n  2  src/agent.py\n  1  src/b.py\n" in text


def test_statistics_name_only_the_files_with_most_findings() -> None:
    findings = [replace(FINDING, path=f"src/{number:02}.py") for number in range(15)]
    text = printed(report_of(*findings), statistics=True).partition("by file")[2]
    assert text.startswith(", the first 10 of 15\n")
    assert text.count(".py\n") == 10


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    stream = TextIOWrapper(BytesIO(), "ascii")
    long = replace(FINDING, source_line="for " + "x" * 500, span=Span(1, 1, 2, 1))
    print_report(report_of(long), StyledPaper(Console(file=stream, width=60)))
    stream.seek(0)
    assert "xxx...\n      | ^^^" in stream.read()


def test_a_page_is_laid_out_on_a_terminal_with_a_caption_for_each_example() -> None:
    console = Console(file=StringIO(), width=80, force_terminal=True, color_system=None)
    print_page("# a-rule\n\nWhy.\n\n```python before\nx = 1\n```\n\n```python ok\ny = 2\n```\n", console)
    assert isinstance(console.file, StringIO)
    words = " ".join(console.file.getvalue().split())
    assert "Why. reported: x = 1 not reported: y = 2" in words


def test_a_page_is_left_as_it_is_where_there_is_no_terminal() -> None:
    console = Console(file=StringIO(), width=80)
    print_page("# a-rule\n\n```python before\n[bold]\n```\n", console)
    assert isinstance(console.file, StringIO)
    assert console.file.getvalue() == "# a-rule\n\n```python before\n[bold]\n```\n"
