"""What has a shape has its signs: triage would not see it otherwise."""

from __future__ import annotations

import ast
import re
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.needs import Lookout, Need
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.shapes import SHAPES
from hiveloop_scan.syntax.vocabulary import words_of
from hiveloop_scan.syntax.worded_shapes import WORDED_SHAPES

ROOT = Path(__file__).parent.parent
LIBRARY = Path(sysconfig.get_path("stdlib"))
NEEDS = sorted({need for rule in load_rules() for need in rule.needs}, key=repr)
ENOUGH = 200
NOT_TESTED = {
    "call-again-in-branch": ("also",),
    "put-in-failure": ("also",),
    "same-argument-in-handler": ("also",),
    "handing-name": ("words",),
    "sending-call": ("words",),
}
"""Lists of words that a need wants to stand anywhere in the function: no matter of the shape's test, or not always."""

ASKED_ELSEWHERE = {"sdk-use", "any", "renamed-retry", "loop-that-tries-or-says"}
"""Shapes that are asked of more or less than a function: of its file, or of the words in its loops."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> Iterator[str]:
    """Yield the fixtures, the examples on the rules' pages, some of our own code and some of the standard library."""
    own = [ROOT / folder for folder in ("fixtures", "hiveloop_scan/verify")]
    for folder in (*own, *(LIBRARY / name for name in ("asyncio",))):
        for path in sorted(folder.rglob("*.py")):
            yield path.read_text("utf-8")
    for page in sorted((ROOT / "rules").glob("*/README.md")):
        yield from re.findall(r"^```python.*?\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


@cache
def functions() -> list[tuple[Function, bytes]]:
    """Return the outermost functions of all sources, each with its text."""
    found = []
    for text in sources():
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, Function):
                lines = text.splitlines(keepends=True)
                start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                found.append((node, "".join(lines[start - 1 : node.end_lineno]).encode()))
    return found


def has_shape(need: Need, function: Function, text: bytes) -> bool:
    if need.shape not in WORDED_SHAPES:
        return SHAPES[need.shape].test(function)
    if any(not mentions(text.decode(), getattr(need, name)) for name in NOT_TESTED.get(need.shape, ())):
        return False
    return not need.words or SHAPES[need.shape].test(function, need.words, need.also)


@cache
def lookout_for(need: Need) -> Lookout:
    return Lookout({"rule": [need]})


def is_asked(need: Need, function: Function, text: bytes) -> bool:
    """Say whether triage finds that a function may meet a need, in a file that holds all other words as well."""
    lookout = lookout_for(need)
    words = "\n".join((*need.words, *need.also)).encode()
    file = b"\n".join([text, words, b"completions bind_tools self.llm"])
    met = lookout.met_by(file, lookout.words_in(file))
    return bool(lookout.rules_for(function, text, lookout.words_in(text), met))


@pytest.mark.parametrize("shape", sorted({need.shape for need in NEEDS} - ASKED_ELSEWHERE))
def test_what_has_a_shape_has_its_signs(shape: str) -> None:
    for need in (need for need in NEEDS if need.shape == shape):
        seen = 0
        bare = Need(shape, need.words, need.also) if shape in WORDED_SHAPES else Need(shape)
        for function, text in functions():
            if seen < ENOUGH and has_shape(bare, function, text):
                seen += 1
                assert is_asked(bare, function, text), (bare, text.decode())


def test_words_of_a_name_are_told_by_underscores_and_capitals() -> None:
    assert words_of(b"maxRetries_2") >= {b"max", b"retries", b"2"}
    assert b"ping" not in words_of(b"mapping")


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("while-loop", "meanwhile = 1"),
        ("loop", "form = 1"),
        ("retry-method-call", "retrying()"),
        ("try", "exceptional()"),
    ],
)
def test_parts_of_other_words_are_no_signs(shape: str, text: str) -> None:
    function = ast.parse(f"def f():\n    {text}\n").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert not is_asked(Need(shape), function, text.encode())
