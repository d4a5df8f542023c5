"""`lint --fix` does the same to the examples of all pages however their text is laid out."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from textwrap import indent

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.fix.mending.table import MENDERS
from tests.examples import blocks_of
from tests.mended import mended

RULES = [rule for rule in load_rules() if rule.name in MENDERS]
EXAMPLES = [
    pytest.param(
        before.source, after.source, rule.applicability == "unsafe", rule.name, id=f"{rule.name}: {before.title}"
    )
    for rule in RULES
    for before, after in pairwise(blocks_of(rule.readme))
    if after.kind == "after"
]
WRONG = [block for rule in RULES for block in blocks_of(rule.readme) if block.kind == "before"]
every_example = pytest.mark.parametrize(("before", "after", "unsafe", "rule"), EXAMPLES)


def with_tabs(source: str) -> str:
    return re.sub(r"^(?: {4})+", lambda found: "\t" * (len(found[0]) // 4), source, flags=re.MULTILINE)


def with_line_ends_of_windows(source: str) -> str:
    return source.replace("\n", "\r\n")


def in_a_block(source: str) -> str:
    return f"import os\n\nif os.environ:\n{indent(source, '    ')}"


@every_example
@pytest.mark.parametrize("laid_out", [with_tabs, with_line_ends_of_windows, in_a_block])
def test_a_layout_changes_nothing(
    laid_out: Callable[[str], str], before: str, after: str, unsafe: bool, rule: str, tmp_path: Path
) -> None:
    assert mended(laid_out(before), tmp_path, unsafe, rule) == laid_out(after)


@every_example
def test_every_comment_stays(before: str, after: str, unsafe: bool, rule: str, tmp_path: Path) -> None:
    numbers = iter(range(1_000))
    commented = re.sub(r"(?<=\S)$", lambda _: f"  # {next(numbers)}", before, flags=re.MULTILINE)
    found = mended(commented, tmp_path, unsafe, rule)
    assert sorted(re.findall(r"# (\d+)", found)) == sorted(re.findall(r"# (\d+)", commented))
    stays = rule == "track-above-classmethod"  # a comment beside a decorator may speak of its place
    assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(before if stays else after))


@pytest.mark.parametrize("seed", range(10))
def test_examples_in_one_file_are_mended_in_one_run(seed: int, tmp_path: Path) -> None:
    some = random.Random(seed).sample(WRONG, 5)
    source = "\n\n".join(block.source for block in some)
    once = mended(source, tmp_path, unsafe=True)
    assert mended(once, tmp_path, unsafe=True) == once
    assert once != source
