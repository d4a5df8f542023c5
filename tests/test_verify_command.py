"""`verify` on the command line: where the verdict goes, limits, replays, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hiveloop_scan.verify.records import Run, write_records
from tests.stories import in_a_task, plan, record, step
from tests.verified import AGENT, verify_text

RUN = Run(
    ("python", "agent.py"), "2026-12-01T10:00:00.000+00:00", 7,
    in_a_task(plan("Ask"), step(0), step(0, "failed"), record("retry_started", {"attempt": 1})), ("one note",),
)  # fmt: skip


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    write_records(path, RUN)
    return path


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "hiveloop_scan", "verify", *options]
    environment = {**os.environ}  # readline adds a width to that of the process
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def test_a_replay_prints_what_the_run_was_worth(kept: Path) -> None:
    done = run(kept.parent, "--replay", kept.name)
    assert done.returncode == 0
    assert done.stdout.startswith("6 events of 1 agent in 1 task\n")
    assert done.stderr == "verify: one note\n"


def test_the_standard_output_is_the_programs(tmp_path: Path) -> None:
    done = verify_text(tmp_path, f"{AGENT}\nwith agent.task('t-1'): print('mine')\n", "--checklist")
    assert done.out == b"mine\n"
    assert "11.1 Plans: 0 of 6 items seen" in done.err
    assert "program.py:6" not in done.err


def test_a_replay_is_worth_what_the_run_was(tmp_path: Path) -> None:
    done = verify_text(tmp_path, f"{AGENT}\nwith agent.task('t-1') as t: t.plan('Do it', ['Ask'])\n", "--checklist")
    again = run(tmp_path, "--replay", "events.jsonl", "--checklist")
    assert done.err.endswith(again.stdout)


def test_silent_calls_of_the_program_are_named(tmp_path: Path) -> None:
    text = f"{AGENT}\nwith agent.task('t-1') as t:\n    if not t: t.escalate('Help', assigned_to='Kim')\n"
    done = verify_text(tmp_path, text)
    assert "1 of 2 calls sent nothing\n" in done.err
    assert "program.py:7: escalate\n" in done.err


def test_each_output_has_its_format(kept: Path) -> None:
    done = run(kept.parent, "--replay", kept.name, "-f", "json", "-o", "v.json", "-o", "markdown:v.md", "-o", "text:-")
    assert json.loads((kept.parent / "v.json").read_text())["checklist"]["seen"] == 9
    assert (kept.parent / "v.md").read_text().startswith("# HiveLoop run: 9 of 27 items seen\n")
    assert "9 of 27 items seen" in done.stdout


@pytest.mark.parametrize(
    ("limits", "missed"),
    [
        (("33",), ""),
        (("34",), "what is seen of the checklist is 33.3 %, less than 34 %\n"),
        (("plan=100", "retry=100"), ""),
        (("plan=100", "escalate=1"), "escalate is 0 %, less than 1 %\n"),
        (("queue_snapshot=50",), "queue_snapshot is 0 %, less than 50 %\n"),
    ],
)
def test_too_little_of_the_checklist_fails(limits: tuple[str, ...], missed: str, kept: Path) -> None:
    done = run(kept.parent, "--replay", kept.name, *(word for limit in limits for word in ("--fail-under", limit)))
    assert done.stderr == f"verify: one note\n{missed}"
    assert done.returncode == bool(missed)


def test_the_exit_code_of_the_command_goes_before_that_of_a_limit(tmp_path: Path) -> None:
    assert verify_text(tmp_path, f"{AGENT}\nraise SystemExit(5)\n", "--fail-under", "50").code == 5
    assert verify_text(tmp_path, AGENT, "--fail-under", "50").code == 1
    assert verify_text(tmp_path, AGENT, "--fail-under", "0").code == 0


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--replay", "no.jsonl"), "no such file: no.jsonl"),
        (("--replay", "events.jsonl", "--", "python"), "--replay runs no command"),
        ((), "no command to run"),
        (("--fail-under", "approve=1", "--", "python"), "no SDK method is called 'approve'"),
        (("--fail-under", "request_approval=1", "--", "python"), "nothing of the checklist is about request_approval"),
        (("--fail-under", "101", "--", "python"), "'101' is no percentage"),
        (("--source", "no", "--", "python"), "no such file or folder: no"),
        (("--output", "no/v.txt", "--", "python"), "cannot write no/v.txt"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_runs(options: tuple[str, ...], error: str, kept: Path) -> None:
    done = run(kept.parent, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert error in done.stderr
    assert "Hint: " in done.stderr
