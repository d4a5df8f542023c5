"""What a finding claims and why, in words: its message, and its evidence apart by what it speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiveloop_scan.report.quoting import one_line

if TYPE_CHECKING:
    from hiveloop_scan.model import Evidence, Finding


def claim(finding: Finding) -> str:
    """Return the message in one line, ready to be quoted as a whole: code in it stands between ``'``."""
    return one_line(finding.message).replace("`", "'")


def reasons_for(finding: Finding) -> list[str]:
    """Return the facts that speak for the finding, the weightiest first."""
    return [_words(fact) for fact in finding.evidence if fact.weight >= 0]


def reasons_against(finding: Finding) -> list[str]:
    """Return the facts that speak against the finding."""
    return [_words(fact) for fact in finding.evidence if fact.weight < 0]


def _words(fact: Evidence) -> str:
    return fact.name.replace("-", " ")
