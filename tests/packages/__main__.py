"""Write every safe call into ten real packages and hold the result against the promises of `apply`.

``python -m tests.packages`` fetches the pinned wheels, writes the module of `hiveloop-scan init` into a copy of each,
and checks that every changed file compiles, that a second run has nothing to do, and that taking the calls out gives
the same bytes. Ends with 1 where a promise does not hold.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.codemod import Proposal, Wish, propose, removals
from hiveloop_scan.config import Config
from hiveloop_scan.files import discover
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.fix.starting import new_module
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan
from tests.wheels import fetch, packages

TEN = (
    "agno", "aider-chat", "browser-use", "camel-ai", "crewai", "google-adk", "langroid", "praisonaiagents",
    "superagentx",
    "swarms",
)  # fmt: skip


@dataclass
class Result:
    """What came of one package: its calls by method, why others were not written, and the broken promises."""

    files: int = 0
    lines: int = 0
    written: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def check_package(folder: Path, style: Style, unsafe: bool) -> Result:
    """Apply all methods to the package in `folder`, twice, and take everything out again."""
    largest = max(
        (path.parent for path in folder.rglob("__init__.py")), key=lambda path: sum(1 for _ in path.rglob("*.py"))
    )
    module = new_module(largest, "observability")
    module.path.write_text(module.text)
    before = {path: path.read_bytes() for path in folder.rglob("*.py")}
    first = _proposal(folder, style, unsafe)
    result = Result(first.files, first.lines)
    for outcome in first.outcomes:
        if outcome.is_written:
            result.written[outcome.finding.method] += 1
        else:
            result.skipped[outcome.reason] += 1
    for change in first.changed:
        change.path.write_bytes(change.after)
        try:
            compile(change.after, change.shown, "exec", dont_inherit=True)
        except SyntaxError as error:
            result.broken.append(f"does not compile: {change.shown}: {error}")
    result.broken += [f"proof failed: {change.shown}: {change.problem}" for change in first.changes if change.problem]
    second = _proposal(folder, style, unsafe)
    result.broken += [f"second run changes {change.shown}" for change in second.changed]
    for change in removals(discover([folder])):
        change.path.write_bytes(change.after)
    result.broken += [f"not the same bytes: {path}" for path, data in before.items() if path.read_bytes() != data]
    return result


def _proposal(folder: Path, style: Style, unsafe: bool) -> Proposal:
    rules = tuple(rule for rule in load_rules() if rule.applicability)
    return propose(discover([folder]), [], Plan(rules, Config(folder), Confidence.HIGH), Wish(style, unsafe))


def main() -> int:
    """Check the packages that were named, else all ten; print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=TEN)
    parser.add_argument("--style", type=Style, default=Style.INLINE, choices=list(Style))
    parser.add_argument("--unsafe", action="store_true", help="write the fixes too that somebody should look at")
    options = parser.parse_args()
    pinned = {package.name: package for package in packages()}
    total = Result()
    for name in options.names:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / name
            shutil.copytree(fetch(pinned[name]), folder)
            result = check_package(folder, options.style, options.unsafe)
        print(f"{name} {pinned[name].version}: {result.files:,} files, {result.lines:,} lines", end="; ")
        print(", ".join(f"{method} {count}" for method, count in sorted(result.written.items())) or "no call")
        for problem in result.broken:
            print(f"  BROKEN {problem}")
        total.written += result.written
        total.skipped += result.skipped
        total.broken += result.broken
    print(f"all: {sum(total.written.values()):,} calls: {dict(total.written.most_common())}")
    print(f"not written: {sum(total.skipped.values()):,}")
    for reason, count in total.skipped.most_common():
        print(f"  {count:5,}  {reason}")
    print(f"{len(total.broken)} broken promises")
    return 1 if total.broken else 0


if __name__ == "__main__":
    sys.exit(main())
