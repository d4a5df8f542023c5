"""Count how many of the places that should tell HiveBoard something do so: as a whole, by method, package and file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from hiveloop_scan.methods import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hiveloop_scan.model import Finding, Report


@dataclass(frozen=True, slots=True)
class Tally:
    """How many places there are, and how many of them make their call."""

    covered: int = 0
    total: int = 0

    @property
    def percent(self) -> float:
        """The share that is covered, cut to one digit: only what is whole reads 100; without places it is whole."""
        return self.covered * 1000 // self.total / 10 if self.total else 100.0

    def reaches(self, limit: float) -> bool:
        """Say whether at least `limit` percent are covered."""
        return self.covered * 100 >= limit * self.total


@dataclass(frozen=True, slots=True)
class Tallies:
    """The coverage of a code base; files with nothing missing come last, those with the most missing first."""

    whole: Tally
    methods: dict[str, Tally]
    packages: dict[str, Tally]
    files: dict[str, Tally]


def tallies(report: Report) -> Tallies:
    """Count the places of a report; those that a comment silences are none."""
    methods = _counted(report, lambda finding: finding.method)
    files = _counted(report, lambda finding: finding.path)
    return Tallies(
        Tally(len(report.covered), len(report.covered) + len(report.findings)),
        {name: methods[name] for name in METHODS if name in methods},
        dict(sorted(_counted(report, lambda finding: PurePath(finding.path).parent.as_posix()).items())),
        dict(sorted(files.items(), key=lambda entry: (entry[1].covered - entry[1].total, entry[1].percent, entry[0]))),
    )


def _counted(report: Report, key: Callable[[Finding], str]) -> dict[str, Tally]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for finding in report.covered:
        counts[key(finding)][0] += 1
    for finding in report.findings:
        counts[key(finding)][1] += 1
    return {name: Tally(covered, covered + missing) for name, (covered, missing) in counts.items()}
