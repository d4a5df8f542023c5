"""The order in which a report tells its findings."""

from __future__ import annotations

import enum
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
