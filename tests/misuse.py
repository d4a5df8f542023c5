"""Run the rules about misuse over a folder, and make calls wrong on purpose."""

from __future__ import annotations

from pathlib import Path

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import Report
from hiveloop_scan.scan import Plan

MISUSE = tuple(rule for rule in load_rules() if rule.kind == "misuse")


def scanned(folder: Path) -> Report:
    """Scan a folder for misuse; all of it has to be readable."""
    report = scan(discover([folder]), Plan(MISUSE, Config(folder)))
    assert not report.errors
    return report


def rules_broken(folder: Path) -> set[str]:
    """Return the names of the rules that complain about a folder."""
    return {finding.rule for finding in scanned(folder).findings}


def broken(source: str, start: int) -> str:
    """Give the call whose arguments begin at `start` one more, which the SDK does not have."""
    depth, end = 1, start
    while depth:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(source[end], 0)
        end += 1
    arguments = source[start : end - 1].rstrip().removesuffix(",")
    return f"{source[:start]}{arguments}, no_such=1{source[end - 1 :]}"
