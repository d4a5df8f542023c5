"""Where teams meet the gate: the action for GitHub, the hooks of pre-commit, the example for GitLab."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run
from tests.test_known import commit, git
from tests.test_lint import HANDOVER, TOLD
from tests.textbook import RETRY_FILE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
(SCAN,) = (step for step in ACTION["runs"]["steps"] if step.get("id") == "scan")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository with a hand-over that nobody is told of."""
    (tmp_path / "agent.py").write_text(HANDOVER)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    return tmp_path


def act(folder: Path, command: str = "lint", **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Run the action's script as a runner would, with the program that is installed here; return its outputs too."""
    program = folder.parent / "runner" / "hiveloop-scan"
    (program / "bin").mkdir(parents=True, exist_ok=True)
    launcher = program / "bin" / "hiveloop-scan"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hiveloop_scan "$@"\n')
    launcher.chmod(0o755)
    script = re.sub(r"(?m)^.*-m venv .*$", "", SCAN["run"])
    assert script != SCAN["run"]
    defaults = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
    given = {**defaults, "command": command, **{name.replace("_", "-"): value for name, value in inputs.items()}}
    environment = {
        name: given[source[1]]
        for name, value in SCAN["env"].items()
        if (source := re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value))
    }
    outputs, summary = folder.parent / "outputs", folder.parent / "summary"
    outputs.write_text("")
    ended = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={
            **os.environ,
            **environment,
            "RUNNER_TEMP": str(program.parent),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    told = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    return ended, {**told, "summary": summary.read_text() if summary.exists() else ""}


@pytest.mark.parametrize(("source", "code"), [(HANDOVER, 1), (TOLD, 0)])
def test_the_action_annotates_sums_up_and_ends_as_the_gate_does(tmp_path: Path, source: str, code: int) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "agent.py").write_text(source)
    ended, outputs = act(tmp_path / "repo", sarif_file="out.sarif")
    assert (ended.returncode, outputs["exit-code"]) == (code, str(code))
    assert ("::warning file=agent.py" in ended.stdout) is bool(code)
    assert outputs["summary"].startswith("**hiveloop-scan: ")
    assert (tmp_path / "repo" / "out.sarif").read_text().startswith("{")


def test_the_action_takes_options_paths_and_a_revision(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "agent.py").write_text(RETRY_FILE)
    (folder / "other.py").write_text(HANDOVER)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    ended, _ = act(folder, paths="agent.py other.py", args="--select retry --select escalate")
    assert ended.stdout.count("::warning file=") == 2
    ended, outputs = act(folder, diff_base="main")
    assert (ended.returncode, outputs["exit-code"]) == (0, "0")


def test_the_action_sums_up_the_coverage(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "agent.py").write_text(HANDOVER)
    ended, outputs = act(tmp_path / "repo", "coverage", args="--fail-under 50")
    assert (ended.returncode, outputs["exit-code"]) == (1, "1")
    assert outputs["summary"].startswith("**HiveLoop coverage: 0 % covered")


def test_the_action_knows_no_input_twice_and_uses_all() -> None:
    used = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert used == set(ACTION["inputs"])


def test_inputs_of_the_action_reach_the_shell_through_the_environment_only() -> None:
    assert "${{" not in SCAN["run"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_a_command_that_exists_over_the_whole_project(hook: dict[str, Any], run: Run) -> None:
    program, command, *options = hook["entry"].split()
    assert program == "hiveloop-scan"
    helped = run(command, "--help")
    assert helped.code == 0
    assert all(option in helped.out for option in options)
    assert (hook["require_serial"], hook["pass_filenames"]) == (True, False)


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("source", "failed"), [(HANDOVER, True), (TOLD, False)])
def test_pre_commit_stops_a_commit_as_the_gate_does(tmp_path: Path, source: str, failed: bool) -> None:
    """The hooks run with the program that is installed here: what language: python would install needs an index."""
    folder = tmp_path / "repo"
    folder.mkdir()
    hooks = [
        {**hook, "language": "system", "entry": f"{sys.executable} -m {hook['entry'].replace('-', '_', 1)}"}
        for hook in HOOKS
    ]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (folder / "agent.py").write_text(source)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    ended = pre_commit(folder, "run", "hiveloop-scan-lint")
    assert (ended.returncode != 0) is failed, ended.stdout + ended.stderr
    assert ("unreported-escalation" in ended.stdout) is failed
    assert pre_commit(folder, "run", "hiveloop-scan-report").returncode == 0


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="pre-commit takes hooks from git repositories only")
def test_pre_commit_installs_the_hook_out_of_this_repository_and_runs_it(tmp_path: Path) -> None:
    folder = tmp_path / "repo"
    folder.mkdir()
    (folder / "agent.py").write_text(HANDOVER)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    ended = pre_commit(folder, "try-repo", str(ROOT), "hiveloop-scan-lint", "--all-files")
    if "No matching distribution found" in ended.stdout:
        pytest.skip("no package index is in reach")
    assert ended.returncode == 1
    assert "Installing environment" in ended.stdout
    assert "- exit code: 1" in ended.stdout
    assert "unreported-escalation" in ended.stdout


def test_pre_commit_takes_the_manifest() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], check=False
    )
    assert ended.returncode == 0


def yaml_blocks() -> list[Any]:
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)]


def test_the_examples_of_the_readme_name_hooks_and_inputs_that_exist() -> None:
    hooks = {hook["id"] for block in yaml_blocks() for repo in block.get("repos", ()) for hook in repo["hooks"]}
    assert hooks
    assert hooks <= {hook["id"] for hook in HOOKS}
    steps = [step for block in yaml_blocks() for job in block.get("jobs", {}).values() for step in job["steps"]]
    given = {name for step in steps if "hiveloop-scan" in step.get("uses", "") for name in step.get("with", {})}
    assert given
    assert given <= set(ACTION["inputs"])


def test_the_example_for_gitlab_writes_the_reports_it_names(tmp_path: Path) -> None:
    (block,) = (block for block in yaml_blocks() if "hiveloop-scan" in block)
    job = block["hiveloop-scan"]
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "agent.py").write_text(HANDOVER)
    (line,) = (line for line in job["script"] if line.startswith("hiveloop-scan lint"))
    command = [sys.executable, "-m", "hiveloop_scan", *line.split()[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert ended.returncode == 1
    assert all((tmp_path / name).is_file() for name in job["artifacts"]["reports"].values())
