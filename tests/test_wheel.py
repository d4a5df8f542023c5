"""The wheel, which uvx and pipx install: all that the program reads at run time is inside."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STARTED = "import sys; sys.path[0] = sys.argv.pop(1); from hiveloop_scan.cli import main; main()"
"""Runs the program out of a folder, with the packages that it needs from this environment."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what the project says to build it with, and unpack it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def names_below(folder: Path, *kinds: str) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix in kinds)
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def started(wheel: Path, folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-c", STARTED, str(wheel), *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_rules_templates_and_schemas_are_inside(wheel: Path) -> None:
    kinds = (".py", ".j2", ".toml", ".css", ".js", ".json", ".typed", ".md")
    assert names_below(ROOT / "hiveloop_scan", *kinds) <= names_below(wheel / "hiveloop_scan", *kinds)
    assert names_below(ROOT / "rules", *kinds) == names_below(wheel / "hiveloop_scan" / "rules", *kinds)


def test_tests_and_fixtures_stay_outside(wheel: Path) -> None:
    assert sorted(path.name.partition("-")[0] for path in wheel.iterdir()) == ["hiveloop_scan", "hiveloop_scan"]


def test_the_program_runs_out_of_it(wheel: Path, agent: Path) -> None:
    assert "agent.py:5:5:  retry  high" in started(wheel, agent.parent)
    assert "\n+def get_current_task()" in started(wheel, agent.parent, "init", "--diff")
    assert started(wheel, agent.parent, "explain", "unreported-plan").startswith("# unreported-plan\n")
    assert "agent.py" in started(wheel, agent.parent, "prompt")
    assert started(wheel, agent.parent, "report", "--format", "html").startswith("<!doctype html>")
