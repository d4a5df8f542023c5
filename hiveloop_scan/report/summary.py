"""Count findings the ways that several renderers show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hiveloop_scan.model import Confidence, Finding, Report

if TYPE_CHECKING:
    from collections.abc import Iterable


def by_method(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings for each SDK method, most first."""
    return _counts(finding.method for finding in findings)


def by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings for each rule, most first."""
    return _counts(finding.rule for finding in findings)


def by_file(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings in each file, most first."""
    return _counts(finding.path for finding in findings)


def by_confidence(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings for each confidence, surest first; none is left out."""
    counted = Counter(finding.confidence for finding in findings)
    return {grade.label: counted[grade] for grade in sorted(Confidence, reverse=True)}


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda entry: (-entry[1], entry[0])))


def headline(report: Report) -> str:
    """Return the outcome in one line."""
    total = len(report.findings)
    size = f"{report.lines:,} lines in {report.seconds:.1f} s"
    if not report.files:
        return "no Python files found: name a file, or a folder that holds some"
    files = count_of(report.files, "file")
    if total:
        text = f"{count_of(total, report.noun)} in {len(by_file(report.findings)):,} of {files}"
    else:
        text = f"no {report.noun}s found in {files}"
    return f"{text} ({size})" + (f"; {count_of(len(report.errors), 'error')}" if report.errors else "")


def what_to_do(errors: int) -> str:
    """Return what to do about files that could not be scanned."""
    it, them = ("it is", "it") if errors == 1 else ("them is", "them")
    return f"what is in {it} not known: mend {them}, or leave {them} out with --exclude"


def count_of(number: int, noun: str) -> str:
    """Return ``3 files``, ``1 file``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
