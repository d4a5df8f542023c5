"""Measure the scanner beside other tools, in one run on the same files, and print a table of ratios.

    python -m tests.benchmarks.rivals [--runs 3] [--write] [--only NAME...] [FOLDER...]

All rules of hiveloop-scan against ten patterns in Semgrep and in ast-grep (semgrep.yaml, ast_grep.yaml), one rule in
Fixit, Ruff as it comes, and the standard parser alone. The others are fetched from the package index into environments
of their own, in the user's cache. Every figure is that of whole processes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hiveloop_scan.files import discover
from tests.benchmarks.corpus import corpus_folder
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.measure import Cost, run
from tests.benchmarks.sample import sample_source
from tests.benchmarks.table import RESULTS, replace_section
from tests.wheels import cache_folder

HERE = Path(__file__).parent
SEMGREP, AST_GREP, FIXIT, RUFF = "semgrep==1.185.0", "ast-grep-cli==0.51.1", "fixit==2.2.1", "ruff==0.17.0"
_FIXIT_LINES = 40_000
"""So many lines take Fixit long enough; its time grows with them."""


@dataclass(frozen=True)
class Contest:
    """One figure: what is run, and what to do before each run."""

    name: str
    command: Sequence[str]
    before: Callable[[], object] = lambda: None
    share: float = 1.0
    """The part of the lines that is looked at; times are scaled up by it."""


def main() -> None:
    """Measure, print, and with --write keep the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rivals", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each command, after one warm-up")
    parser.add_argument("--write", action="store_true", help="keep the table in RESULTS.md")
    parser.add_argument("--only", nargs="+", help="only the rows whose names hold one of these words")
    parser.add_argument("folders", nargs="*", type=Path, help="default: the corpus of the benchmark")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpus = Path(scratch) / "corpus"
        for folder in options.folders or [corpus_folder()]:
            shutil.copytree(folder, corpus / folder.name)
        os.environ["HIVELOOP_SCAN_CACHE"] = str(Path(scratch) / "cache")
        files = discover([corpus]).files
        lines = sum(len(path.read_bytes().splitlines()) for path in files)
        contests = [*_ours(corpus, Path(scratch), files), *_others(corpus, Path(scratch), files, lines)]
        if options.only:
            contests = [each for each in contests if any(word in each.name for word in options.only)]
        costs = [(each, _measure(each, options.runs, Path(scratch))) for each in contests]
    table = _table(costs)
    size = f"{len(files):,} files, {lines:,} lines; {options.runs} runs, the best counts"
    body = f"{describe_machine()}.\n{size}.\n\n{table}"
    print(body)
    if options.write:
        RESULTS.write_text(replace_section(RESULTS.read_text("utf-8"), "Beside other tools", body), "utf-8")


def _ours(corpus: Path, scratch: Path, files: Sequence[Path]) -> list[Contest]:
    scanner = str(Path(sysconfig.get_path("scripts")) / "hiveloop-scan")
    small = scratch / "agent.py"
    small.write_text(sample_source(), "utf-8")
    changing = files[len(files) // 2]

    def change() -> None:
        changing.write_bytes(changing.read_bytes() + b"# changed\n")

    report = [scanner, "report", str(corpus), "--output", str(scratch / "report.txt")]
    return [
        Contest("hiveloop-scan, cold", [*report, "--no-cache"]),
        Contest("hiveloop-scan, nothing changed", report),
        Contest("hiveloop-scan, one file changed", report, change),
        Contest("hiveloop-scan, one file of 500 lines", [scanner, "report", "--no-cache", str(small)]),
        Contest("hiveloop-scan, one file of 500 lines, seen before", [scanner, "report", str(small)]),
        Contest("hiveloop-scan --version", [scanner, "--version"]),
        Contest("hiveloop-scan --help", [scanner, "--help"]),
    ]


def _others(corpus: Path, scratch: Path, files: Sequence[Path], lines: int) -> list[Contest]:
    some, share = _some(files, lines, scratch)
    semgrep, ast_grep = _installed(SEMGREP, "semgrep"), _installed(AST_GREP, "ast-grep")
    fixit, ruff = _installed(FIXIT, "fixit"), _installed(RUFF, "ruff")
    quiet = ["--metrics", "off", "--disable-version-check", "--quiet", "--no-git-ignore", "--jobs", str(os.cpu_count())]
    parse = [sys.executable, "-m", "tests.benchmarks.parsers", "ast", str(corpus)]
    return [
        Contest("ast.parse alone, one process", ["env", f"PYTHONPATH={HERE.parents[1]}", *parse]),
        Contest("Ruff", [ruff, "check", "--isolated", "--no-cache", "--exit-zero", "--quiet", str(corpus)]),
        Contest(
            "ast-grep, ten patterns", [ast_grep, "scan", "--rule", str(HERE / "ast_grep.yaml"), str(corpus), "--json"]
        ),
        Contest(
            "Semgrep, ten patterns", [semgrep, "scan", "--config", str(HERE / "semgrep.yaml"), *quiet, str(corpus)]
        ),
        Contest(
            "Fixit, one rule",
            ["sh", "-c", f"{fixit} --quiet --rules fixit.rules.no_namedtuple lint {some}; true"],
            share=share,
        ),
    ]


def _some(files: Sequence[Path], lines: int, scratch: Path) -> tuple[Path, float]:
    """Copy enough files for Fixit; return their folder and their part of all lines."""
    folder = scratch / "some"
    folder.mkdir()
    every = max(1, lines // _FIXIT_LINES)
    copied = 0
    for number, path in enumerate(files[::every]):
        shutil.copy(path, folder / f"file_{number}.py")
        copied += len(path.read_bytes().splitlines())
    return folder, copied / lines


def _installed(requirement: str, command: str) -> str:
    """Return the path of a command that is installed in an environment of its own."""
    folder = cache_folder().parent / "rivals" / requirement.replace("==", "-")
    path = folder / "bin" / command
    if not path.is_file():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", requirement], check=True)
    return str(path)


def _measure(contest: Contest, runs: int, scratch: Path) -> list[Cost]:
    costs = []
    for _ in range(runs + 1):
        contest.before()
        costs.append(run(contest.command, scratch))
    print(json.dumps({"name": contest.name, "wall": [round(cost.wall, 2) for cost in costs]}), file=sys.stderr)
    return costs[1:]


def _table(costs: Sequence[tuple[Contest, list[Cost]]]) -> str:
    cold = next((min(cost.wall for cost in own) for each, own in costs if each.name.endswith("cold")), None)
    rows = [("", "s", "CPU s", "MiB, largest process", "times as long as hiveloop-scan, cold")]
    for each, own in costs:
        wall = min(cost.wall for cost in own) / each.share
        cpu = statistics.median(cost.cpu for cost in own) / each.share
        name = each.name if each.share == 1 else f"{each.name} (measured on {each.share:.1%} of the lines)"
        largest = max(cost.largest for cost in own)
        rows.append((name, f"{wall:.2f}", f"{cpu:.2f}", f"{largest:.0f}", f"{wall / cold:.2f}" if cold else ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"| {' | '.join(text.ljust(width) for text, width in zip(row, widths, strict=True))} |" for row in rows]
    lines.insert(1, f"| {' | '.join('-' * width for width in widths)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
