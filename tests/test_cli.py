"""The program as its users run it: arguments in, text and an exit code out."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hiveloop_scan import __version__
from tests.conftest import Run
from tests.textbook import RETRY_FILE

PROGRAM = (sys.executable, "-m", "hiveloop_scan")


def spawned(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a process of its own, its output in a pipe."""
    return subprocess.run([*PROGRAM, *arguments], check=False, capture_output=True, env=plain_environment(environment))


def plain_environment(extra: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")}
    return {**kept, "TERM": "xterm-256color", **extra}


def on_a_terminal(*arguments: str, columns: int = 80, **environment: str) -> str:
    """Run the program on a terminal of 24 lines and return all that it sends there."""
    pty = pytest.importorskip("pty")
    termios = pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=plain_environment(environment)
    )
    os.close(theirs)
    received = b"".join(iter(lambda: read_terminal(ours), b""))
    assert process.wait() == 0
    os.close(ours)
    return received.decode().replace("\r\n", "\n")


def without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def read_terminal(descriptor: int) -> bytes:
    """Read what has come; nothing when the other side has closed, which Linux reports as an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_a_missing_call_is_reported_and_the_run_succeeds(run: Run, agent: Path) -> None:
    outcome = run("report", "agent.py")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("agent.py:5:5:  high  retry  unreported-retry-loop  in fetch\n")


def test_the_working_folder_is_scanned_when_no_path_is_named(run: Run, agent: Path) -> None:
    assert "1 missing call in 1 of 1 file " in run("report").out


def test_a_run_that_finds_nothing_succeeds_with_a_friendly_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text("x = 1\n")
    outcome = run("report", "quiet.py")
    assert (outcome.code, outcome.out[:32]) == (0, "no missing calls found in 1 file")


def test_a_broken_file_is_listed_and_the_others_are_scanned(run: Run, agent: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    outcome = run("report", ".")
    assert outcome.code == 0
    assert "agent.py:5:5:" in outcome.out
    assert "broken.py: error: syntax error: " in outcome.out


def test_code_comes_from_stdin_with_the_name_it_is_given(run: Run) -> None:
    outcome = run("report", "-", "--stdin-filename", "src/agent.py", stdin=RETRY_FILE.encode())
    assert outcome.out.startswith("src/agent.py:5:5:  high")


def test_code_from_stdin_without_a_name_is_called_stdin(run: Run) -> None:
    assert run("report", "-", stdin=RETRY_FILE.encode()).out.startswith("<stdin>:5:5:  high")


def test_findings_less_sure_than_asked_for_are_left_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(RETRY_FILE.replace("time.sleep(2**attempt)", "pass").replace("attempt", "_"))
    counts = [run("report", "--min-confidence", grade).out.count(" in fetch\n") for grade in ("low", "high")]
    assert counts == [1, 0]


def test_statistics_are_added_on_request(run: Run, agent: Path) -> None:
    assert "by rule\n  1  unreported-retry-loop\n" in run("report", "--statistics").out


def test_a_report_goes_to_a_file_without_colours(run: Run, agent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    outcome = run("report", "agent.py", "--output", "report.txt")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert (agent.parent / "report.txt").read_text("utf-8").startswith("agent.py:5:5:  high  retry")


@pytest.mark.parametrize("name", ["missing/report.txt", "."])
def test_a_report_that_cannot_be_written_is_refused_before_the_scan(run: Run, agent: Path, name: str) -> None:
    outcome = run("report", "agent.py", "--output", name)
    assert outcome.code == 2
    assert outcome.err.startswith(f"Error: cannot write {name}: ")
    assert "\nHint: " in outcome.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["report", "nowhere"], "no such file or folder: nowhere"),
        (["report", "--method", "rety"], "no SDK method is called 'rety'\nHint: did you mean 'retry'?"),
        (["report", "--rule", "unreported-retry-lop"], "did you mean 'unreported-retry-loop'?"),
        (["report", "--rule", "unreported-retry-loop", "--method", "plan"], "no rule is left to run\nHint: "),
        (["report", "-", "agent.py"], "'-' cannot be mixed with other paths"),
        (["report", "--format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["report", "--min-confidence", "sure"], "'sure' is not one of 'low', 'medium', 'high'"),
        (["report", "--jobs", "many"], "'--jobs'"),
        (["report", "--jobs", "-1"], "'--jobs'"),
        (["report", "--colour"], "No such option"),
        (["report", "--sort", "price"], "'price' is not one of 'value', 'file'"),
        (["prompt", "nowhere"], "no such file or folder: nowhere"),
        (["prompt", "--max-sites", "0"], "'--max-sites'"),
        (["prompt", "--output", "missing/prompt.md"], "cannot write missing/prompt.md"),
        (["checklist", "--method", "rety"], "did you mean 'retry'?"),
        (["checklist", "-", "agent.py"], "'-' cannot be mixed with other paths"),
        (["explain"], "Missing argument 'RULE'"),
        (["explain", "retry-loop"], "no rule is called 'retry-loop'"),
        (["rules", "--method", "rety"], "did you mean 'retry'?"),
        (["scan"], "No such command 'scan'"),
    ],
)
def test_what_cannot_be_done_ends_with_a_clear_line_and_code_2(run: Run, arguments: list[str], told: str) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert told in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.err.splitlines()[-1].startswith("Hint: ") or "\nTry 'hiveloop-scan" in outcome.err


def test_a_path_that_is_misspelled_is_told_the_one_that_is_there(run: Run, agent: Path) -> None:
    assert run("report", "agnet.py").err.endswith("Hint: did you mean 'agent.py'?\n")


def test_files_that_cannot_be_scanned_end_with_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    told = "what is in it is not known: mend it, or leave it out with --exclude"
    assert told in run("report").out
    assert told in run("apply").out


def test_an_error_cannot_act_on_the_terminal(run: Run) -> None:
    assert "no such file or folder: \\x1b[31mred" in run("report", "\x1b[31mred").err


def test_the_rules_are_listed_with_method_guide_and_severity(run: Run) -> None:
    lines = [line.split() for line in run("rules").out.splitlines()]
    assert lines[0] == ["rule", "method", "guide", "severity"]
    assert ["unreported-retry-loop", "retry", "7.3", "warning"] in lines


def test_the_rules_are_listed_as_json(run: Run) -> None:
    assert '"name": "unreported-retry-loop"' in run("rules", "--method", "retry", "--format", "json").out


def test_a_rule_is_explained_by_its_page(run: Run) -> None:
    assert run("explain", "unreported-retry-loop").out.startswith("# unreported-retry-loop\n")


@pytest.mark.parametrize("command", [[], ["report"], ["rules"], ["explain"], ["prompt"], ["checklist"]])
def test_every_help_page_shows_examples(run: Run, command: list[str]) -> None:
    outcome = run(*command, "--help")
    assert outcome.code == 0
    assert "\n    hiveloop-scan " in outcome.out.partition("Example")[2]
    assert outcome.out == run(*command, "-h").out


def loaded_by(*arguments: str) -> set[str]:
    """Run the program and return the top-level packages that it imports."""
    command = [sys.executable, "-X", "importtime", "-m", "hiveloop_scan", *arguments]
    plain = plain_environment({})  # a width, as some test runners set one, asks for lines that are wrapped
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, env=plain).stderr
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in loaded.splitlines()}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["report", "--help"], ["prompt", "--help"]])
def test_version_and_help_load_nothing_heavy(arguments: list[str]) -> None:
    modules = loaded_by(*arguments)
    assert "hiveloop_scan" in modules
    assert not modules & {"libcst", "rich", "jinja2", "pathspec", "pygments"}


@pytest.mark.parametrize("command", ["report", "lint", "coverage"])
def test_what_is_known_already_is_told_to_a_pipe_without_a_parser_and_without_rich(agent: Path, command: str) -> None:
    loaded_by(command, str(agent))
    heavy = {"libcst", "rich", "pathspec", "concurrent"} & loaded_by(command, str(agent))
    assert heavy == set()


@pytest.mark.parametrize(("command", "fills_templates"), [("report", False), ("prompt", True), ("checklist", True)])
def test_only_commands_that_fill_templates_load_jinja2(agent: Path, command: str, fills_templates: bool) -> None:
    assert ("jinja2" in loaded_by(command, str(agent))) is fills_templates


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"hiveloop-scan {__version__}\n"


def test_a_reader_that_has_seen_enough_is_no_failure(agent: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "report", str(agent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=plain_environment({}),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), complaint) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("format", ["text", "json"])
def test_a_full_disk_is_told_in_one_line(agent: Path, format: str) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, "report", str(agent), "--format", format]
        ended = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"Error: cannot write to the standard output: No space left on device\nHint: ")


def test_a_terminal_gets_colours_and_lines_that_fit(agent: Path) -> None:
    text = on_a_terminal("report", str(agent), columns=60)
    assert "\x1b[1;32mhigh\x1b[0m" in text
    assert re.search(r"  because  .{40,49}\n {11}\w", without_colours(text))


def test_a_terminal_without_colours_gets_none(agent: Path) -> None:
    text = on_a_terminal("report", str(agent), NO_COLOR="1")
    assert "\x1b[1mhigh\x1b[0m" in text
    assert "32m" not in text


def test_a_dumb_terminal_gets_no_escape_sequences(agent: Path) -> None:
    assert "\x1b" not in on_a_terminal("report", str(agent), TERM="dumb")


def test_escape_sequences_in_code_do_not_reach_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "agent.py"
    file.write_text(RETRY_FILE.replace("range(3)", "range(len('\x1b]0;owned\x07'))"))
    text = on_a_terminal("report", str(file))
    assert "\x1b]" not in text
    assert "\\x1b]0;owned\\x07" in text


def test_a_pipe_gets_no_colours_and_no_wrapped_lines(agent: Path) -> None:
    text = spawned("report", str(agent)).stdout.decode()
    assert "\x1b" not in text
    assert not re.search(r"\n {11}\w", text)


def test_a_pipe_gets_colours_and_a_width_on_request(agent: Path) -> None:
    text = spawned("report", str(agent), FORCE_COLOR="1", COLUMNS="60").stdout.decode()
    assert "\x1b[1;32mhigh\x1b[0m" in text
    assert re.search(r"  because  .{40,49}\n {11}\w", without_colours(text))


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_without_unicode_gets_what_it_can_show(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "获取.py").write_text(RETRY_FILE, "utf-8")
    ended = spawned("report", str(tmp_path / "获取.py"), PYTHONIOENCODING=encoding)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"\\u83b7\\u53d6.py:5:5:" in ended.stdout
    assert b"\n    5 | for attempt" in ended.stdout
