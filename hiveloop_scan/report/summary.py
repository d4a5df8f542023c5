"""Count findings the ways that several renderers show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hiveloop_scan.model import Confidence, Finding


def by_method(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings for each SDK method, most first."""
    return dict(Counter(finding.method for finding in findings).most_common())


def by_rule(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings for each rule, most first."""
    return dict(Counter(finding.rule for finding in findings).most_common())


def by_confidence(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings for each confidence, surest first; none is left out."""
    counted = Counter(finding.confidence for finding in findings)
    return {grade.label: counted[grade] for grade in sorted(Confidence, reverse=True)}
