"""What the module that `init` writes does, with the real SDK and a server that keeps what it is sent."""

import asyncio
import contextvars
import subprocess
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from hiveloop_scan.fix.starting import new_module
from tests.generated_module import load_module
from tests.sink import KEY, Sink, kind_of, open_sink

FIVE = range(5)
TWO = ("one", "two")


class Mute:
    """A value of a user's that cannot be spelled."""

    def __str__(self) -> str:
        raise RuntimeError


class MuteError(Exception):
    """An exception whose message cannot be worked out."""

    def __str__(self) -> str:
        raise RuntimeError


class Broken:
    """A task or an agent of a broken SDK."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


@pytest.fixture
def board(tmp_path: Path) -> Any:
    """Return the module as it is imported, with nothing started."""
    return load_module(tmp_path)


@pytest.fixture
def sink(board: Any) -> Iterator[Sink]:
    """Return where the events arrive, with an agent started; they are there when `told` has been called."""
    with open_sink() as opened:
        assert board.start_hiveloop("helper", api_key=KEY, endpoint=opened.endpoint, heartbeat_interval=0) is not None
        yield opened


def told(sink: Sink) -> list[tuple[str, str | None]]:
    """Return the type and the task of all events but that of the agent's start, once all have arrived."""
    return [(kind_of(event), event.get("task_id")) for event in sink.arrived()[1:]]


def tasks_of_actions(sink: Sink) -> set[tuple[str, str | None]]:
    """Return the names of the actions with the tasks that they were ascribed to."""
    return {
        (event["payload"]["action_name"], event.get("task_id"))
        for event in sink.arrived()
        if event["event_type"].startswith("action_")
    }


def test_an_action_and_a_call_belong_to_the_open_task(board: Any, sink: Sink) -> None:
    with board.open_task("ticket-1", project="support"), board.track("search_crm"):
        board.tell_task(lambda task: task.retry("again", attempt=1))
    assert told(sink) == [
        (kind, "ticket-1")
        for kind in ("task_started", "action_started", "retry_started", "action_completed", "task_completed")
    ]


def test_coroutines_keep_their_tasks_apart(board: Any, sink: Sink) -> None:
    async def work(number: int) -> None:
        with board.open_task(f"ticket-{number}"):
            await asyncio.sleep(0.01 * (5 - number))
            with board.track(f"tool-{number}"):
                await asyncio.sleep(0.01 * number)
                board.tell_task(lambda task: task.retry("again"))

    async def work_on_all() -> None:
        await asyncio.gather(*map(work, FIVE))

    asyncio.run(work_on_all())
    assert tasks_of_actions(sink) == {(f"tool-{number}", f"ticket-{number}") for number in FIVE}
    assert sorted(task for kind, task in told(sink) if kind == "retry_started" and task) == [
        f"ticket-{number}" for number in FIVE
    ]


def test_threads_keep_their_tasks_apart(board: Any, sink: Sink) -> None:
    def work(number: int) -> None:
        with board.open_task(f"ticket-{number}"), board.track(f"tool-{number}"):
            board.tell_agent(lambda agent: agent.queue_snapshot(number))

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, FIVE))
    assert tasks_of_actions(sink) == {(f"tool-{number}", f"ticket-{number}") for number in FIVE}
    assert len([event for event in sink.arrived() if kind_of(event) == "queue_snapshot"]) == 5


def test_a_thread_that_takes_its_context_along_knows_the_task(board: Any, sink: Sink) -> None:
    def work() -> None:
        with board.track("tool"):
            pass

    with board.open_task("ticket-1"), ThreadPoolExecutor(1) as pool:
        pool.submit(contextvars.copy_context().run, work).result()
    assert tasks_of_actions(sink) == {("tool", "ticket-1")}


def test_a_coroutine_without_a_task_is_not_given_that_of_another(board: Any, sink: Sink) -> None:
    async def with_task(opened: asyncio.Event, done: asyncio.Event) -> None:
        with board.open_task("ticket-1"):
            opened.set()
            await done.wait()

    async def without_task() -> None:
        opened, done = asyncio.Event(), asyncio.Event()
        other = asyncio.create_task(with_task(opened, done))
        await opened.wait()
        with board.track("tool"):
            done.set()
        await other

    asyncio.run(without_task())
    assert tasks_of_actions(sink) == {("tool", None)}


def test_a_task_in_a_task_gives_it_back(board: Any, sink: Sink) -> None:
    with board.open_task("outer") as outer:
        with board.open_task("inner"):
            assert board.get_current_task().task_id == "inner"
        assert board.get_current_task() is outer
    assert board.get_current_task() is None


def test_a_failure_goes_on_and_is_told(board: Any, sink: Sink) -> None:
    with pytest.raises(KeyError), board.open_task("ticket-1"), board.track("tool"):
        raise KeyError("order")
    failures = [event["payload"] for event in sink.arrived() if event["event_type"].endswith("_failed")]
    assert [failure["exception_type"] for failure in failures] == ["KeyError", "KeyError"]


def test_an_exception_that_cannot_be_spelled_goes_on_and_is_told(board: Any, sink: Sink) -> None:
    with pytest.raises(MuteError), board.open_task("ticket-1"), board.track(Mute()):
        raise MuteError
    failures = [event["payload"] for event in sink.arrived() if event["event_type"].endswith("_failed")]
    assert [failure["exception_message"] for failure in failures] == ["MuteError", "MuteError"]


def test_a_generator_that_is_closed_early_has_not_failed(board: Any, sink: Sink) -> None:
    def words() -> Generator[str, None, None]:
        with board.track("tool"):
            yield from ("a", "b")

    stream = words()
    next(stream)
    stream.close()
    assert [kind for kind, _ in told(sink)] == ["action_started", "action_completed"]


def test_a_payload_holds_nothing_that_json_cannot_carry(board: Any, sink: Sink) -> None:
    with board.track("tool") as action:
        action.set_payload({"n": 1, "nan": float("nan"), "big": 10**5000, "b": b"x", "mute": Mute(), "text": "x" * 999})
    *_, end = sink.arrived()
    assert end["payload"] == {
        "action_name": "tool", "n": 1, "nan": "nan", "big": "int", "b": "b'x'", "mute": "Mute", "text": "x" * 200,
    }  # fmt: skip


def test_the_name_of_an_action_can_be_a_lambda_that_fails(board: Any, sink: Sink) -> None:
    with board.track(lambda: Broken().name):
        pass
    assert told(sink) == []


def test_a_call_in_a_thread_belongs_to_the_task_that_asked_for_it(board: Any, sink: Sink) -> None:
    with board.open_task("ticket-1"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(board.track_call("tool", str.upper), "a").result() == "A"
        with pytest.raises(ValueError, match="invalid literal"):
            pool.submit(board.track_call(lambda: "other", int), "b").result()
    actions = [event for event in sink.arrived() if "action" in event["event_type"]]
    assert [(event["event_type"], event["task_id"]) for event in actions] == [
        ("action_started", "ticket-1"), ("action_completed", "ticket-1"),
        ("action_started", "ticket-1"), ("action_failed", "ticket-1"),
    ]  # fmt: skip


def test_what_is_awaited_side_by_side_is_an_action_each(board: Any, sink: Sink) -> None:
    async def tool(name: str) -> str:
        await asyncio.sleep(0)
        return name

    async def work() -> list[str]:
        with board.open_task("ticket-1"):
            done: list[str] = await asyncio.gather(
                *[board.track_awaitable(name, tool(name)) for name in ("one", "two")]
            )
            return done

    assert asyncio.run(work()) == [*TWO]
    actions = [event for event in sink.arrived() if "action" in event["event_type"]]
    assert sorted((event["payload"]["action_name"], event["event_type"], event["task_id"]) for event in actions) == [
        (name, kind, "ticket-1") for name in TWO for kind in ("action_completed", "action_started")
    ]


def test_a_step_is_told_from_start_to_end(board: Any, sink: Sink) -> None:
    with board.open_task("ticket-1") as task:
        task.plan("goal", ["one", "two"])
        with board.track_step(0, "one"):
            pass
        with pytest.raises(KeyError), board.track_step(lambda: 1, lambda: "two"):
            raise KeyError
    steps = [event["payload"]["data"] for event in sink.arrived() if kind_of(event) == "plan_step"]
    assert [(step["step_index"], step["action"]) for step in steps] == [
        (0, "started"), (0, "completed"), (1, "started"), (1, "failed"),
    ]  # fmt: skip


def test_a_step_of_no_plan_is_not_told(board: Any, sink: Sink) -> None:
    with board.open_task("ticket-1"), board.track_step(0, "one"):
        pass
    assert [kind for kind, _ in told(sink)] == ["task_started", "task_completed"]


def test_an_agent_is_registered_once_and_known_by_its_name(board: Any, sink: Sink) -> None:
    agent = board.get_hiveloop_agent("helper")
    assert board.start_hiveloop("helper", api_key=KEY, endpoint=sink.endpoint) is agent
    assert board.get_hiveloop_agent("other") is None
    assert board.get_hiveloop_agent() is agent


def test_a_token_of_another_context_clears_all_the_same(board: Any) -> None:
    token = contextvars.copy_context().run(board.set_current_task, "task")
    board.set_current_task("another")
    board.clear_current_task(token)
    assert board.get_current_task() is None


@pytest.mark.parametrize("broken", [None, Broken()], ids=["nothing", "a broken SDK"])
def test_the_user_s_code_runs_all_the_same_with(broken: Any, board: Any) -> None:
    board.set_current_task(broken)
    board.set_hiveloop_agent(broken)
    ran = []
    with board.open_task("ticket-1"), board.track("tool") as action, board.track_step(0, "one"):
        action.set_payload({"a": 1})
        board.tell_task(lambda task: task.retry("again"))
        board.tell_agent(lambda agent: agent.queue_snapshot(1))
        ran.append(1)
    assert ran == [1]


def test_nothing_is_started_without_key_and_endpoint(board: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(board.KEY_VARIABLE, raising=False)
    monkeypatch.delenv(board.ENDPOINT_VARIABLE, raising=False)
    assert board.start_hiveloop("helper") is None
    assert board.start_hiveloop("helper", api_key=KEY) is None
    assert board.start_hiveloop("helper", endpoint="http://127.0.0.1:9") is None


def test_a_key_of_the_wrong_form_is_logged_and_no_more(board: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert board.start_hiveloop("helper", api_key="secret", endpoint="http://127.0.0.1:9") is None
    assert "HiveLoop stays off: Invalid API key format" in caplog.text


def test_it_can_be_imported_and_used_without_the_sdk(tmp_path: Path) -> None:
    module = new_module(tmp_path, "observability")
    module.path.write_text(module.text, "utf-8")
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import observability as board
board.start_hiveloop("helper", api_key={KEY!r}, endpoint="http://127.0.0.1:9")
with board.open_task("ticket-1"), board.track("tool"):
    print("done")
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "done\n", done.stderr
    assert "No module named 'hiveloop'" in done.stderr
