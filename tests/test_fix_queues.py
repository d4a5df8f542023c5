"""What `apply` writes for queues of work."""

from pathlib import Path

import pytest

from hiveloop_scan.fix.removal import without_calls
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Confidence
from tests.fixing import applied as applied_with
from tests.fixing import proposed

AGENT = """\
import queue


def main(hb):
    jobs = queue.Queue()
    agent = hb.agent("worker")
    Thread(target=work, args=(jobs,)).start()


def work(jobs):
    while True:
        job = jobs.get()
        handle(job)
        jobs.task_done()
"""
WORKER = """\
import asyncio


class Worker:
    def __init__(self):
        self._jobs = asyncio.Queue()

    def submit(self, job):
        self._jobs.put_nowait(job)

    async def work(self):
        while True:
            job = await self._jobs.get()
            await self.handle(job)
            self._jobs.task_done()
"""


def applied(source: str, folder: Path) -> str:
    """Return `source` with what tells of its queues."""
    methods = "queue_provider,queue_snapshot"
    return applied_with(source, methods, folder, unsafe=True, at_least=Confidence.MEDIUM)


def test_the_agent_is_given_a_function_that_tells_the_depth(tmp_path: Path) -> None:
    assert applied(AGENT, tmp_path) == AGENT.replace(
        '    agent = hb.agent("worker")\n',
        """\
    def _hl_queue_state():
        return {"depth": jobs.qsize()}
    agent = hb.agent("worker", queue_provider=_hl_queue_state)
""",
    )


ARGUMENTS = {
    "a line for each argument": (
        'hb.agent(\n        "worker",\n        type="mail",\n    )',
        'hb.agent(\n        "worker",\n        type="mail",\n        queue_provider=_hl_queue_state,\n    )',
    ),
    "no comma at the end": (
        'hb.agent(\n        "worker",\n        type="mail"\n    )',
        'hb.agent(\n        "worker",\n        type="mail", queue_provider=_hl_queue_state\n    )',
    ),
    "a comment behind the last": (
        'hb.agent(\n        "worker",  # ours\n    )',
        'hb.agent(\n        "worker", queue_provider=_hl_queue_state,  # ours\n    )',
    ),
    "a keyword": (
        'hb.agent("worker", type="mail")',
        'hb.agent("worker", type="mail", queue_provider=_hl_queue_state)',
    ),
}


@pytest.mark.parametrize(("call", "expected"), ARGUMENTS.values(), ids=ARGUMENTS)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_argument_fits_in_and_comes_out_again(call: str, expected: str, end: str, tmp_path: Path) -> None:
    source = AGENT.replace('hb.agent("worker")', call).replace("\n", end)
    after = applied(source, tmp_path)
    assert expected.replace("\n", end) in after
    assert without_calls(Source(after.encode())).data == source.encode()


def test_arguments_that_are_unpacked_may_hold_a_provider(tmp_path: Path) -> None:
    source = AGENT.replace('hb.agent("worker")', 'hb.agent("worker", **options)')
    (outcome,) = proposed(source, "queue_provider", tmp_path, at_least=Confidence.MEDIUM).outcomes
    assert outcome.reason == "its arguments are unpacked, and may hold a provider"


def test_a_worker_tells_once_for_each_item_it_has_waited_for(tmp_path: Path) -> None:
    assert """\
            job = await self._jobs.get()
            _hl_agent = get_hiveloop_agent()
            if _hl_agent:
                try:
                    _hl_agent.queue_snapshot(self._jobs.qsize())
                except Exception:
                    pass
            await self.handle(job)
""" in applied(WORKER, tmp_path)


BUSY = {
    "a loop that empties the queue": (
        "while True:\n            job = await self._jobs.get()",
        "while not self._jobs.empty():\n            job = self._jobs.get_nowait()",
    ),
    "a loop over items": ("while True:\n", "for _ in range(100):\n"),
    "no loop at all": ("while True:\n", "if self.ready:\n"),
}


@pytest.mark.parametrize(("old", "new"), BUSY.values(), ids=BUSY)
def test_where_many_items_may_be_taken_in_a_row_nothing_is_told(old: str, new: str, tmp_path: Path) -> None:
    assert applied(WORKER.replace(old, new), tmp_path) == WORKER.replace(old, new)


def test_the_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    for source in (AGENT, WORKER):
        after = applied(source, tmp_path)
        assert applied(after, tmp_path) == after
