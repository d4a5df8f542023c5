"""What the processes of a run have noted, as `hiveloop_scan_child.journal` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiveloop_scan.verify.records import CallSite, call_site


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what happened in which process, and when (seconds of the clock)."""

    kind: str
    process: int
    at: float
    data: dict[str, Any]

    @property
    def site(self) -> CallSite | None:
        """The line of the program, where one is known."""
        return call_site(self.data["site"])


def read_journal(folder: Path) -> list[Fact]:
    """Return all that was noted, in the order of time; a line that a killed process has left unfinished is left out."""
    facts = [fact for path in folder.glob("*.jsonl") for fact in _facts_of(path)]
    return sorted(facts, key=lambda fact: fact.at)


def of_kind(facts: Sequence[Fact], kind: str) -> list[Fact]:
    """Return those of `facts` that are of a kind."""
    return [fact for fact in facts if fact.kind == kind]


def _facts_of(path: Path) -> Iterator[Fact]:
    with path.open("rb") as file:
        for line in file:
            try:
                data = json.loads(line)
                yield Fact(data.pop("kind"), int(path.stem), data.pop("at"), data)
            except (ValueError, KeyError, RecursionError):
                continue
