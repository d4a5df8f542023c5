"""A program runs under `verify` as it does without, and each of its events is seen with its line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.verified import AGENT, place, verify, verify_text, write

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
SHOWN = re.findall(r"^hiveloop-scan verify (.*?)-- (python .*)$", README, re.MULTILINE)


@pytest.mark.parametrize(("options", "command"), SHOWN)
def test_a_command_of_the_readme_does_its_job(options: str, command: str, tmp_path: Path) -> None:
    write(tmp_path, AGENT + "with agent.task('t-1'): pass\n", "agent.py")
    write(tmp_path, "def test_agent():\n    import agent\n", "test_agent.py")
    done = verify(tmp_path, *shlex.split(command, comments=True), options=tuple(shlex.split(options)))
    assert done.code == 0
    assert done.kinds == ["task_started", "task_completed"]


def test_the_readme_shows_commands() -> None:
    assert SHOWN


def test_each_event_has_the_line_that_made_it(tmp_path: Path) -> None:
    done = verify_text(
        tmp_path,
        AGENT
        + """
@agent.track("score")
def score():
    agent.report_issue("slow", "low")

class Worker:
    def work(self):
        with agent.task("t-1") as task:
            task.retry(
                "again",
                attempt=1,
            )
            with agent.track_context("search"):
                score()

Worker().work()
""",
    )
    program = tmp_path / "program.py"
    work = "Worker.work"
    assert [(kind, record.site) for kind, record in zip(done.kinds, done.events, strict=True)] == [
        ("task_started", place(program, 12, work)),
        ("retry_started", place(program, 13, work)),
        ("action_started", place(program, 17, work)),
        ("action_started", place(program, 6)),
        ("issue", place(program, 8, "score")),
        ("action_completed", place(program, 6)),
        ("action_completed", place(program, 17, work)),
        ("task_completed", place(program, 12, work)),
    ]
    assert not done.problems


def test_a_module_is_run_by_its_name(tmp_path: Path) -> None:
    program = write(tmp_path, AGENT + "with agent.task('t-1'): pass\n", "my_agent/__main__.py")
    done = verify(tmp_path, "python", "-m", "my_agent")
    assert [record.site for record in done.events] == [place(program, 5)] * 2


def test_pytest_is_a_command_like_any_other(tmp_path: Path) -> None:
    write(tmp_path, AGENT + "def test_it():\n    with agent.task('t-1'): pass\n", "test_it.py")
    done = verify(tmp_path, "python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.code == 0
    assert b"1 passed" in done.out
    assert [record.site for record in done.events] == [place(tmp_path / "test_it.py", 6, "test_it")] * 2


def test_what_is_sent_is_what_is_recorded(tmp_path: Path) -> None:
    done = verify_text(tmp_path, AGENT + "agent.queue_snapshot(3, items=[{'id': 'a'}])\n")
    (record,) = done.events
    assert record.agent == "router"
    assert record.event["payload"]["data"] == {"depth": 3, "items": [{"id": "a"}]}


def test_the_queue_provider_is_asked_before_a_short_program_ends(tmp_path: Path) -> None:
    text = """
    import hiveloop
    hb = hiveloop.init("hb_live_1", environment="production")
    agent = hb.agent("router", queue_provider=lambda: {"depth": 4})
    """
    done = verify_text(tmp_path, text)
    assert done.kinds == ["queue_snapshot"]
    assert done.events[0].site == place(tmp_path / "program.py", 4)
