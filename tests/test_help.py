"""Help that can be trusted: each page shows examples, they can be typed, and a shell completes what it can."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_lines import COMMANDS, GROUP, PROGRAM, UsageError, check, program_calls
from tests.conftest import Run

PAGES = {"": GROUP, **COMMANDS}
EXAMPLES = [
    (name, line.strip())
    for name, page in PAGES.items()
    for line in (page.epilog or "").splitlines()
    if line.strip().startswith(PROGRAM)
]


@pytest.mark.parametrize("name", PAGES)
def test_every_help_page_ends_with_examples_of_its_command(run: Run, name: str) -> None:
    page = run(*filter(None, [name, "--help"])).out
    examples = page.partition("\n  Example")[2].splitlines()[2:]
    assert examples
    assert [line for line in examples if not line.startswith(f"    {PROGRAM} {name}".rstrip())] == []


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_an_example_can_be_typed(name: str, line: str) -> None:
    (arguments,) = program_calls(line)
    assert name in ("", *arguments[:1])
    check(arguments)


def test_an_example_that_cannot_be_typed_is_noticed() -> None:
    for line in (f"{PROGRAM} reprot", f"{PROGRAM} report --metod retry", f"{PROGRAM} report --format xml < a.py"):
        with pytest.raises(UsageError):
            check(*program_calls(line))


@pytest.mark.parametrize("name", PAGES)
def test_a_help_page_fits_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in run(*filter(None, [name, "--help"])).out.splitlines() if len(line) > 80] == []


def test_the_list_of_commands_cuts_no_sentence_short(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "..." not in run("--help").out.partition("\nCommands:\n")[2].partition("\n\n")[0]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["rep"], "report"),
        (["explain", "unreported-retry-lo"], "unreported-retry-loop"),
        (["report", "--method", "request_"], "request_approval"),
        (["report", "--sort", "v"], "value"),
        (["lint", "--select", "misu"], "misuse"),
        (["coverage", "--fail"], "--fail-under"),
    ],
)
def test_bash_completes(tmp_path: Path, typed: list[str], offered: str) -> None:
    program = tmp_path / PROGRAM
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m hiveloop_scan "$@"\n')
    program.chmod(0o755)
    words = " ".join((PROGRAM, *typed))
    script = f"""
        source <(_HIVELOOP_SCAN_COMPLETE=source_bash {program})
        COMP_WORDS=({words}); COMP_CWORD={len(typed)}
        _hiveloop_scan_completion {program}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == [offered]
