"""Generated calls in a hostile world: they change nothing of what code does, and pass only what JSON can carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.codemod import Wish, propose
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan
from tests.examples import blocks_of
from tests.generated_module import load_module
from tests.hostile import Telling, live

RULES = tuple(rule for rule in load_rules() if rule.kind == "missing")
MISUSE = tuple(rule for rule in load_rules() if rule.kind == "misuse")


@dataclass(frozen=True)
class Written:
    """An example of a rule's page without and with the calls that `apply` wrote, and their methods."""

    name: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    methods: tuple[str, ...]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the module that `init` writes."""
    return load_module(tmp_path_factory.mktemp("board"))


class Examples(list[Written]):
    """What was written into all examples, in one style."""

    def __repr__(self) -> str:
        return f"{len(self)} examples"


@pytest.fixture(scope="module", params=list(Style), ids=str)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Examples:
    """Return the examples of the rules' pages into which calls were written."""
    return examples(tmp_path_factory.mktemp("examples"), request.param)


def examples(folder: Path, style: Style) -> Examples:
    load_module(folder)
    for rule in RULES:
        for number, block in enumerate(blocks_of(rule.readme)):
            if block.kind == "before":
                (folder / f"{rule.name.replace('-', '_')}_{number}.py").write_text(block.source, "utf-8")
    plan = Plan(RULES, Config(folder), Confidence.MEDIUM)
    proposal = propose(discover([folder]), [], plan, Wish(style, unsafe=True))
    return Examples(
        Written(
            change.path.stem,
            change.before.decode(),
            change.after.decode(),
            tuple(outcome.finding.method for outcome in change.outcomes if outcome.is_written),
        )
        for change in proposal.changed
    )


@contextmanager
def telling(board: Any, subject: Telling | None) -> Iterator[None]:
    """Make `subject` the current task and agent."""
    tokens = board.set_current_task(subject), board.set_hiveloop_agent(subject)
    yield
    board.clear_current_task(tokens[0])
    board.clear_hiveloop_agent(tokens[1])


QUIET = pytest.mark.filterwarnings("ignore:coroutine", "ignore::pytest.PytestUnraisableExceptionWarning")
"""Coroutines that nobody awaits belong to such a world."""


@QUIET
@pytest.mark.parametrize("raises", [None, False, True], ids=["no task", "a task", "a task that raises"])
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_code_does_the_same_with_its_calls_whatever_happens(
    raises: bool | None, written: Examples, board: Any, seed: int
) -> None:
    for example in written:
        subject = None if raises is None else Telling(raises)
        expected = live(example.before, seed, board)
        with telling(board, subject):
            assert live(example.after, seed, board) == expected, example.name
        assert subject is None or not subject.unfit, example.name


@QUIET
def test_each_method_that_is_written_is_told(written: Examples, board: Any) -> None:
    subject = Telling(raises=False)
    with telling(board, subject):
        for seed in range(20):
            for example in written:
                live(example.after, seed, board)
    methods = {method for example in written for method in example.methods} - {"queue_provider"}
    assert methods <= set(subject.told), subject.told


def test_what_is_written_is_no_misuse_of_the_sdk(written: Examples, tmp_path: Path) -> None:
    plan = Plan(MISUSE, Config(tmp_path), Confidence.MEDIUM)
    found = []
    for text in ("before", "after"):
        for example in written:
            (tmp_path / f"{example.name}.py").write_text(getattr(example, text), "utf-8")
        found.append(Counter(finding.rule for finding in scan(discover([tmp_path]), plan).findings))
    assert found[0] == found[1]
