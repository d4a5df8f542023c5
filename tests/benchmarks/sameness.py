"""Check over the million lines that triage and sketches lose nothing: the findings are those of libcst alone.

    python -m tests.benchmarks.sameness [--no-triage] [FOLDER...]

Without sketches, everything that triage keeps is parsed by libcst and matched, which takes some minutes. With
--no-triage all rules look everywhere, which takes a quarter of an hour. Ends with exit code 1 and lists what
differs, if anything does.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import Discovery, discover
from hiveloop_scan.model import Confidence
from hiveloop_scan.plan import Plan
from tests.benchmarks.corpus import corpus_folder

_SHOWN = 40


def main() -> None:
    """Scan twice and compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sameness", description=__doc__)
    parser.add_argument("--no-triage", action="store_true", help="compare with all rules looking everywhere")
    parser.add_argument("folders", nargs="*", type=Path, help="default: the corpus of the benchmark")
    options = parser.parse_args()
    found = discover(options.folders or [corpus_folder()])
    rules = tuple(rule for rule in load_rules() if rule.kind != "gate")
    plan = Plan(rules, Config(Path.cwd()), Confidence.LOW)
    slow = replace(plan, triage=False) if options.no_triage else replace(plan, sketches=False)
    fast_findings, slow_findings = _findings(found, plan, "as users run it"), _findings(found, slow, "libcst alone")
    lost, new = slow_findings - fast_findings, fast_findings - slow_findings
    _tell("lost", lost)
    _tell("new", new)
    print(f"{len(slow_findings)} findings, {len(lost)} lost, {len(new)} new")
    sys.exit(1 if lost or new else 0)


def _findings(found: Discovery, plan: Plan, name: str) -> set[str]:
    started = time.perf_counter()
    report = scan(found, plan)
    print(f"{name}: {report.lines:,} lines, {len(report.findings)} findings in {time.perf_counter() - started:.1f} s")
    return {repr(finding) for finding in report.findings}


def _tell(what: str, findings: Iterable[str]) -> None:
    for finding in sorted(findings)[:_SHOWN]:
        print(f"{what}: {finding[:400]}")


if __name__ == "__main__":
    main()
