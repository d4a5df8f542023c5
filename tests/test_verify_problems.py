"""Events that HiveBoard does not get, or not as they were meant, are seen all the same, each with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verified import AGENT, place, verify_text, write

LOST = "HiveBoard gets neither this event nor those that are sent along with it"


@pytest.mark.parametrize(
    ("value", "why", "shown"),
    [
        ("datetime.now()", "payload.data.context.x is of type datetime, which JSON cannot carry", "<datetime>"),
        (
            "[1, {'y': float('nan')}]",
            "payload.data.context.x[1].y is nan, which JSON cannot carry",
            [1, {"y": "<nan>"}],
        ),
        ("{1, 2}", "payload.data.context.x is of type set, which JSON cannot carry", "<set>"),
        ("{(1, 2): 3}", "payload.data.context.x has a key that is no text but a tuple", {"<tuple>": 3}),
        ("{'y': b'z'}", "payload.data.context.x.y is of type bytes, which JSON cannot carry", {"y": "<bytes>"}),
        ("Unprintable()", "payload.data.context.x is of type Unprintable, which JSON cannot carry", "<Unprintable>"),
    ],
)
def test_a_value_that_json_cannot_carry_is_named(value: str, why: str, shown: object, tmp_path: Path) -> None:
    text = f"""
from datetime import datetime
class Unprintable:
    def __repr__(self): raise SystemExit("nobody asks for this")
    __str__ = __repr__
agent.report_issue("bad", "low", context={{"x": {value}}})
"""
    (record,) = verify_text(tmp_path, AGENT + text).events
    assert record.problems == (f"{why}: {LOST}",)
    assert record.event["payload"]["data"]["context"] == {"x": shown}
    assert record.site == place(tmp_path / "program.py", 10)


def test_a_value_that_contains_itself_is_named(tmp_path: Path) -> None:
    text = "loop = {}\nloop['x'] = loop\nagent.report_issue('bad', 'low', context=loop)\n"
    (record,) = verify_text(tmp_path, AGENT + text).events
    assert record.problems == (f"payload.data.context.x contains itself: {LOST}",)


def test_a_value_too_deep_for_the_sdk_is_seen(tmp_path: Path) -> None:
    text = "deep = []\nfor _ in range(100_000): deep = [deep]\nagent.report_issue('bad', 'low', context={'x': deep})\n"
    (record,) = verify_text(tmp_path, AGENT + text).events
    assert record.problems == ("the SDK failed to make it",)
    assert record.site == place(tmp_path / "program.py", 7)


def test_what_is_sent_along_with_a_bad_event_is_lost_with_it(tmp_path: Path) -> None:
    text = "agent.report_issue('good', 'low')\nagent.report_issue('bad', 'low', context={'x': {1}})\n"
    good, _ = verify_text(tmp_path, AGENT + text).events
    program = tmp_path / "program.py"
    assert good.problems == (
        f"it was sent along with an event of {program}:6 that JSON cannot carry, and is lost with it",
    )


def test_an_agent_that_json_cannot_carry_ends_all_sending(tmp_path: Path) -> None:
    text = """
import os, time
bad = hb.agent("bad", version={1}, heartbeat_interval=0)
time.sleep(1)
agent.report_issue("after", "low")
os._exit(0)
"""
    done = verify_text(tmp_path, AGENT + text)
    bad, after = (record for record in done.run.records if record.agent == "bad" or record in done.events)
    assert bad.problems[-1] == "envelope.agent_version is of type set, which JSON cannot carry: the SDK stops sending"
    assert after.problems == ("the SDK's sender has died in this process: HiveBoard gets nothing from it any more",)


def test_texts_that_the_sdk_cuts_are_named(tmp_path: Path) -> None:
    text = "with agent.task('t' * 300) as task: task.escalate('e' * 600)\n"
    started, escalated, _ = verify_text(tmp_path, AGENT + text).events
    assert "its task_id was cut from 300 to 256 characters" in started.problems
    assert "its summary was cut from 600 to 512 characters" in escalated.problems
    assert len(str(escalated.event["payload"]["summary"])) == 512


def test_a_call_that_raises_is_named_though_a_guard_swallows_it(tmp_path: Path) -> None:
    text = """
import contextlib
with agent.task("t-1") as task:
    for _ in range(2):
        with contextlib.suppress(Exception): task.escalate(reason="low score")
    with contextlib.suppress(Exception): task.plan("goal", iter("ab"))
"""
    done = verify_text(tmp_path, AGENT + text)
    escalate, plan = done.notes_with("HiveBoard was not told")
    assert f"{tmp_path / 'program.py'}:9: escalate() raised TypeError" in escalate
    assert "missing 1 required positional argument: 'summary' 2 times" in escalate
    assert f"{tmp_path / 'program.py'}:10: plan() raised TypeError; " in plan


def test_a_worker_that_leaves_too_soon_is_told_so(tmp_path: Path) -> None:
    text = """
    import multiprocessing, time
    import hiveloop

    def work():
        agent = hiveloop.init("hb_live_1", flush_interval=5.0).agent("worker", heartbeat_interval=0)
        agent.report_issue("early", "low")
        hiveloop.flush()
        time.sleep(0.6)
        agent.report_issue("late", "low")
        time.sleep(0.6)

    worker = multiprocessing.get_context("fork").Process(target=work)
    worker.start()
    worker.join()
    """
    early, late = verify_text(tmp_path, text).events
    assert not early.problems
    assert (
        "later without hiveloop.shutdown(), and the SDK sends every 5 s: HiveBoard may not get it" in late.problems[0]
    )


def test_an_event_that_was_sent_in_time_has_no_problem(tmp_path: Path) -> None:
    text = """
    import os, time
    import hiveloop
    agent = hiveloop.init("hb_live_1", flush_interval=0.3).agent("worker")
    agent.report_issue("early", "low")
    time.sleep(1)
    os._exit(0)
    """
    assert not verify_text(tmp_path, text).problems


def test_a_queue_provider_that_fails_is_named_and_its_log_kept(tmp_path: Path) -> None:
    text = """
    import logging, time
    import hiveloop
    agent = hiveloop.init("hb_live_1").agent("worker", queue_provider=lambda: missing)
    """
    done = verify_text(tmp_path, text)
    assert done.notes_with("queue_provider callback failed for agent worker (NameError)")
    assert "Traceback" not in done.err


def test_a_queue_provider_that_is_asked_before_its_time_is_asked_again(tmp_path: Path) -> None:
    text = """
    import hiveloop, time
    agent = hiveloop.init("hb_live_1").agent("worker", queue_provider=lambda: {"depth": len(queue)})
    time.sleep(0.3)
    queue = [1, 2]
    """
    done = verify_text(tmp_path, text)
    assert done.kinds == ["queue_snapshot"]
    assert not done.notes_with("the SDK warned")


def test_a_payload_that_ends_a_block_with_an_error_is_named(tmp_path: Path) -> None:
    text = """
import contextlib
with contextlib.suppress(Exception), agent.task("t-1") as task:
    task.set_payload("text")
"""
    done = verify_text(tmp_path, AGENT + text)
    assert done.kinds == ["task_started"]
    assert done.notes_with("program.py:7: __exit__() raised ValueError; HiveBoard was not told")


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("None", "hiveloop.init() was given no key"),
        ("'live_1'", "hiveloop.init() was given a key that does not begin with hb_"),
        ("7", "hiveloop.init() was given a key of type int"),
    ],
)
def test_a_key_that_the_sdk_refuses_is_named(key: str, note: str, tmp_path: Path) -> None:
    done = verify_text(tmp_path, f"import hiveloop\nhiveloop.init({key}).agent('a').report_issue('x', 'low')\n")
    assert done.kinds == ["issue"]
    assert done.notes_with(note)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("import hiveloop\n", "imported hiveloop and never called hiveloop.init()"),
        ("import hiveloop\nhiveloop.init('hb_1')\n", "no agent was registered"),
        ("print('hello')\n", "never imported hiveloop"),
    ],
)
def test_a_program_without_events_is_told_what_is_missing(text: str, note: str, tmp_path: Path) -> None:
    done = verify_text(tmp_path, text)
    assert not done.run.records
    assert done.notes_with(note)


def test_a_program_that_has_a_module_of_the_same_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "hiveloop.py").write_text("def init(): return 'mine'\n")
    done = verify_text(tmp_path, "import hiveloop\nprint(hiveloop.init())\n")
    assert done.out == b"mine\n"
    assert len(done.run.notes) == len(done.notes_with("is not built as the SDK is known to be")) == 1


def test_an_sdk_that_sends_in_another_way_is_kept_from_sending(tmp_path: Path) -> None:
    text = """
class Transport:
    def __init__(self, address): print("sends")
class Agent: pass
"""
    for name, end in (("__init__", "from . import _agent, _transport\n"), ("_agent", ""), ("_transport", "")):
        write(tmp_path, text + "class HiveBoard: pass\ninit = _Transport = Transport\n" + end, f"hiveloop/{name}.py")
    done = verify_text(tmp_path, "import hiveloop\nhiveloop.init('hb_1')\n")
    assert done.out == b""
    assert "lets nothing leave the machine" in done.err
    assert done.notes_with("is not built as the SDK is known to be")


def test_an_sdk_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    program = write(tmp_path, "import no_such_module\n", "hiveloop/__init__.py")
    done = verify_text(tmp_path, "import hiveloop\n")
    assert done.notes_with(f"{program} could not be imported: ModuleNotFoundError: No module named 'no_such_module'")
