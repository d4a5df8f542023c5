"""Tell findings apart for those who track them from one run to the next."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiveloop_scan.model import Finding


def identities(findings: Iterable[Finding]) -> list[str]:
    """Return the fingerprint of each finding; where several have the same one, they are numbered in their order."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        seen[finding.fingerprint] += 1
        found.append(f"{finding.fingerprint}:{seen[finding.fingerprint]}")
    return found
