"""Comments silence findings where they stand, and nowhere else."""

import pytest

from hiveloop_scan.suppressions import silencing, suppressions
from tests.textbook import RETRY, RETRY_LINE, scanned

RULE = "unreported-retry-loop"


def silenced_lines(source: str, rule: str = RULE) -> list[int]:
    found = suppressions(source.split("\n"))
    return [line for line in range(1, source.count("\n") + 2) if silencing(found, line, rule)]


@pytest.mark.parametrize(
    "comment",
    [
        f"# hiveloop: ignore[{RULE}]",
        f"# hiveloop: ignore[{RULE}] -- the caller reports it",
        f"#hiveloop:ignore[ other , {RULE} ]: the caller reports it",
        "# hiveloop: ignore",
        "# hiveloop: ignore -- the caller reports it",
        f"# noqa: B007  # hiveloop: ignore[{RULE}]",
    ],
)
def test_a_comment_silences_its_line(comment: str) -> None:
    assert silenced_lines(f"a = 1\nb = 2  {comment}\nc = 3\n") == [2]


@pytest.mark.parametrize(
    "comment",
    [
        "# hiveloop: ignore[other]",
        "# hiveloop: ignore[]",
        "# hiveloop: ignore[unreported",
        "# hiveloop: ignored",
        "# hiveloop ignore",
        f"# hiveloop: ignore[{RULE}-twice]",
    ],
)
def test_other_comments_silence_nothing(comment: str) -> None:
    assert silenced_lines(f"a = 1\nb = 2  {comment}\nc = 3\n") == []


def test_text_that_looks_like_a_comment_silences_nothing() -> None:
    assert silenced_lines('a = "# hiveloop: ignore"\nb = """\n# hiveloop: ignore\n"""\n') == []


def test_a_comment_on_its_own_silences_the_next_line_of_code() -> None:
    assert silenced_lines("# hiveloop: ignore\n\n# why\na = 1\nb = 2\n") == [4]


def test_a_comment_inside_a_block_silences_the_next_line_of_code() -> None:
    assert silenced_lines("if a:\n    b = 1\n    # hiveloop: ignore\nc = 2\nd = 3\n") == [4]


def test_a_comment_above_decorators_silences_the_definition_too() -> None:
    assert silenced_lines("# hiveloop: ignore\n@a(\n    1,\n)\n@b\ndef f():\n    pass\n") == [2, 3, 4, 5, 6]


def test_a_comment_at_the_end_of_a_statement_silences_all_its_lines() -> None:
    assert silenced_lines("for a in b(\n    1,\n):  # hiveloop: ignore\n    pass\n") == [1, 2, 3]


def test_a_comment_behind_a_long_text_silences_all_its_lines() -> None:
    assert silenced_lines('a = """\ntext\n"""  # hiveloop: ignore\nb = 1\n') == [1, 2, 3]


def test_a_comment_inside_a_statement_silences_one_line_of_it() -> None:
    source = "call(\n    1,  # hiveloop: ignore\n    2,\n    # hiveloop: ignore\n    3,\n)\n"
    assert silenced_lines(source) == [2, 5]


def test_two_comments_add_up() -> None:
    source = "# hiveloop: ignore[one]\na = 1  # hiveloop: ignore[two]\n"
    assert (silenced_lines(source, "one"), silenced_lines(source, "two")) == ([2], [2])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_silenced_finding_is_counted_and_not_shown(newline: str, mark: str) -> None:
    source = mark + RETRY.replace("range(3):", f"range(3):  # hiveloop: ignore[{RULE}] -- tested")
    result = scanned(source.replace("\n", newline))
    assert (result.findings, result.suppressed, result.errors) == ((), 1, ())


def test_the_finding_next_to_a_silenced_one_stays() -> None:
    result = scanned(f"# hiveloop: ignore\n{RETRY}{RETRY.replace('fetch', 'load')}")
    assert [finding.span.line for finding in result.findings] == [RETRY_LINE + 1, RETRY_LINE + 7]
    first = RETRY.replace("    for", "    # hiveloop: ignore\n    for")
    silenced = scanned(first + RETRY.replace("fetch", "load"))
    assert [finding.symbol for finding in silenced.findings] == ["load"]
