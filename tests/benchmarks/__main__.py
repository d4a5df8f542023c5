"""Measure the scanner as its users meet it, as whole processes, and print a table.

    python -m tests.benchmarks [--corpus small|labelled] [--runs 5] [--write]

Fetches the pinned wheels that are not in the cache yet. --write keeps the figures in RESULTS.md, beside this
file. Nothing fails because a figure is bad: other work on the machine disturbs it, which is why processor
seconds stand beside the wall clock.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.machine import describe_machine
from tests.benchmarks.measure import memory_of_all, run
from tests.benchmarks.sample import sample_source
from tests.benchmarks.table import RESULTS, Row, render_table, replace_section
from tests.wheels import fetch, packages

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL = ("openai-agents", "smolagents")
PROJECT = Path(__file__).parents[2]


def main() -> None:
    """Measure, print, and with --write keep the figures."""
    options = _options()
    folders = [str(fetch(package)) for package in packages() if options.corpus == "labelled" or package.name in SMALL]
    with tempfile.TemporaryDirectory() as scratch:
        size, report = _measure_report(folders, options.runs, Path(scratch), is_small=options.corpus == "small")
        rows = [
            *report,
            *_measure_start(options.runs, Path(scratch)),
            *_measure_parsers(folders, options.runs),
        ]
    body = f"{describe_machine()}.\n{size}; {options.runs} runs after one warm-up.\n\n{render_table(rows)}"
    print(body)
    if options.write:
        RESULTS.write_text(replace_section(RESULTS.read_text("utf-8"), f"The {options.corpus} corpus", body), "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.partition("\n")[0])
    small = " and ".join(SMALL)
    parser.add_argument(
        "--corpus",
        choices=("small", "labelled"),
        default="small",
        help=f"small: {small}; labelled: all wheels",
    )
    parser.add_argument(
        "--runs", type=int, default=5, help="timed runs of each command, after one warm-up (default: 5)"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures in RESULTS.md")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def _scanner() -> str:
    """Return the path of the installed command, beside the Python that runs this."""
    name = "hiveloop-scan.exe" if sys.platform == "win32" else "hiveloop-scan"
    command = Path(sysconfig.get_path("scripts")) / name
    if not command.is_file():
        sys.exit(f"{command} is missing; install the project first: {sys.executable} -m pip install -e .")
    return str(command)


def _measure_report(folders: Sequence[str], runs: int, scratch: Path, *, is_small: bool) -> tuple[str, list[Row]]:
    """Measure a report of the whole corpus; the scanner keeps nothing between runs, so each one is cold."""
    command = [_scanner(), "report", *folders]
    to_file = scratch / "report.json"
    together = memory_of_all([*command, "--format", "json", "--output", str(to_file)], scratch)  # the warm-up
    found = json.loads(to_file.read_text("utf-8"))
    lines = found["summary"]["lines"]
    costs = [run(command, scratch) for _ in range(runs)]
    rows = [
        Row("report", "s", tuple(cost.wall for cost in costs), "< 6" if is_small else ""),
        Row("report, user + system time", "CPU s", tuple(cost.cpu for cost in costs)),
        Row("report, speed", "lines/s", tuple(lines / cost.wall for cost in costs)),
        Row("report, speed of one processor", "lines/CPU s", tuple(lines / cost.cpu for cost in costs)),
        Row("report, largest process", "MiB", tuple(cost.largest for cost in costs), "< 250"),
    ]
    if together is not None:
        rows.append(Row("report, all its processes together", "MiB", (together,), "< 250"))
    busy = tuple(cost.others for cost in costs if cost.others is not None)
    if busy:
        rows.append(Row("processors busy with other work", "", busy))
    files, places = found["summary"]["files"], len(found["findings"])
    return f"{len(folders)} wheels, {files:,} files, {lines:,} lines, {places} findings", rows


def _measure_start(runs: int, scratch: Path) -> list[Row]:
    """Measure what a user waits for before anything happens, and one file as a pre-commit hook sends it."""
    file = scratch / "agent.py"
    file.write_text(sample_source(), "utf-8")
    asked = (
        ("--version", ["--version"], "< 0.2"),
        ("--help", ["--help"], ""),
        ("one file of 500 lines", ["report", str(file)], "< 0.5"),
    )
    rows = []
    for name, arguments, target in asked:
        costs = [run([_scanner(), *arguments], scratch) for _ in range(runs + 1)][1:]
        rows.append(Row(name, "s", tuple(cost.wall for cost in costs), target))
        rows.append(Row(f"{name}, memory", "MiB", tuple(cost.largest for cost in costs)))
    return rows


def _measure_parsers(folders: Sequence[str], runs: int) -> list[Row]:
    """Measure both parsers on the same files, one process each, for comparison."""
    rows = []
    for parser, name in (
        ("ast", "ast.parse of all files, one process"),
        ("libcst", "libcst.parse_module of a sample"),
    ):
        command = [sys.executable, "-m", "tests.benchmarks.parsers", parser, *folders]
        texts = [
            subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True).stdout for _ in range(runs + 1)
        ]
        measured = [json.loads(text) for text in texts[1:]]
        rows.append(Row(name, "s", tuple(each["wall"] for each in measured)))
        speed = tuple(each["lines"] / each["cpu"] for each in measured)
        rows.append(Row(f"{parser}, speed of one processor", "lines/CPU s", speed))
    return rows


if __name__ == "__main__":
    main()
