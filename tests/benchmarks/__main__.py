"""Measure the scanner as its users meet it, as whole processes, and print a table.

    python -m tests.benchmarks [--corpus small|million|labelled] [--runs 5] [--write]

Fetches the pinned wheels that are not in the cache yet. --write keeps the figures in RESULTS.md, beside this
file. Nothing fails because a figure is bad: other work on the machine disturbs it, which is why processor
seconds stand beside the wall clock, and the time of the standard parser for the same files below.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.corpus import corpus_folder
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.measure import Cost, memory_of_all, run
from tests.benchmarks.sample import sample_source
from tests.benchmarks.table import RESULTS, Row, render_table, replace_section
from tests.wheels import fetch, packages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SMALL = ("openai-agents", "smolagents")
PROJECT = Path(__file__).parents[2]
_LINTED = (0, 1)
"""Exit codes of a lint that did its job."""

TARGETS: Mapping[str, Mapping[str, str]] = {
    "small": {"cold": "< 8", "lint": "< 8", "lint, warm": "< 1.5"},
    "million": {"cold": "< 10", "warm": "< 1.2", "changed": "< 1.3"},
    "labelled": {},
}


def main() -> None:
    """Measure, print, and with --write keep the figures."""
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus"
        for folder in _folders(options.corpus):
            shutil.copytree(folder, corpus / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
        size, rows = _measure_runs(corpus, options.runs, Path(scratch), TARGETS[options.corpus])
        rows += [*_measure_start(options.runs, Path(scratch)), *_measure_parsers([str(corpus)], options.runs)]
    body = f"{describe_machine()}.\n{size}; {options.runs} runs after one warm-up.\n\n{render_table(rows)}"
    print(body)
    if options.write:
        RESULTS.write_text(replace_section(RESULTS.read_text("utf-8"), f"The {options.corpus} corpus", body), "utf-8")


def _folders(corpus: str) -> list[Path]:
    if corpus == "million":
        return [folder for folder in corpus_folder().iterdir() if folder.is_dir()]
    return [fetch(package) for package in packages() if corpus == "labelled" or package.name in SMALL]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.partition("\n")[0])
    small = " and ".join(SMALL)
    parser.add_argument(
        "--corpus",
        choices=tuple(TARGETS),
        default="small",
        help=f"small: {small}; million: the eleven packages of corpus.py; labelled: all wheels of the labels",
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


def _measure_runs(corpus: Path, runs: int, scratch: Path, targets: Mapping[str, str]) -> tuple[str, list[Row]]:
    """Measure reports and lints of the whole corpus: with nothing kept, with everything kept, one file changed."""
    cold, lint = ([_scanner(), command, str(corpus), "--no-cache"] for command in ("report", "lint"))
    warm, lint_warm = (command[:-1] for command in (cold, lint))
    to_file = scratch / "report.json"
    together = memory_of_all([*cold, "--format", "json", "--output", str(to_file)], scratch)  # the warm-up
    found = json.loads(to_file.read_text("utf-8"))
    lines = found["summary"]["lines"]
    costs = [run(cold, scratch) for _ in range(runs)]
    rows = [
        Row("report, cold", "s", tuple(cost.wall for cost in costs), targets.get("cold", "")),
        Row("report, cold, user + system time", "CPU s", tuple(cost.cpu for cost in costs)),
        Row("report, cold, speed", "lines/s", tuple(lines / cost.wall for cost in costs)),
        Row("report, cold, largest process", "MiB", tuple(cost.largest for cost in costs), "< 300"),
    ]
    if together is not None:
        rows.append(Row("report, cold, all its processes together", "MiB", (together,)))
    busy = tuple(cost.others for cost in costs if cost.others is not None)
    if busy:
        rows.append(Row("processors busy with other work", "", busy))
    rows += _both("report, nothing changed", [run(warm, scratch) for _ in range(runs + 1)][1:], targets.get("warm", ""))
    changed = [_after_a_change(warm, corpus, number, scratch) for number in range(runs)]
    rows += _both("report, one file changed", changed, targets.get("changed", ""))
    rows += _both("lint, cold", [run(lint, scratch, _LINTED) for _ in range(runs)], targets.get("lint", ""))
    again = [run(lint_warm, scratch, _LINTED) for _ in range(runs + 1)][1:]
    rows += _both("lint, nothing changed", again, targets.get("lint, warm", ""))
    files, places = found["summary"]["files"], len(found["findings"])
    return f"{files:,} files, {lines:,} lines, {places} findings", rows


def _after_a_change(command: Sequence[str], corpus: Path, number: int, scratch: Path) -> Cost:
    """Add a line to the largest file below 100 kB, then run."""
    file = max(corpus.rglob("*.py"), key=lambda path: (path.stat().st_size < 100_000) * path.stat().st_size)
    with file.open("a", encoding="utf-8") as text:
        text.write(f"\nCHANGE_{number} = {number}\n")
    return run(command, scratch)


def _both(name: str, costs: Sequence[Cost], target: str) -> list[Row]:
    return [
        Row(name, "s", tuple(cost.wall for cost in costs), target),
        Row(f"{name}, user + system time", "CPU s", tuple(cost.cpu for cost in costs)),
    ]


def _measure_start(runs: int, scratch: Path) -> list[Row]:
    """Measure what a user waits for before anything happens, and one file as a pre-commit hook sends it."""
    file = scratch / "agent.py"
    file.write_text(sample_source(), "utf-8")
    asked = (
        ("--version", ["--version"], "< 0.15"),
        ("--help", ["--help"], "< 0.15"),
        ("one file of 500 lines", ["report", "--no-cache", str(file)], "< 0.3"),
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
