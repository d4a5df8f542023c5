"""Look for misuse in ten real packages that do not use HiveLoop: there is none, whatever they call a task.

``python -m tests.quiet`` fetches the pinned wheels and runs every rule about misuse at the lowest confidence, as the
packages are and as if a file of theirs imported the SDK. Ends with 1 where anything is found.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter, process_time

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import report_of
from hiveloop_scan.files import discover
from hiveloop_scan.model import Confidence, FileResult, Report
from hiveloop_scan.scan import Plan, scan_file
from hiveloop_scan.sdk.elsewhere import USES_THE_SDK
from tests.wheels import fetch, packages

TEN = ("agno", "ag2", "camel-ai", "crewai", "google-adk", "inspect-ai", "metagpt", "openai-agents", "skyvern", "swarms")


def reports_on(folder: Path) -> tuple[Report, Report]:
    """Scan a package as it is, and as if one of its files imported the SDK."""
    rules = tuple(rule for rule in load_rules() if rule.kind == "misuse")
    plan = Plan(rules, Config(folder), Confidence.LOW)
    results = [scan_file(path, plan) for path in discover([folder]).files]
    pretended = FileResult("pretended.py", 0, facts={"": frozenset({USES_THE_SDK})})
    started = perf_counter()
    return report_of(results, plan, started), report_of([*results, pretended], plan, started)


def main() -> int:
    """Scan the packages that were named, else all ten; print a line for each and what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=TEN)
    pinned = {package.name: package for package in packages()}
    found = 0
    for name in parser.parse_args().names:
        before = process_time()
        as_is, as_if = reports_on(fetch(pinned[name]))
        took = process_time() - before
        print(f"{name} {pinned[name].version}: {as_is.files:,} files, {as_is.lines:,} lines, {took:.1f} s", end="; ")
        print(f"{len(as_is.findings)} findings, {len(as_if.findings)} if it imported the SDK")
        for finding in (*as_is.findings, *as_if.findings):
            print(f"  {finding.path}:{finding.span.line} {finding.rule} {finding.source_line.strip()}")
        found += len(as_is.findings) + len(as_if.findings)
    print(f"{found} findings in all")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
