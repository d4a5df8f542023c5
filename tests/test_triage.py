"""Triage loses nothing: what it cuts away could not match, and what it keeps stands where it stood."""

import ast
import codecs
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import libcst as cst
import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import Discovery
from hiveloop_scan.model import Confidence
from hiveloop_scan.needs import Lookout, Need
from hiveloop_scan.scan import Plan
from hiveloop_scan.syntax.depth import depth_of
from hiveloop_scan.triage import MAX_DEPTH, choose, skeleton
from tests.textbook import RETRY, RETRY_LINE, scanned

LOOP = RETRY.partition("\n")[2]
LONG = "X = [\n" + "    1,\n" * 12 + "]"
METHOD = RETRY.replace("def fetch(call", "async def fetch(self, call").replace("\n", "\n    ").rstrip()
ROOMS = {
    "a function": ("", RETRY),
    "an async method": ("class A:\n    x = 1\n\n    ", METHOD),
    "a method of a nested class": ("class A:\n    class B:\n        ", METHOD.replace("\n", "\n    ")),
    "a nested function": ("def f():\n    x = 1\n    ", METHOD),
    "a function under a condition": ("if DEBUG:\n    ", METHOD),
    "the module itself": ("x = 1\n", LOOP.replace("\n    ", "\n").removeprefix("    ")),
    "the body of a class": ("class A:\n", LOOP),
    "after a long literal": (f"{LONG}\n", RETRY),
    "after a literal with code behind it": (f"{LONG}; y = 2\n", RETRY),
    "after a literal on the line of other code": (f"y = 2; {LONG}\n", RETRY),
    "after a function that is cut": ("def g():\n    '''One\n\n    Two'''\n    return [\n1]\n", RETRY),
    "after a function on one line": ("def g(): return [\n    1,\n    2]\n", RETRY),
    "after an odd decorator": ("def g():\n    @(\n        d\n    )\n    def h(): ...\n", RETRY),
    "after a function behind an odd decorator": ("@(\n    d\n)\ndef g():\n    x = 1\n    y = 2\n", RETRY),
    "behind an odd decorator": ("@(\n    d\n    @ e\n)\n", RETRY),
    "behind a decorator with a break": ("@ \\\nd\n", RETRY),
    "behind a head with a break": ("", RETRY.replace("def fetch", "def \\\n    fetch")),
    "after statements that share a line": ("a = 1; b = 2; c = 3\n", RETRY),
    "after a comment with less indentation": ("def g():\n    x = 1\n# odd\n    y = 2\n", RETRY),
    "after a form feed": ("x = 1\n\x0c\n", RETRY),
    "after lines that begin with form feeds": ("def g():\n\x0c    x = 1\n    y = 2\n\x0c", RETRY),
}


@pytest.mark.parametrize(("before", "loop"), ROOMS.values(), ids=ROOMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
def test_a_retry_is_found_in_its_place_with_and_without_triage(before: str, loop: str, newline: str, mark: str) -> None:
    source = before + loop
    line = 1 + source[: source.index("for attempt")].count("\n")
    results = [scanned(mark + source.replace("\n", newline), triage) for triage in (True, False)]
    assert results[0] == results[1]
    assert results[0].errors == ()
    assert [finding.span.line for finding in results[0].findings] == [line]
    assert results[0].findings[0].source_line.lstrip().startswith("for attempt")


def test_triage_loses_nothing_in_the_standard_library_and_the_fixtures() -> None:
    library = [file for file in Path(os.__file__).parent.glob("*.py") if file.stat().st_size < 60_000]
    fixtures = Path(__file__).parent.parent.joinpath("fixtures").rglob("*.py")
    found = Discovery([*sorted(library), *sorted(fixtures)])
    rules = tuple(load_rules())
    with_triage, without = (
        scan(found, Plan(rules, Config(Path.cwd()), Confidence.LOW, triage=triage)) for triage in (True, False)
    )
    assert with_triage.files == len(found.files) > 100
    assert without.findings
    assert with_triage.findings == without.findings
    assert with_triage.errors == without.errors


def cut(source: str, *needs: Need) -> str:
    """Return what triage hands to libcst; "" for nothing."""
    data = source.encode()
    tree = ast.parse(data)
    chosen = choose(data, tree, Lookout({"rule": needs}))
    return skeleton(data, tree, chosen).source.decode() if chosen else ""


def is_met(needs: dict[str, list[Need]], text: bytes) -> bool:
    """Say whether a file with this text meets a need."""
    lookout = Lookout(needs)
    return bool(lookout.met_by(text, lookout.words_in(text)))


def test_functions_that_cannot_match_lose_their_lines() -> None:
    dull, loop = "def f(a):\n    x = 1\n    return x\n\n\n", "def g():\n    for a in b:\n        pass\n"
    assert cut(dull + loop, Need("loop")) == "pass\n\n\n" + loop


def test_a_rule_looks_only_into_functions_that_meet_one_of_its_needs() -> None:
    source = b"def f():\n    for a in b: pass\n\n\n@c\ndef g():\n    try: a()\n    except E: pass\n"
    rest = choose(
        source,
        ast.parse(source),
        Lookout({"loops": [Need("loop")], "tries": [Need("try")], "asks": [Need("self-call")]}),
    )
    assert rest
    assert rest.barred("loops") == frozenset({0, 6})
    assert rest.barred("tries") == frozenset({0, 1})
    assert rest.barred("asks") is None


def test_what_a_match_depends_on_is_kept_beside_it_alone() -> None:
    loop, keeper = "def f():\n    for a in b: pass\n", "def g():\n    self.c = 1\n"
    needs = [Need("loop"), Need("hands-out", beside=True)]
    assert cut(loop + keeper, *needs) == loop + keeper
    assert cut(keeper, *needs) == ""
    assert cut(loop + keeper, needs[0]) == f"{loop}pass\n"


def test_words_of_a_loop_stand_in_it_or_in_a_comment_right_after_it() -> None:
    need = Need("loop-that-tries-or-says", words=("retry",))
    loop = "def f():\n    while a:\n        b()\n"
    assert cut(f"{loop}        # retry\n    c()\n", need)
    assert not cut(f"{loop}    retry()\n", need)


def test_a_file_in_which_nothing_can_match_is_left() -> None:
    assert cut("def f():\n    return 1\n", Need("loop")) == ""


def test_long_data_is_cut_and_long_calls_are_not() -> None:
    data, call = "X = [\n" + "    1,\n" * 20 + "]\n", "Y = [\n" + "    f(),\n" * 20 + "]\n"
    assert cut(data + call, Need("any")) == "pass\n" + call


WORDS = Need("any", words=("try_again", "backoff"))


@pytest.mark.parametrize(
    "text",
    [
        "tryAgain",
        "TRY_AGAIN",
        "'try  --  again'",
        "# try\n    # again\n    1",
        "x.Backoff",
        "back\u00f6off or backoff",
    ],
)
def test_words_are_found_however_they_are_written(text: str) -> None:
    source = f"def f():\n    {text}\n"
    assert is_met({"rule": [WORDS]}, source.encode())
    assert cut(source, WORDS) == source


@pytest.mark.parametrize("text", ["retry", "back_off"])
def test_other_words_are_not_found(text: str) -> None:
    assert not is_met({"rule": [WORDS]}, text.encode())


@pytest.mark.parametrize(
    "line",
    [
        "import tenacity",
        "\ufefffrom tenacity import retry",
        "try: import tenacity",
        "import os, \\\n    tenacity",
        "x = 1; from tenacity.asyncio import c",
        "x = 1\rimport tenacity",
        "\fimport tenacity",
    ],
)
def test_imports_are_found_wherever_they_stand(line: str) -> None:
    source = line.encode().removeprefix(codecs.BOM_UTF8)
    assert is_met({"rule": [Need("any", imports=("tenacity",))]}, source)


SHAPED = {
    "any": "x = 1",
    "loop": "while a: b()",
    "counted-loop-with-try": "for n in range(3):\n    try: a()\n    except E: pass",
    "try": "try: a()\nexcept E: pass",
    "call-again-in-handler": "try: a()\nexcept E: a()",
    "self-call": "def f(): f()",
    "decorated": "@a\nclass B: pass",
}


@pytest.mark.parametrize("shape", SHAPED)
def test_a_shape_is_seen_in_a_module_a_function_and_a_method(shape: str) -> None:
    need, source = Need(shape), SHAPED[shape]
    assert cut(source, need)
    assert cut("def g():\n" + indent(source, "    "), need)
    assert cut("class C:\n    def g(self):\n" + indent(source, "        "), need)


DEEP: dict[str, Callable[[int], str]] = {
    "a branch": lambda n: "if a: pass\n" + "elif a: pass\n" * n,
    "a sum": lambda n: "x = " + "a + " * n + "a\n",
    "a choice": lambda n: "x = " + "a or " * n + "a\n",
    "a chain of calls": lambda n: "x = a" + ".b()" * n + "\n",
    "a text in pieces": lambda n: "x = (" + "'a' " * n + ")\n",
    "a text in pieces on lines": lambda n: "x = f(\n" + "    f'{a}'  # it's\n" * n + ")\n",
    "a long import": lambda n: "import a" + ".b" * n + "\n",
    "a long origin": lambda n: "from a" + ".b" * n + " import c\n",
    "a chain of for": lambda n: "x = [a " + "for a in b " * n + "]\n",
    "a default": lambda n: "def f(a=" + "b + " * n + "b): pass\n",
    "a decorator": lambda n: "@a" + ".b" * n + "\ndef f(): pass\n",
    "a base": lambda n: "class A(" + "b + " * n + "b):\n    x = 1\n",
    "a body": lambda n: "def f():\n    x = " + "a + " * n + "a\n",
    "an attribute of a class": lambda n: "class A:\n    x = " + "a + " * n + "a\n    y = 1\n",
}


LEFT_OUT = re.compile(r"lines [12]-\d+: nested more than 250 levels deep, left out; the rest .* was scanned")


@pytest.mark.parametrize("many", [600, 3000])
@pytest.mark.parametrize("kind", DEEP)
def test_what_is_too_deep_for_libcst_is_left_out_with_a_note_and_the_rest_scanned(kind: str, many: int) -> None:
    deep = DEEP[kind](many)
    for triage in (True, False):
        result = scanned(deep + RETRY, triage)
        problems = [error.message for error in result.errors]
        if problems == ["nested too deeply for Python's own parser"]:
            continue
        assert len(problems) == 1 or (triage and not problems)  # triage cuts functions that cannot match unsaid
        assert all(LEFT_OUT.fullmatch(problem) for problem in problems)
        assert [finding.span.line for finding in result.findings] == [deep.count("\n") + RETRY_LINE]


def test_what_is_too_deep_and_shares_its_line_takes_the_file_with_it() -> None:
    result = scanned("y = 1; x = " + "a or " * 600 + "a\n" + RETRY)
    assert [error.message for error in result.errors] == [
        "lines 1-1: nested more than 250 levels deep, left out with the rest of the file"
    ]


@pytest.mark.parametrize(
    "text",
    ["x = '''" + 'don\'t "do" it\n' * 400 + "'''", "x = [" + "'a', " * 9000 + "]", "x = a" + " < a" * 9000],
)
def test_what_is_only_long_is_not_deep(text: str) -> None:
    assert depth_of(ast.parse(text), text.encode().splitlines(keepends=True)) < 10


@pytest.mark.parametrize(
    ("opening", "closing", "many"),
    [
        ("a[", "]", 190),
        ("f(", ")", 190),
        ("{1: ", "}", 190),
        ("[", "]", 190),
        ("f(k=", ")", 120),
        ("(lambda a=", ": 0)", 120),
        ("a[0:", "]", 120),
        ("[a for a in ", "]", 80),
    ],
)
def test_what_triage_lets_through_does_not_run_out_of_stack(opening: str, closing: str, many: int) -> None:
    nested = f"x = {opening * many}0{closing * many}\n"
    assert depth_of(ast.parse(nested), [nested.encode()]) < MAX_DEPTH
    result = scanned("def f():\n    " + nested + "    " + RETRY.replace("\n", "\n    "))
    assert result.errors == ()
    assert len(result.findings) == 1


def test_the_most_that_triage_lets_through_is_no_danger_to_libcst() -> None:
    for make in DEEP.values():
        many = next(n for n in range(MAX_DEPTH, 0, -1) if depth_of(ast.parse(make(n)), [b""]) <= MAX_DEPTH)
        assert cst.parse_module(make(many)).code == make(many)


def test_libcst_stays_out_of_what_triage_can_answer(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1\n", "utf-8")
    code = "from hiveloop_scan.cli import app; app(['report', 'plain.py'], standalone_mode=False)"
    code = f"import sys; {code}; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


SAYS = Need("says", words=("human_review",))


@pytest.mark.parametrize(
    "said",
    ["x.human_review = 1", "f(human_review=1)", "human.review()", "f('to human review')", "f(f'human {a}review')"],
)
def test_words_are_said_by_names_and_texts(said: str) -> None:
    assert cut(f"def f():\n    {said}\n", SAYS)


@pytest.mark.parametrize(
    "silent", ["'for human review'", "x = 1  # human review", "human, review = a", "f('human', 'review')"]
)
def test_pages_comments_and_words_apart_say_nothing(silent: str) -> None:
    assert not cut(f"def f():\n    {silent}\n", SAYS)
