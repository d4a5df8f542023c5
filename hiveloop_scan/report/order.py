"""The order in which a report tells its findings."""

from __future__ import annotations

import enum
from collections import Counter
from typing import TYPE_CHECKING

from hiveloop_scan.methods import METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiveloop_scan.model import Finding


class Order(enum.StrEnum):
    """The values of --sort."""

    VALUE = "value"
    FILE = "file"


def in_order(findings: Sequence[Finding], order: Order) -> Sequence[Finding]:
    """Return findings, given by file, in this order; by value: the most telling method first, in it the surest first.

    What is of one value stays in the order of files.
    """
    if order is Order.FILE:
        return findings
    return sorted(findings, key=lambda finding: (METHODS.index(finding.method), -finding.confidence))


def most_telling(findings: Sequence[Finding], count: int) -> list[Finding]:
    """Return some findings to begin with: the surest of each method first, then the next of each, by value."""
    rounds: Counter[str] = Counter()
    ranked = []
    for finding in in_order(findings, Order.VALUE):
        rounds[finding.method] += 1
        ranked.append((rounds[finding.method], finding))
    ranked.sort(key=lambda pair: pair[0])
    return [finding for _, finding in ranked[:count]]
