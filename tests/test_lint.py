"""The gate: what it runs, what it says of comments and broken files, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.textbook import RETRY_FILE

HANDOVER = """\
def decide(case, confidence, review_queue):
    if confidence < 0.4:
        review_queue.assign_to_human(case)
        return None
    return case
"""
TOLD = HANDOVER.replace("        review", "        task.escalate('Not sure', assigned_to='support')\n        review")
NOTED = """\
import hiveloop

hb = hiveloop.init("hb_live_x")
"""
MISUSED = """\
import hiveloop

hb = hiveloop.init(api_key="hb_live_x", endpoint="https://hive.example.org")
agent = hb.agent("worker")


def work(item):
    with agent.task(f"item-{item}") as task:
        task.escalate(reason="too hard")
"""


def found(run: Run, *arguments: str) -> list[str]:
    """Run lint and return the rules and lines of what it finds; its exit code says the same."""
    outcome = run("lint", "--format", "json", *arguments)
    findings = json.loads(outcome.out)["findings"]
    assert outcome.code == (1 if findings else 0)
    return [f"{finding['rule']} {finding['line']}" for finding in findings]


def test_a_handover_without_a_word_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(HANDOVER)
    assert found(run) == ["unreported-escalation 3"]


def test_a_handover_that_is_told_passes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(TOLD)
    assert found(run) == []


def test_the_outcome_is_told_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(HANDOVER)
    outcome = run("lint")
    assert "1 finding in 1 of 1 file " in outcome.out
    assert outcome.code == 1
    (tmp_path / "agent.py").write_text(TOLD)
    assert run("lint").out.startswith("no findings found in 1 file ")


def test_a_wrong_call_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(MISUSED)
    assert "reason-without-summary 9" in found(run)


@pytest.mark.parametrize(
    ("fail_on", "note", "warning", "error"),
    [((), 1, 1, 1), (("note",), 1, 1, 1), (("warning",), 0, 1, 1), (("error",), 0, 0, 1)],
)
def test_how_bad_a_finding_has_to_be_is_told(
    run: Run, tmp_path: Path, fail_on: tuple[str, ...], note: int, warning: int, error: int
) -> None:
    options = ("--fail-on", *fail_on) if fail_on else ()
    written = "".join(f'fail-on = "{value}"\n' for value in fail_on)
    for source, code in ((NOTED, note), (HANDOVER, warning), (MISUSED, error)):
        (tmp_path / "agent.py").write_text(source)
        (tmp_path / "pyproject.toml").unlink(missing_ok=True)
        assert run("lint", *options).code == code
        (tmp_path / "pyproject.toml").write_text(f"[tool.hiveloop-scan.lint]\n{written}")
        outcome = run("lint")
        assert (outcome.code, "1 finding in 1 of 1 file " in outcome.out) == (code, True)


def test_a_missing_retry_passes_unless_it_is_asked_for(run: Run, agent: Path) -> None:
    assert found(run) == []
    for selected in ("retry", "unreported-retry-loop", "missing", "all"):
        assert found(run, "--select", selected) == ["unreported-retry-loop 5"]


def test_what_is_ignored_does_not_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(HANDOVER)
    for ignored in ("escalate", "unreported-escalation"):
        assert found(run, "--ignore", ignored) == []


def test_settings_choose_for_the_gate_alone(run: Run, agent: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.hiveloop-scan.lint]\nselect = ["retry"]\n')
    assert found(run) == ["unreported-retry-loop 5"]
    assert found(run, "--select", "escalate") == []
    assert "1 missing call" in run("report").out


def test_the_settings_of_reports_count_for_the_gate(run: Run, agent: Path, tmp_path: Path) -> None:
    settings = tmp_path / "pyproject.toml"
    settings.write_text('[tool.hiveloop-scan]\nselect = ["retry"]\n')
    assert found(run) == ["unreported-retry-loop 5"]
    settings.write_text('[tool.hiveloop-scan]\nselect = ["retry"]\nexclude = ["agent.py"]\n')
    assert found(run) == []
    settings.write_text('[tool.hiveloop-scan.per-file-ignores]\n"agent.py" = ["retry"]\n')
    assert found(run, "--select", "retry") == []


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--select", "escalat"), "did you mean 'escalate'?"),
        (("--ignore", "unreported-escalatoin"), "did you mean 'unreported-escalation'?"),
        (("nowhere",), "it is looked for in /"),
    ],
)
def test_what_cannot_be_done_ends_with_2(run: Run, agent: Path, arguments: tuple[str, ...], hint: str) -> None:
    outcome = run("lint", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert hint in outcome.err


def test_a_file_that_cannot_be_parsed_is_a_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("x = 1\ndef f(:\n")
    assert found(run) == ["unparsable-file 2"]
    assert "broken.py:2:1:  high  none  unparsable-file" in run("lint").out
    assert found(run, "--ignore", "unparsable-file") == []


def test_code_comes_from_stdin(run: Run) -> None:
    outcome = run("lint", "-", "--stdin-filename", "agent.py", stdin=HANDOVER.encode())
    assert (outcome.code, outcome.out.splitlines()[0][:12]) == (1, "agent.py:3:9")


def silenced(comment: str, source: str = RETRY_FILE) -> str:
    return source.replace("range(3):", f"range(3):  # hiveloop: {comment}")


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("ignore[unreported-retry-loop] -- the caller tells", []),
        ("ignore[unreported-retry-loop] until=2999-01-31 -- the caller tells", []),
        ("ignore -- the caller tells", []),
        ("ignore[unreported-retry-loop]", []),
        ("ignore[unreported-retry-loop, unreported-requeue] -- the caller tells", ["unused-suppression 5"]),
        ("ignore[unreported-retry-lop] -- why", ["unreported-retry-loop 5", "unknown-suppression 5"]),
        (
            "ignore[unreported-retry-loop] until=2020-01-31 -- later",
            ["unreported-retry-loop 5", "expired-suppression 5"],
        ),
        ("ignore[unreported-retry-loop] until=soon -- later", ["unreported-retry-loop 5", "expired-suppression 5"]),
    ],
)
def test_comments_silence_and_are_judged(run: Run, agent: Path, comment: str, rules: list[str]) -> None:
    agent.write_text(silenced(comment))
    assert found(run, "--select", "all") == rules


def test_a_comment_that_silences_nothing_is_a_finding(run: Run, agent: Path) -> None:
    agent.write_text("x = 1  # hiveloop: ignore[unreported-escalation] -- no more\n")
    assert found(run) == ["unused-suppression 1"]


def test_a_comment_about_a_rule_that_does_not_run_is_not_judged(run: Run, agent: Path) -> None:
    agent.write_text("x = 1  # hiveloop: ignore[unreported-retry-loop] -- no more\ny = 2  # hiveloop: ignore -- why\n")
    assert found(run) == []
    assert found(run, "--select", "all") == ["unused-suppression 1", "unused-suppression 2"]


def test_a_comment_at_a_place_that_is_told_meanwhile_is_unused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(TOLD.replace("(case)\n", "(case)  # hiveloop: ignore -- old\n", 1))
    assert found(run, "--select", "all") == ["unused-suppression 4"]


def test_a_comment_at_a_place_that_is_in_doubt_is_of_use(run: Run, agent: Path) -> None:
    doubtful = RETRY_FILE.replace("time.sleep(2**attempt)", "pass").replace("attempt", "_")
    agent.write_text(doubtful)
    surely = ("--select", "retry", "--min-confidence", "high")
    assert found(run, *surely, "--min-confidence", "low") == ["unreported-retry-loop 5"]
    assert found(run, *surely) == []
    agent.write_text(silenced("ignore[unreported-retry-loop] -- the caller tells", doubtful))
    assert found(run, *surely) == []


@pytest.mark.parametrize("where", ["# hiveloop: ignore-file[unreported-retry-loop] -- a script\n", ""])
def test_a_comment_silences_a_whole_file(run: Run, agent: Path, where: str) -> None:
    agent.write_text(where + RETRY_FILE)
    assert (found(run, "--select", "all") == []) is bool(where)


def test_a_comment_for_another_rule_in_the_file_silences_nothing(run: Run, agent: Path) -> None:
    agent.write_text("# hiveloop: ignore-file[unreported-escalation] -- a script\n" + RETRY_FILE)
    assert found(run, "--select", "all") == ["unused-suppression 1", "unreported-retry-loop 6"]


def test_reasons_can_be_demanded(run: Run, agent: Path, tmp_path: Path) -> None:
    agent.write_text(silenced("ignore[unreported-retry-loop]"))
    assert found(run, "--select", "retry", "--require-reason") == ["unexplained-suppression 5"]
    (tmp_path / "pyproject.toml").write_text("[tool.hiveloop-scan.lint]\nrequire-reason = true\n")
    assert found(run, "--select", "retry") == ["unexplained-suppression 5"]


def test_a_report_says_nothing_of_comments(run: Run, agent: Path) -> None:
    agent.write_text("x = 1  # hiveloop: ignore[unreported-escalation] -- no more\n")
    assert run("report").out.startswith("no missing calls found in 1 file ")


def test_a_setting_that_is_unknown_is_refused(run: Run, agent: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.hiveloop-scan.lint]\nrequire-reasons = true\n")
    outcome = run("lint")
    assert (outcome.code, outcome.err.splitlines()[-1]) == (2, "Hint: did you mean 'require-reason'?")
