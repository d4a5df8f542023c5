"""Where the time goes, for --profile: seconds by phase, rule and file, added up in each process; off otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Timing:
    """Seconds by name."""

    phases: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    def add(self, other: Timing) -> None:
        """Add what another process has measured."""
        self.phases.update(other.phases)
        self.rules.update(other.rules)
        self.files.update(other.files)


_current: list[Timing] = []


@contextmanager
def measuring() -> Iterator[Timing]:
    """Measure what happens in this process until the end of the block."""
    timing = Timing()
    _current.append(timing)
    try:
        yield timing
    finally:
        _current.remove(timing)


def phase(name: str) -> AbstractContextManager[None]:
    """Add the time of a block to a phase."""
    return _timed("phases", name) if _current else _UNTIMED


def rule_time(name: str) -> AbstractContextManager[None]:
    """Add the time of a block to a rule."""
    return _timed("rules", name) if _current else _UNTIMED


def file_time(name: str) -> AbstractContextManager[None]:
    """Add the time of a block to a file."""
    return _timed("files", name) if _current else _UNTIMED


_UNTIMED = nullcontext()


@contextmanager
def _timed(table: str, name: str) -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        getattr(_current[-1], table)[name] += perf_counter() - started
