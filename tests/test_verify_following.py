"""Processes that a program starts are followed, or named as not followed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.verified import AGENT, Verified, verify, verify_text, write

CHILD = AGENT + "agent.report_issue('child', 'low')\n"
PARENT = """
import os, subprocess, sys
subprocess.run({command}, env={environment}, check=True)
"""


def started_by_a_program(folder: Path, command: str, environment: str = "None") -> Verified:
    write(folder, CHILD, "child.py")
    return verify_text(folder, PARENT.format(command=command, environment=environment))


@pytest.mark.parametrize(
    "command",
    [
        "[sys.executable, 'child.py']",
        "[sys.executable, '-u', '-W', 'ignore', '-c', 'import child']",
        "['sh', '-c', f'{sys.executable} child.py']",
        "['env', 'NAME=value', sys.executable, 'child.py']",
    ],
)
def test_a_python_child_is_followed(command: str, tmp_path: Path) -> None:
    done = started_by_a_program(tmp_path, command)
    assert done.kinds == ["issue"]
    assert done.events[0].process != 0
    assert not done.notes_with("keeps our hooks out")


@pytest.mark.parametrize(
    ("command", "environment", "why"),
    [
        ("[sys.executable, '-I', '-c', 'pass']", "None", "-I -c pass was started with -I, which keeps our hooks out"),
        ("[sys.executable, '-bS', 'child.py']", "None", "-bS child.py was started with -S, which keeps our hooks out"),
        ("[sys.executable, '-Xdev', '-Ec', 'pass']", "None", "was started with -E, which keeps our hooks out"),
        ("[sys.executable, '-c', 'pass']", "{}", "was started with another environment, which keeps our hooks out"),
        (
            "['true']",
            "None",
            "true is no Python; Python programs that it starts are followed, if they get its environment",
        ),
    ],
)
def test_what_is_not_followed_is_named(command: str, environment: str, why: str, tmp_path: Path) -> None:
    write(tmp_path, "pass\n", "child.py")
    done = verify_text(tmp_path, PARENT.format(command=command, environment=environment))
    (note,) = done.notes_with("not followed")
    assert why in note


def test_programs_that_are_not_followed_are_counted(tmp_path: Path) -> None:
    done = verify_text(tmp_path, "import os, subprocess\nfor n in range(3): subprocess.run(['true', str(n)])\n")
    (note,) = done.notes_with("not followed")
    assert note.startswith("not followed 3 times: true is no Python")


def test_a_python_that_does_not_report_is_named(tmp_path: Path) -> None:
    other = write(tmp_path, "#!/bin/sh\nexit 0\n", "python3.9")
    other.chmod(0o755)
    done = verify_text(tmp_path, f"import subprocess\nsubprocess.run([{str(other)!r}, 'old.py'])\n")
    assert done.notes_with(f"not followed: {other} old.py did not report (is it older than Python 3.11")


def test_what_python_itself_asks_of_the_machine_is_no_news(tmp_path: Path) -> None:
    text = "import ctypes.util, platform\nctypes.util.find_library('c')\nplatform.processor()\n"
    assert not verify_text(tmp_path, text).notes_with("not followed")


def test_events_of_a_process_that_cannot_take_notes_arrive_without_lines(tmp_path: Path) -> None:
    text = """
    import os, sys
    os.environ["HIVELOOP_SCAN_RUN"] = "/no/such/folder"
    os.execv(sys.executable, [sys.executable, "child.py"])
    """
    write(tmp_path, CHILD, "child.py")
    done = verify_text(tmp_path, text)
    assert [(record.agent, record.site) for record in done.events] == [("router", None)]
    assert done.notes_with("2 events came without their lines")


def test_a_command_that_keeps_the_hooks_out_is_named(tmp_path: Path) -> None:
    done = verify(tmp_path, "python", "-I", str(write(tmp_path, "print('hello')\n")))
    assert done.out == b"hello\n"
    assert done.notes_with("no Python process could be followed") and done.notes_with("was started with -I")


def test_a_console_script_that_keeps_the_hooks_out_is_named(tmp_path: Path) -> None:
    script = write(tmp_path, f"#!{sys.executable} -E\nprint('hello')\n", "agent")
    script.chmod(0o755)
    assert verify(tmp_path, str(script)).notes_with("was started with -E")


def test_a_command_that_is_no_python_is_named(tmp_path: Path) -> None:
    assert verify(tmp_path, "true").notes_with("no Python process could be followed: true is no Python")


@pytest.mark.parametrize("way", ["spawn", "forkserver"])
def test_workers_with_an_agent_of_their_own_are_followed(way: str, tmp_path: Path) -> None:
    text = f"""
    import multiprocessing
    import hiveloop

    def work(number):
        agent = hiveloop.init("hb_live_1").agent("worker")
        with agent.task(f"t-{{number}}"):
            pass
        hiveloop.shutdown()

    if __name__ == "__main__":
        context = multiprocessing.get_context({way!r})
        workers = [context.Process(target=work, args=(number,)) for number in range(2)]
        for worker in workers: worker.start()
        for worker in workers: worker.join()
    """
    done = verify_text(tmp_path, text)
    assert sorted(record.event["task_id"] for record in done.events) == ["t-0", "t-0", "t-1", "t-1"]
    assert len({record.process for record in done.events}) == 2
    assert not done.problems
    assert all(record.site is not None and record.site.function == "work" for record in done.events)


def test_events_of_a_fork_are_seen_and_said_to_be_lost(tmp_path: Path) -> None:
    text = (
        AGENT
        + """
import multiprocessing
def work():
    agent.report_issue("in the fork", "low")
worker = multiprocessing.get_context("fork").Process(target=work)
worker.start()
worker.join()
agent.report_issue("in the parent", "low")
"""
    )
    done = verify_text(tmp_path, text)
    lost, kept = done.events
    assert "forked after hiveloop.init()" in lost.problems[0]
    assert not kept.problems
    assert lost.process != kept.process


def test_a_fork_that_starts_anew_loses_nothing(tmp_path: Path) -> None:
    text = (
        AGENT
        + """
import os, time
time.sleep(0.5)
if os.fork() == 0:
    hiveloop.reset()
    hiveloop.init("hb_live_1").agent("fork").report_issue("in the fork", "low")
    hiveloop.shutdown()
    os._exit(0)
os.wait()
"""
    )
    done = verify_text(tmp_path, text)
    assert done.kinds == ["issue"]
    assert not done.problems


def test_a_sitecustomize_of_the_users_own_runs_as_well(tmp_path: Path) -> None:
    write(tmp_path, "import builtins\nbuiltins.greeting = 'hello'\n", "own/sitecustomize.py")
    program = write(tmp_path, AGENT + "import sitecustomize\nprint(greeting, sitecustomize.__file__)\n")
    done = verify(tmp_path, "python", str(program), PYTHONPATH=str(tmp_path / "own"))
    assert done.out.decode().split() == ["hello", str(tmp_path / "own" / "sitecustomize.py")]
    assert [record.event["event_type"] for record in done.run.records] == ["agent_registered"]


def test_a_sitecustomize_that_fails_fails_as_it_does_without_us(tmp_path: Path) -> None:
    write(tmp_path, "raise ValueError('broken')\n", "own/sitecustomize.py")
    done = verify(tmp_path, "python", "-c", "print('hello')", PYTHONPATH=str(tmp_path / "own"))
    assert done.out == b"hello\n"
    assert "Error in sitecustomize" in done.err and "ValueError: broken" in done.err


def test_the_program_finds_its_modules_where_it_does_without_us(tmp_path: Path) -> None:
    program = write(tmp_path, "import sys\nprint(sys.path, 'sitecustomize' in sys.modules)\n")
    plain = subprocess.run([sys.executable, str(program)], cwd=tmp_path, capture_output=True, check=True)
    with_us = verify(tmp_path, "python", str(program)).out
    assert with_us.replace(b"True", b"False") == plain.stdout.replace(b"True", b"False")
