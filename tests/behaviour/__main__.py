"""Run projects' own tests before and after `apply`, and compare what came of every single test.

``python -m tests.behaviour [NAME ...]`` fetches the source distributions of projects.toml, gives each an environment of
its own, writes all calls (medium confidence and unsafe fixes too), and runs the tests four times: as they came, with
getters that give nobody, with a task that records, and with one whose every method raises. What differs between two
runs as they came is flaky and not compared. Ends with 1 where a test has another result. Takes minutes for a project.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.codemod import Proposal, Wish, propose
from hiveloop_scan.config import Config
from hiveloop_scan.files import discover
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan
from tests.wheels import cache_folder

HERE = Path(__file__).parent
MODES = ("nobody", "recording", "failing")
LONGEST_RUN = 900
"""Seconds that one run of a project's tests may take."""


@dataclass(frozen=True)
class Project:
    """A source distribution: what to write into, what to run, and what that needs; see projects.toml."""

    name: str
    version: str
    code: str
    tests: tuple[str, ...]
    needs: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """The result of every test of one run, and the calls that were made meanwhile."""

    results: dict[str, str]
    calls: Counter[str]


def main() -> int:
    """Compare the projects that were named, else all; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    entries = tomllib.loads((HERE / "projects.toml").read_text("utf-8"))["project"]
    projects = [_project(**entry) for entry in entries]
    return max([_compare(item) for item in projects if not options.names or item.name in options.names], default=0)


def _project(name: str, version: str, code: str, **lists: list[str]) -> Project:
    return Project(name, version, code, **{key: tuple(items) for key, items in lists.items()})


def _compare(project: Project) -> int:
    folder = cache_folder().parent / "behaviour" / f"{project.name}-{project.version}"
    python = _environment(project, folder)
    original, changed = folder / "before", folder / "after"
    for copy in (original, changed):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(_unpacked(project, folder), copy)
    first, again = (_run(project, python, original, "") for _ in range(2))
    steady = {test: result for test, result in first.results.items() if again.results.get(test) == result}
    proposal = _apply(project, changed)
    written = Counter(item.finding.method for item in proposal.outcomes if item.is_written)
    told = ", ".join(f"{method} {count}" for method, count in sorted(written.items())) or "no call"
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(steady.values()).items()))
    print(f"{project.name} {project.version}: {len(steady)} tests ({kinds}), {len(first.results) - len(steady)} flaky")
    print(f"  written: {told}", flush=True)
    wrong = 0 if "passed" in steady.values() else 1
    for mode in MODES:
        run = _run(project, python, changed, mode)
        other = [test for test, result in steady.items() if run.results.get(test) != result]
        bad = [name for name in run.calls if name.endswith("not JSON")]
        made = ", ".join(f"{name} {count}" for name, count in sorted(run.calls.items())) or "no call"
        print(f"  {mode}: {len(other)} tests with another result; made: {made}", flush=True)
        for test in other[:20]:
            print(f"    {test}: {steady[test]}, now {run.results.get(test, 'missing')}")
        wrong = 1 if other or bad else wrong
    return wrong


def _unpacked(project: Project, folder: Path) -> Path:
    """Return the unpacked source distribution, fetched where it is not there yet."""
    source = folder / "source"
    if not source.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        if not list(folder.glob("*.tar.gz")):
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
            subprocess.run([*command, "-d", str(folder), f"{project.name}=={project.version}"], check=True)
        with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
            archive.extractall(folder / "partial", filter="data")
        next((folder / "partial").iterdir()).rename(source)
    return source


def _environment(project: Project, folder: Path) -> Path:
    """Return the Python of an environment with the project's dependencies and what its tests need."""
    place = folder / "venv"
    python = place / "bin" / "python"
    if not (place / "ready").is_file():
        venv.create(place, with_pip=True, clear=True)
        extras = f"[{','.join(project.extras)}]" if project.extras else ""
        wanted = ["pytest", "pytest-timeout", f"{project.name}{extras}=={project.version}", *project.needs]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
        (place / "ready").touch()
    return python


def _apply(project: Project, folder: Path) -> Proposal:
    """Write all calls into the project in `folder`, with a module that gives the task and the agent."""
    code = folder / project.code
    getters = (code if code.is_dir() else folder) / "observability.py"
    getters.write_text((HERE / "telemetry.py.txt").read_text("utf-8"), "utf-8")
    rules = tuple(rule for rule in load_rules() if rule.applicability)
    plan = Plan(rules, Config(folder), Confidence.MEDIUM)
    proposal = propose(discover([code]), [getters], plan, Wish(Style.INLINE, unsafe=True))
    for change in proposal.changed:
        change.path.write_bytes(change.after)
    return proposal


def _run(project: Project, python: Path, folder: Path, mode: str) -> Run:
    """Run the project's tests in `folder`, with the task that `mode` names."""
    report, seen = folder / "results.xml", folder / "seen"
    for old in (report, *folder.glob("seen.*")):
        old.unlink(missing_ok=True)
    root = (folder / project.code).parent
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root}{os.pathsep}{folder}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HL_BEHAVIOUR": mode,
        "HL_BEHAVIOUR_SEEN": str(seen),
        "NO_PROXY": "*",
    }
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=60", f"--junitxml={report}"]
    subprocess.run(
        [*command, *project.tests],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=LONGEST_RUN,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    calls: Counter[str] = Counter()
    for path in folder.glob("seen.*"):
        calls.update(json.loads(path.read_text("utf-8")))
    return Run(_results(report) if report.is_file() else {}, calls)


def _results(report: Path) -> dict[str, str]:
    """Read what came of each test; tests of one name are told apart by their order."""
    results: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        while name in results:
            name += "'"
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        results[name] = kinds[0] if kinds else "passed"
    return results


if __name__ == "__main__":
    sys.exit(main())
