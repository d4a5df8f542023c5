"""A rule: what is wrong, how bad, and how evidence becomes confidence."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiveloop_scan.identity import digest_of
from hiveloop_scan.model import Capture, Confidence, Evidence, Options, ScanError
from hiveloop_scan.need import Need
from hiveloop_scan.suggest import closest

if TYPE_CHECKING:
    from hiveloop_scan.visitor import Detector


class Vocabulary(dict[str, frozenset[str]]):
    """The options of the rule in a folder; asking for one that is not there is an error of the rule."""

    def __init__(self, folder: Path, words: Mapping[str, frozenset[str]] | None = None) -> None:
        """Begin with these words for each option."""
        super().__init__(words or {})
        self._folder = folder

    def __missing__(self, name: str) -> frozenset[str]:
        problem = f"rule folder {self._folder}: options lack the words that its detector reads: {name}"
        raise ScanError(problem, "copy the [options] of the rule that has this detector")


@dataclass(frozen=True)
class Rule:
    """What is wrong, how bad, with which SDK method; the weights that turn evidence into confidence."""

    name: str
    folder: Path
    method: str
    guide: str
    severity: str
    message: str
    detector: str
    weights: Mapping[str, int]
    thresholds: Mapping[str, int]
    options: Options = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    fact: str = ""
    applicability: str | None = None
    summary: str = ""
    kind: str = "missing"
    sees_written_code: bool = False
    """Whether it also looks at what `hiveloop-scan apply` has written."""

    def __hash__(self) -> int:
        """Rules are told apart by their names first; their words are many."""
        return hash(self.name)

    @cached_property
    def digest(self) -> bytes:
        """Tells this rule, with the user's words, from all others and from other versions of it."""
        parts = [_told_alike(getattr(self, item.name)) for item in fields(self)]
        return digest_of(repr(parts).encode())

    @property
    def readme(self) -> str:
        """The text of the rule's page."""
        return (self.folder / "README.md").read_text("utf-8")

    def weigh(self, facts: Iterable[str]) -> tuple[Confidence | None, tuple[Evidence, ...]]:
        """Turn facts into a confidence (None: too little to speak of) and the facts with their weights."""
        try:
            evidence = tuple(Evidence(fact, self.weights[fact]) for fact in dict.fromkeys(facts))
        except KeyError as unknown:
            raise self._error(
                "key 'evidence'", f"has no weight for the fact {unknown}", "add it with a number"
            ) from None
        total = sum(item.weight for item in evidence)
        grades = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
        grade = next((grade for grade in grades if total >= self.thresholds[grade.label]), None)
        return grade, tuple(sorted(evidence, key=lambda item: -item.weight))

    def describe(self, captures: Mapping[str, Capture]) -> str:
        """Fill the captured code into the rule's message; what was not captured is "the operation"."""
        known = {name: "the operation" if value is None else value for name, value in captures.items()}
        try:
            return self.message.format_map(known).replace("`the operation`", "the operation")
        except KeyError as unknown:
            problem = f"speaks of {unknown}, which the detector does not capture"
            raise self._error("key 'message'", problem, closest(unknown.args[0], captures)) from None

    def load_detector(self) -> Detector:
        """Import the detector that this rule names."""
        name = self.detector.replace("-", "_")
        detector: Detector = getattr(importlib.import_module(f"hiveloop_scan.detectors.{name}"), name)
        return detector

    def _error(self, key: str, problem: str, hint: str) -> ScanError:
        return ScanError(f"rule folder {self.folder}: {key} {problem}", hint)


def _told_alike(value: Any) -> Any:
    """Return a value that is written the same in every process."""
    if isinstance(value, Mapping):
        return sorted((name, _told_alike(below)) for name, below in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, tuple) and value and isinstance(value[0], Need):
        return [(need.shape, need.words, need.also, need.imports) for need in value]
    return value
