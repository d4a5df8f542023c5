"""Programs that end badly, or do not want to end: each has a clear outcome, and none leaves anything behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from hiveloop_scan.verify.processes import name_of
from tests.verified import AGENT, verify, verify_text, write

SECONDS = 50
"""The longest that any of them may take, on a machine that is busy."""


def leftovers_in(folder: Path) -> list[str]:
    """Return the command lines of all processes that run in `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = (process / "cwd").readlink() == folder
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if is_ours and command:
            found.append(command)
    return found


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert not leftovers_in(tmp_path)
    assert time.monotonic() - start < SECONDS


def test_a_program_that_crashes_at_its_import(tmp_path: Path) -> None:
    done = verify_text(tmp_path, "import no_such_module\n")
    assert done.code == 1
    assert "ModuleNotFoundError: No module named 'no_such_module'" in done.err
    assert done.notes_with("never imported hiveloop (1 Python process followed)")


def test_a_crash_keeps_the_events_before_it(tmp_path: Path) -> None:
    done = verify_text(tmp_path, AGENT + "with agent.task('t-1'): 1 / 0\n")
    assert done.code == 1
    assert done.kinds == ["task_started", "task_failed"]
    assert not done.problems


def test_a_program_that_leaves_by_the_back_door(tmp_path: Path) -> None:
    done = verify_text(tmp_path, AGENT + "import os\nagent.report_issue('disk full', 'high')\nos._exit(7)\n")
    assert done.code == 7
    assert done.kinds == ["issue"]
    (problem,) = done.events[0].problems
    assert problem.startswith("the process ended") and "hiveloop.shutdown()" in problem


def test_a_program_that_is_killed(tmp_path: Path) -> None:
    text = AGENT + "import os, signal\nagent.report_issue('disk full', 'high')\nos.kill(os.getpid(), signal.SIGKILL)\n"
    done = verify_text(tmp_path, text)
    assert done.code == 128 + signal.SIGKILL
    assert done.kinds == ["issue"]


def test_a_program_that_breaks_down(tmp_path: Path) -> None:
    done = verify_text(tmp_path, AGENT + "import os\nagent.report_issue('disk full', 'high')\nos.abort()\n")
    assert done.code == 128 + signal.SIGABRT
    assert done.kinds == ["issue"]


def test_children_that_outlive_the_program_end_with_it(tmp_path: Path) -> None:
    text = """
    import os, time
    for number in range(8):
        if os.fork() == 0:
            if number % 2:
                os.setsid()  # out of the group
            time.sleep(600)
            os._exit(0)
    os._exit(3)
    """
    done = verify_text(tmp_path, text)
    assert done.code == 3
    assert len(done.notes_with("still running after the command had ended")) == 8


def test_children_that_have_children_end_as_well(tmp_path: Path) -> None:
    text = """
    import os, time
    for generation in range(6):
        if os.fork():
            break
    time.sleep(0.2 if generation == 0 else 600)
    """
    done = verify_text(tmp_path, text)
    assert done.code == 0
    assert len(done.notes_with("still running")) == 6


def test_a_daemon_ends_though_nobody_waits_for_it(tmp_path: Path) -> None:
    text = """
    import subprocess, sys
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    """
    done = verify_text(tmp_path, text)
    assert done.notes_with("time.sleep(600)) was still running")
    assert not done.notes_with("did not report")


def test_a_long_command_is_known_by_both_of_its_ends() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)", "x" * 80, "the end"]
    with subprocess.Popen(command) as process:
        name = name_of(process.pid)
        process.kill()
    assert len(name) <= 60
    assert name.startswith(sys.executable[:20])
    assert name.endswith("xxx the end")


def test_an_endless_loop_is_stopped(tmp_path: Path) -> None:
    done = verify_text(tmp_path, AGENT + "agent.report_issue('busy', 'low')\nwhile True: pass\n", "--timeout", "2")
    assert done.code == 124
    assert done.kinds == ["issue"]
    assert done.notes_with("longer than --timeout allows")
    assert not done.problems


def test_a_loop_that_will_not_hear_is_stopped_as_well(tmp_path: Path) -> None:
    text = """
    import os, signal
    os.fork()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True: pass
    """
    assert verify_text(tmp_path, text, "--timeout", "1").code == 124


def test_children_that_fork_faster_than_anybody_looks_are_stopped(tmp_path: Path) -> None:
    text = """
    import os, signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    until = time.monotonic() + 45  # should nobody stop them
    is_first = os.fork() != 0
    while time.monotonic() < until:
        if not is_first and os.fork() != 0:
            os._exit(0)
        time.sleep(0.005)
    """
    assert verify_text(tmp_path, text, "--timeout", "1").code == 124


def test_binary_output_is_not_touched(tmp_path: Path) -> None:
    data = bytes(range(256)) * 300 + b"\r\n\x00"
    done = verify_text(tmp_path, f"import sys\nsys.stdout.buffer.write(bytes(range(256)) * 300 + {data[-3:]!r})\n")
    assert done.out == data


def test_input_is_not_touched(tmp_path: Path) -> None:
    program = write(tmp_path, "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())\n")
    assert verify(tmp_path, "python", str(program), stdin=b"\x00\xff\r\n").out == b"\x00\xff\r\n"


def test_a_program_that_closes_all_it_has(tmp_path: Path) -> None:
    text = AGENT + "import os\nos.closerange(0, 256)\nagent.report_issue('silent', 'low')\n"
    done = verify_text(tmp_path, text)
    assert done.code == 0
    assert done.kinds == ["issue"]


def test_a_reader_that_goes_away_harms_nothing(tmp_path: Path) -> None:
    program = write(tmp_path, AGENT + "agent.report_issue('loud', 'low')\nfor n in range(100000): print(n)\n")
    kept = tmp_path / "events.jsonl"
    command = [sys.executable, "-m", "hiveloop_scan", "verify", "--save", str(kept), "--", sys.executable, str(program)]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(SECONDS) == 1  # Python's own answer to a broken pipe
    assert '"issue"' in kept.read_text()


def test_a_program_that_shuts_the_sdk_down_itself(tmp_path: Path) -> None:
    done = verify_text(
        tmp_path,
        AGENT + "agent.scheduled([])\nhiveloop.shutdown()\nhiveloop.shutdown()\nagent.todo('1', 'created', 'x')\n",
    )
    assert done.code == 0
    assert done.kinds == ["scheduled", "todo"]
    assert [record.problems for record in done.events] == [
        (),
        ("it was made after hiveloop.shutdown(): the SDK drops it",),
    ]


def test_a_program_with_an_endpoint_of_its_own_sends_nothing_there(tmp_path: Path) -> None:
    write(tmp_path, "[loophive]\nendpoint = http://127.0.0.1:9/config\n", "loophive.cfg")
    text = """
    import hiveloop
    hb = hiveloop.init("hb_live_real", "production", "group", "http://127.0.0.1:9", 60.0)
    hb.agent("one").report_issue("a", "low")
    hiveloop.reset()
    hiveloop.init(api_key="hb_live_real").agent("two").report_issue("b", "low")
    hiveloop.HiveBoard("hb_live_real", endpoint="http://127.0.0.1:9/direct").agent("three").report_issue("c", "low")
    """
    done = verify(tmp_path, "python", str(write(tmp_path, text)), HTTP_PROXY="http://127.0.0.1:9", NO_PROXY="")
    assert [record.agent for record in done.events] == ["one", "two", "three"]
    assert not done.problems
    (note,) = done.notes_with("without verify, the events go to")
    assert all(f"127.0.0.1:9{end}" in note for end in ("", "/config", "/direct"))
    assert "hb_live_real" not in done.err


def test_a_python_without_the_sdk(tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    done = verify(tmp_path, str(python), "-c", "import hiveloop")
    assert done.code == 1
    assert done.notes_with(f"hiveloop is not installed for {python}: {python} -m pip install hiveloop")


def test_a_huge_payload_is_named_and_hangs_nothing(tmp_path: Path) -> None:
    done = verify_text(tmp_path, AGENT + "agent.event('custom', {'summary': 's', 'data': 'x' * 3_000_000})\n")
    assert done.code == 0
    (record,) = done.events
    assert len(record.event["payload"]["data"]) == 3_000_000
    assert record.problems == ("its payload has 3,000,028 bytes, and HiveBoard takes 32,768",)


def test_a_flood_of_events_loses_those_that_the_sdk_drops(tmp_path: Path) -> None:
    text = """
    import hiveloop
    hb = hiveloop.init("hb_live_1", max_queue_size=50)
    agent = hb.agent("router")
    for number in range(2000):
        agent.event("custom", {"number": number})
    """
    done = verify_text(tmp_path, text)
    dropped = [record for record in done.events if record.problems]
    assert len(done.events) == 2000
    assert dropped
    assert {problem for record in dropped for problem in record.problems} == {
        "the SDK dropped it: more than 50 events were waiting"
    }
