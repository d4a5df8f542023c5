"""`apply`, `remove` and `undo` as their users run them, on files of every kind."""

import codecs
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.fixing import GETTERS
from tests.test_fix_retry import LOOP

CALL = b"_hl_task.retry("
TOOLS = """\
def run_turn(registry, reply, history):
    for tool_call in reply.tool_calls:
        output = registry.execute(tool_call.function.name, tool_call.function.arguments)
        history.append({"role": "tool", "tool_call_id": tool_call.id, "content": output})
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with one missing call, and a journal of its own."""
    monkeypatch.setenv("HIVELOOP_SCAN_STATE", str(tmp_path / "state"))
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "observability.py").write_text(GETTERS)
    (folder / "agent.py").write_text(LOOP)
    monkeypatch.chdir(folder)
    return folder


def git(*arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_call_is_written_and_a_second_run_has_nothing_to_do(run: Run, project: Path) -> None:
    first = run("apply", "--method", "retry")
    assert (first.code, first.out.splitlines()[-1]) == (0, "1 call written in 1 file")
    assert (project / "agent.py").read_bytes().count(CALL) == 1
    assert run("apply", "--method", "retry").out.startswith("nothing to write")


def test_undo_restores_the_bytes_once(run: Run, project: Path) -> None:
    run("apply", "--method", "retry")
    assert run("undo").code == 0
    assert (project / "agent.py").read_text() == LOOP
    assert "no run of apply is known" in run("undo").err


def test_undo_keeps_what_was_changed_since(run: Run, project: Path) -> None:
    run("apply", "--method", "retry")
    later = (project / "agent.py").read_text() + "# mine\n"
    (project / "agent.py").write_text(later)
    outcome = run("undo")
    assert (outcome.code, "was changed since" in outcome.err) == (2, True)
    assert (project / "agent.py").read_text() == later


def test_remove_takes_out_what_was_written_and_nothing_else(run: Run, project: Path) -> None:
    run("apply", "--method", "retry")
    text = (project / "agent.py").read_text().replace("client.get", "client.post")
    (project / "agent.py").write_text(text)
    assert run("remove").code == 0
    assert (project / "agent.py").read_text() == LOOP.replace("client.get", "client.post")


def test_a_diff_is_one_that_git_applies(run: Run, project: Path) -> None:
    diff = run("apply", "--method", "retry", "--diff")
    assert (project / "agent.py").read_text() == LOOP
    (project / "change.diff").write_text(diff.out)
    git("init", "-q")
    git("apply", "change.diff")
    assert (project / "agent.py").read_bytes().count(CALL) == 1


def test_check_tells_by_its_exit_code(run: Run, project: Path) -> None:
    assert run("apply", "--method", "retry", "--check").code == 1
    assert (project / "agent.py").read_text() == LOOP
    run("apply", "--method", "retry")
    assert run("apply", "--method", "retry", "--check").code == 0


def test_work_that_is_not_committed_is_left_alone(run: Run, project: Path) -> None:
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    (project / "agent.py").write_text(LOOP + "\n")
    assert "changes that are not committed" in run("apply", "--method", "retry").out
    assert (project / "agent.py").read_text() == LOOP + "\n"
    assert "1 call written" in run("apply", "--method", "retry", "--allow-dirty").out


def test_what_apply_has_left_is_no_uncommitted_work(run: Run, project: Path) -> None:
    two = LOOP + LOOP.replace("import time\n\n\n", "\n\n").replace("fetch", "fetch_again")
    (project / "agent.py").write_text(two)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    assert "1 call written" in run("apply", "--interactive", stdin=b"n\ny\n").out
    assert "nothing to write" in run("apply", "--method", "retry").out


def test_a_no_is_remembered_in_the_file(run: Run, project: Path) -> None:
    outcome = run("apply", "--method", "retry", "--interactive", stdin=b"e\nn\n")
    assert "because  failure starts the loop again" in outcome.out
    assert "# hiveloop: ignore[unreported-retry-loop] -- declined in apply" in (project / "agent.py").read_text()
    assert run("apply", "--method", "retry").out.startswith("nothing to write")


def test_quitting_writes_what_was_agreed_to(run: Run, project: Path) -> None:
    two = LOOP + LOOP.replace("import time\n\n\n", "\n\n").replace("fetch", "fetch_again")
    (project / "agent.py").write_text(two)
    run("apply", "--method", "retry", "--interactive", stdin=b"y\nq\n")
    assert (project / "agent.py").read_bytes().count(CALL) == 1


def test_a_file_with_two_names_keeps_the_whole_run_from_writing(run: Run, project: Path) -> None:
    (project / "other.py").write_text(LOOP.replace("fetch", "load"))
    os.link(project / "agent.py", project.parent / "linked.py")
    outcome = run("apply", "--method", "retry")
    assert (outcome.code, "hard links" in outcome.err) == (2, True)
    assert (project / "other.py").read_bytes().count(CALL) == 0
    assert "left alone: agent.py" in run("apply", "--method", "retry", "--keep-going").err
    assert (project / "other.py").read_bytes().count(CALL) == 1


def test_a_link_and_the_mode_of_its_file_stay(run: Run, project: Path) -> None:
    real = project.parent / "real.py"
    real.write_text(LOOP)
    real.chmod(0o750)
    (project / "agent.py").unlink()
    (project / "agent.py").symlink_to(real)
    run("apply", "--method", "retry", "agent.py")
    assert (project / "agent.py").is_symlink()
    assert (real.read_bytes().count(CALL), real.stat().st_mode & 0o777) == (1, 0o750)


ODD_FILES = {
    "windows line ends": LOOP.replace("\n", "\r\n").encode(),
    "old mac line ends": LOOP.replace("\n", "\r").encode(),
    "a byte order mark": codecs.BOM_UTF8 + LOOP.encode(),
    "another encoding": b"# -*- coding: latin-1 -*-\n" + LOOP.replace("/orders", "/\xfcber").encode("latin-1"),
    "tabs": LOOP.replace("    ", "\t").encode(),
    "two spaces": LOOP.replace("    ", "  ").encode(),
    "no final line end": LOOP.rstrip("\n").encode(),
    "a form feed": LOOP.replace("def fetch", "\f\ndef fetch").encode(),
    "a form feed in front of code": LOOP.replace("def fetch", "\fdef fetch").encode(),
    "letters outside of the alphabet": LOOP.replace("/orders", "/\u00fcber/\U0001f41d").encode(),
    "a future import": b'"""Doc."""\nfrom __future__ import annotations\n' + LOOP.encode(),
    "a docstring alone": b'"""Doc."""\n\n' + LOOP.replace("import time\n\n\n", "").encode(),
    "no import": LOOP.replace("import time\n\n\n", "").encode(),
    "a shebang": b"#!/usr/bin/env python3\n# by me\n" + LOOP.replace("import time\n\n\n", "").encode(),
    "imports in parentheses": b"from os import (\n    path,  # here\n    sep,\n)\n" + LOOP.encode(),
    "a guarded import": b"try:\n    import json\nexcept ImportError:\n    json = None\n" + LOOP.encode(),
    "a star import": b"from math import *\n" + LOOP.encode(),
    "comments around": LOOP.replace(
        "            time.sleep(2**attempt)\n",
        "            # wait\n            time.sleep(2**attempt)  # seconds\n            # then again\n",
    ).encode(),
    "a text over many lines": LOOP.replace(
        "            time.sleep", '            client.log("""\n  tried\n""")\n            time.sleep'
    ).encode(),
    "a call over many lines": LOOP.replace(
        "time.sleep(2**attempt)", "time.sleep(\n    2**attempt\n            )"
    ).encode(),
    "a decorator": LOOP.replace("def fetch", "@staticmethod\ndef fetch").encode(),
    "a walrus": LOOP.replace("if attempt ==", "if (last := attempt) ==").encode(),
    "a match": LOOP.replace(
        "            time.sleep(2**attempt)",
        """\
            match exc.args:
                case [str()]:
                    time.sleep(2**attempt)
                case _:
                    raise""",
    ).encode(),
    "a global statement": LOOP.replace("    for attempt", "    global count\n    count = 0\n    for attempt").encode(),
}


@pytest.mark.parametrize("data", ODD_FILES.values(), ids=ODD_FILES)
def test_odd_files_get_their_call_and_their_bytes_back(run: Run, project: Path, data: bytes) -> None:
    file = project / "agent.py"
    file.write_bytes(data)
    assert "1 call written" in run("apply", "--method", "retry").out
    after = file.read_bytes()
    assert after.count(CALL) == 1
    compile(after, "agent.py", "exec")
    assert run("apply", "--method", "retry").out.startswith("nothing to write")
    run("remove")
    assert file.read_bytes() == data


UNSURE_FILES = {
    "a wait on the line of its branch": LOOP.replace(
        LOOP[LOOP.index("        except") :],
        "        except TimeoutError: time.sleep(2)\n",
    ),
    "a backslash above": LOOP.replace(
        "            time.sleep", "            x = \\\n1; y = \\\n            time.sleep"
    ),
    "all variables read": LOOP.replace(
        "            time.sleep", "            client.log(**locals())\n            time.sleep"
    ),
    "names of its own": LOOP.replace("import time\n", "import time\n_hl_color = 1\n"),
    "a class body": "class Client:\n"
    + "".join(f"    {line}" for line in LOOP.splitlines(True)[4:]).replace("return", "x ="),
}


@pytest.mark.parametrize("source", UNSURE_FILES.values(), ids=UNSURE_FILES)
def test_where_it_is_unsure_the_file_stays_and_the_reason_is_told(run: Run, project: Path, source: str) -> None:
    (project / "agent.py").write_text(source)
    run("apply", "--method", "retry")
    assert (project / "agent.py").read_text() == source


def test_a_project_without_getters_is_told_the_next_step(run: Run, project: Path) -> None:
    (project / "observability.py").unlink()
    out = run("apply", "--method", "retry").out
    assert "nothing gives the task here" in out
    assert "hiveloop-scan init" in out


def test_calls_through_the_module_of_init_are_recognised(run: Run, project: Path) -> None:
    (project / "observability.py").unlink()
    run("init", ".")
    (project / "agent.py").write_text(TOOLS)
    assert "1 call written" in run("apply", "--method", "track_context").out
    assert "with _hl_track(" in (project / "agent.py").read_text()
    assert run("apply", "--method", "track_context").out.startswith("nothing to write")
    run("remove", "agent.py")
    assert (project / "agent.py").read_text() == TOOLS


def test_what_a_report_has_looked_at_is_not_looked_at_again(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("report", "--method", "retry").out.count("unreported-retry-loop") == 1
    monkeypatch.setattr("hiveloop_scan.workers.scan_as_read", lambda path, plan: pytest.fail(f"looked at {path}"))
    assert run("apply", "--method", "retry").out.splitlines()[-1] == "1 call written in 1 file"
    with pytest.raises(pytest.fail.Exception, match="looked at"):
        run("apply", "--method", "retry", "--no-cache")


def test_what_a_look_has_proven_is_not_proven_again(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("apply", "--method", "retry", "--diff")
    monkeypatch.setattr("hiveloop_scan.scan.scan_source", lambda *_: pytest.fail("looked at again"))
    assert run("apply", "--method", "retry", "--diff").out == first.out
    (project / "agent.py").write_text(LOOP.replace("client.get", "client.post"))
    with pytest.raises(pytest.fail.Exception, match="looked at again"):
        run("apply", "--method", "retry", "--diff")
