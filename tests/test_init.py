"""`hiveloop-scan init`: where the module goes, and that nothing is overwritten."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run


def package(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir(parents=True)
    (made / "__init__.py").touch()
    (made / "main.py").write_text("x = 1\n")
    return made


def test_the_module_goes_into_the_one_package(run: Run, tmp_path: Path) -> None:
    package(tmp_path, "helpdesk")
    outcome = run("init")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("wrote helpdesk/observability.py\n")
    assert "from helpdesk.observability import start_hiveloop" in outcome.out
    assert "from helpdesk.observability import open_task" in (tmp_path / "helpdesk/observability.py").read_text()


def test_a_package_in_src_is_found_and_tests_are_none(run: Run, tmp_path: Path) -> None:
    package(tmp_path / "src", "helpdesk")
    package(tmp_path, "tests")
    (tmp_path / "setup.py").touch()
    assert run("init").out.startswith("wrote src/helpdesk/observability.py\n")


def test_scripts_get_the_module_beside_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bot.py").touch()
    assert "from observability import open_task" in run("init").out


def test_of_several_packages_that_of_the_project_s_name_counts(run: Run, tmp_path: Path) -> None:
    package(tmp_path, "helpdesk_bot")
    package(tmp_path, "scripts")
    assert "say which one" in run("init").err
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "helpdesk-bot"\n')
    assert run("init").out.startswith("wrote helpdesk_bot/observability.py\n")


def test_a_package_can_be_named(run: Run, tmp_path: Path) -> None:
    package(tmp_path, "helpdesk")
    package(tmp_path, "billing")
    assert run("init", "billing", "--name", "hive").out.startswith("wrote billing/hive.py\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "exists already"),
        (("--name", "other"), "gives its task already, in observability.py: get_current_task()"),
        (("--name", "a-b"), "not a name of a module"),
        (("nowhere",), "no such folder"),
    ],
)
def test_nothing_is_overwritten_or_doubled(
    arguments: tuple[str, ...], complaint: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "observability.py").write_text("# hiveloop\ndef get_current_task(): ...\n" if arguments else "")
    outcome = run("init", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert complaint in outcome.err


def test_a_folder_without_python_is_no_place(run: Run) -> None:
    assert "there is no Python code" in run("init").err


def test_git_can_apply_what_diff_shows(run: Run, tmp_path: Path) -> None:
    package(tmp_path, "helpdesk")
    shown = run("init", "--diff").out
    assert not (tmp_path / "helpdesk/observability.py").exists()
    subprocess.run(["git", "apply", "-"], input=shown.encode(), check=True, cwd=tmp_path)
    written = (tmp_path / "helpdesk/observability.py").read_text()
    (tmp_path / "helpdesk/observability.py").unlink()
    run("init")
    assert (tmp_path / "helpdesk/observability.py").read_text() == written


RUFF = ("ruff", "check", "--isolated", "--line-length=120", "--select=E,F,W,I,N,UP,B,C4,SIM,RET,PTH,PERF,RUF,ANN,D1")


@pytest.mark.parametrize(
    "check",
    [("mypy", "--strict"), (*RUFF, "--ignore=ANN401,D105,D107"), ("ruff", "format", "--line-length=120", "--check")],
    ids=["types", "lint", "format"],
)
def test_the_module_passes_the_strictest_checks(check: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    (tmp_path / "bot.py").touch()
    run("init")
    done = subprocess.run([sys.executable, "-m", *check, "observability.py"], check=False, capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


def test_the_module_is_none_of_those_that_need_calls(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bot.py").touch()
    run("init")
    assert run("report", "--min-confidence", "low").out.startswith("no missing calls found in 2 files")


def test_the_module_runs_on_every_python_that_agents_are_written_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bot.py").touch()
    run("init")
    ast.parse((tmp_path / "observability.py").read_bytes(), feature_version=(3, 8))
