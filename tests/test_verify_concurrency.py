"""Work that runs at the same time: each event belongs to its own task."""

from __future__ import annotations

import signal
import socket
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from hiveloop_scan.fix.starting import new_module
from tests.sink import kind_of
from tests.verified import Verified, finish, start, verify, write

WORK = ["task_started", "plan_created", "plan_step", "action_started", "action_completed", "retry_started"]
WORK += ["plan_step", "task_completed"]
"""What each task does, in this order."""

STEPS = """
from observability import get_current_task, open_task, start_hiveloop, track

start_hiveloop("desk", type="support")

def begin(name):
    get_current_task().plan(f"answer {name}", ["look"])
    get_current_task().plan_step(0, "started", name)

def end(name):
    get_current_task().retry(f"again for {name}", attempt=1)
    get_current_task().plan_step(0, "completed", name)
"""

ASYNC = (
    STEPS
    + """
import asyncio

async def work(name):
    with open_task(f"t-{name}"):
        begin(name)
        await asyncio.sleep(0.02)
        with track(f"tool-{name}"):
            await asyncio.sleep(0.05)
        end(name)
"""
)

LOOP = (
    ASYNC
    + """
async def main():
    await asyncio.gather(*(work(number) for number in range(5)))

asyncio.run(main())
"""
)

THREADS = (
    STEPS
    + """
import time
from concurrent.futures import ThreadPoolExecutor

def work(name):
    with open_task(f"t-{name}"):
        begin(name)
        with track(f"tool-{name}"):
            time.sleep(0.05)
        end(name)

with ThreadPoolExecutor(3) as pool:
    list(pool.map(work, range(7)))
"""
)

SERVER = (
    ASYNC
    + """
from contextlib import asynccontextmanager
import hiveloop
from fastapi import FastAPI

@asynccontextmanager
async def life(app):
    yield
    hiveloop.shutdown()

app = FastAPI(lifespan=life)

@app.post("/tickets/{name}")
async def answer(name: str):
    await work(name)
    return {"answered": name}
"""
)


def assert_each_event_is_of_its_task(done: Verified, names: set[str]) -> None:
    kinds, texts = defaultdict(list), defaultdict(set)
    for record in done.events:
        task = record.event["task_id"]
        kinds[task].append(kind_of(dict(record.event)))
        payload = record.event["payload"]
        texts[task].add(payload.get("action_name", payload.get("summary", "")).rpartition(" ")[2].rpartition("-")[2])
    assert set(kinds) == {f"t-{name}" for name in names}
    assert all(kinds[task] == WORK for task in kinds), kinds
    assert all(texts[f"t-{name}"] <= {name, "started", "completed"} for name in names), texts
    assert not done.problems


def with_module(folder: Path) -> None:
    module = new_module(folder, "observability")
    module.path.write_text(module.text, "utf-8")


def test_five_tasks_of_an_event_loop(tmp_path: Path) -> None:
    with_module(tmp_path)
    done = verify(tmp_path, "python", str(write(tmp_path, LOOP)))
    assert_each_event_is_of_its_task(done, {"0", "1", "2", "3", "4"})


def test_the_lines_are_those_of_the_program_and_not_of_the_module(tmp_path: Path) -> None:
    with_module(tmp_path)
    program = write(tmp_path, LOOP)
    done = verify(tmp_path, "python", str(program))
    lines = program.read_text().splitlines()
    shown = {kind_of(dict(record.event)): lines[record.site.line - 1].strip() for record in done.events if record.site}
    assert {record.site.path for record in done.run.records if record.site} == {str(program)}
    assert shown["task_started"] == shown["task_completed"] == 'with open_task(f"t-{name}"):'
    assert shown["action_started"] == shown["action_completed"] == 'with track(f"tool-{name}"):'
    assert shown["retry_started"].startswith("get_current_task().retry(")
    through = {record.through.path for record in done.run.records if record.through}
    assert through == {str(tmp_path / "observability.py")}


def test_workers_in_threads(tmp_path: Path) -> None:
    with_module(tmp_path)
    done = verify(tmp_path, "python", str(write(tmp_path, THREADS)))
    assert_each_event_is_of_its_task(done, set("0123456"))


def test_a_web_application_under_uvicorn_until_it_is_interrupted(tmp_path: Path) -> None:
    with_module(tmp_path)
    write(tmp_path, SERVER, "app.py")
    port = free_port()
    process = start(tmp_path, "uvicorn", "app:app", "--port", str(port))
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda name: ask(port, name), range(5)))
    process.send_signal(signal.SIGINT)
    done = finish(process, tmp_path)
    assert answers == [f'{{"answered":"{name}"}}' for name in range(5)]
    assert "Application shutdown complete" in done.err
    assert "Traceback" not in done.err
    assert_each_event_is_of_its_task(done, {"0", "1", "2", "3", "4"})


def ask(port: int, name: int) -> str:
    """Have the server work on a ticket, as soon as it is there."""
    request = Request(f"http://127.0.0.1:{port}/tickets/{name}", method="POST")
    until = time.monotonic() + 20
    while True:
        try:
            with urlopen(request) as answer:
                return str(answer.read().decode())
        except URLError:
            assert time.monotonic() < until
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
