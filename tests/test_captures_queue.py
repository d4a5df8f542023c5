"""What a finding about a queue captures: its depth, its oldest item, the fields of the items, who takes them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from hiveloop_scan.methods import companions
from hiveloop_scan.model import Finding
from tests.textbook import scanned

CASES = {
    "a queue of a library tells its size and, being async, nothing of its items' age": (
        """
        import asyncio
        import time
        from dataclasses import dataclass, field

        @dataclass
        class Job:
            id: str
            priority: int = 0
            created_at: float = field(default_factory=time.time)

        class Worker:
            def __init__(self):
                self._jobs: asyncio.Queue[Job] = asyncio.Queue()

            async def work(self):
                while True:
                    job = await self._jobs.get()
                    await self.handle(job)
        """,
        {
            "queue": "self._jobs",
            "kind": "asyncio.Queue",
            "depth": "self._jobs.qsize()",
            "oldest_age": None,
            "item_fields": "id, priority, created_at",
            "processing": None,
            "consumer": "Worker.work",
            "insert_line": 19,
        },
    ),
    "a list is counted, and its items tell their age": (
        """
        import time
        from dataclasses import dataclass, field

        @dataclass
        class Task:
            task_id: str
            queued_at: float = field(default_factory=time.monotonic)

        class Board:
            def __init__(self):
                self.pending_tasks: list[Task] = []

            def run(self):
                while self.pending_tasks:
                    self.current_task = self.pending_tasks.pop(0)
                    self.execute(self.current_task)
        """,
        {
            "kind": "list",
            "depth": "len(self.pending_tasks)",
            "oldest_age": "max((time.monotonic() - item.queued_at for item in list(self.pending_tasks)), default=0)",
            "item_fields": "task_id, queued_at",
            "processing": "self.current_task",
            "insert_line": 17,
        },
    ),
    "a moment whose clock is not known is no age": (
        """
        from collections import deque
        from dataclasses import dataclass

        @dataclass
        class Task:
            title: str
            created_at: str

        class Board:
            def __init__(self):
                self.tasks: deque[Task] = deque()

            def run(self):
                while self.tasks:
                    task = self.tasks.popleft()
                    self.execute(task)
        """,
        {
            "kind": "collections.deque",
            "depth": "len(self.tasks)",
            "oldest_age": None,
            "item_fields": "title, created_at",
        },
    ),
    "the class of what is put in is the class of the items": (
        """
        import queue
        from pydantic import BaseModel

        class Request(BaseModel):
            request_id: str
            summary: str

        class Desk:
            def __init__(self):
                self.requests = queue.Queue()

            def accept(self, request: Request):
                self.requests.put(request)

            def serve(self):
                while True:
                    request = self.requests.get()
                    self.answer(request)
        """,
        {"kind": "queue.Queue", "item_fields": "request_id, summary", "oldest_age": None},
    ),
    "the keys of a dict that is put in are the fields of the items": (
        """
        import queue

        class Desk:
            def __init__(self):
                self.tickets = queue.Queue()

            def open(self, ticket_id, text):
                self.tickets.put({"id": ticket_id, "summary": text})

            def serve(self):
                while True:
                    ticket = self.tickets.get()
                    self.answer(ticket)
        """,
        {"item_fields": "id, summary"},
    ),
    "two kinds of items have no fields in common that are certain": (
        """
        import queue

        class Mail: ...
        class Call: ...

        class Desk:
            def __init__(self):
                self.tickets = queue.Queue()

            def mail(self, text):
                self.tickets.put(Mail(text))

            def call(self, number):
                self.tickets.put(Call(number))

            def serve(self):
                while True:
                    self.answer(self.tickets.get())
        """,
        {"item_fields": None, "insert_line": None, "consumer": "Desk.serve"},
    ),
    "a queue for each key has the sum of their sizes": (
        """
        import asyncio
        from collections import defaultdict

        class Gateway:
            def __init__(self):
                self._inboxes = defaultdict(asyncio.Queue)

            async def receive(self, message):
                await self._inboxes[message.sender].put(message)

            async def serve(self, sender):
                while True:
                    message = await self._inboxes[sender].get()
                    await self.handle(message)
        """,
        {"kind": "asyncio.Queue", "depth": "sum(waiting.qsize() for waiting in self._inboxes.values())"},
    ),
    "a store whose items are claimed has no depth that its size tells": (
        """
        class JobStore:
            def __init__(self):
                self._jobs = {}

            def claim_job(self):
                with self._lock:
                    for job in self._jobs.values():
                        if job.status == "pending":
                            job.status = "running"
                            return job
        """,
        {"kind": "dict", "depth": None, "insert_line": None},
    ),
    "a worker that is given its queue asks that": (
        """
        async def work(queue, agent):
            while True:
                job = await queue.get()
                await agent.run(job)
                queue.task_done()
        """,
        {"queue": "queue", "depth": "queue.qsize()", "consumer": "work", "insert_line": 5},
    ),
    "a statement of SQL tells the table, the columns and how to count": (
        """
        def claim_next(db):
            row = db.execute("SELECT id, title FROM jobs WHERE state = 'queued' ORDER BY id LIMIT 1").fetchone()
            db.execute("UPDATE jobs SET state = 'running' WHERE id = ?", (row[0],))
            return row
        """,
        {
            "queue": "jobs",
            "kind": "table",
            "depth": None,
            "depth_query": "SELECT COUNT(*) FROM jobs WHERE state = 'queued'",
            "item_fields": "id, title",
            "consumer": "claim_next",
            "insert_line": 4,
        },
    ),
    "a state that is passed in is no part of a statement that counts": (
        """
        def claim_next(db):
            row = db.execute("SELECT * FROM jobs WHERE state = ? LIMIT 1", (State.QUEUED,)).fetchone()
            db.execute("UPDATE jobs SET state = ? WHERE id = ?", (State.RUNNING, row[0]))
            return row
        """,
        {"depth_query": None, "item_fields": None},
    ),
    "a list of Redis is asked for its length": (
        """
        def serve(redis, agent):
            while True:
                payload = redis.blpop("jobs")
                agent.run(payload)
        """,
        {"queue": "redis.blpop", "kind": "redis", "depth": 'redis.llen("jobs")', "insert_line": 5},
    ),
    "several lists of Redis have no one length": (
        """
        def serve(redis, agent):
            while True:
                payload = redis.blpop(["jobs", "urgent_jobs"])
                agent.run(payload)
        """,
        {"depth": None},
    ),
    "a counter is its own depth": (
        """
        class Agent:
            def __init__(self):
                self._pending_requests = 0

            def on_request(self, request):
                self._pending_requests += 1

            def on_answer(self, answer):
                self._pending_requests -= 1
        """,
        {
            "queue": "self._pending_requests",
            "kind": "counter",
            "depth": "self._pending_requests",
            "consumer": "Agent.on_answer",
        },
    ),
    "the agent's own call is where the provider belongs": (
        """
        import queue

        def main(hb):
            jobs = queue.Queue()
            hb.agent("worker")
            Thread(target=work, args=(jobs,)).start()

        def work(jobs):
            while True:
                job = jobs.get()
                handle(job)
                jobs.task_done()
        """,
        {"queue": "jobs", "depth": "jobs.qsize()", "consumer": "work", "insert_line": 6, "made_at": 5},
    ),
}


def found(source: str) -> Finding:
    """Return the one finding about a queue in a source."""
    report = scanned(dedent(source), True)
    (finding,) = [finding for finding in report.findings if finding.method in companions("queue_snapshot")]
    return finding


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_finding_captures(source: str, expected: dict[str, object]) -> None:
    finding = found(source)
    assert {name: finding.captures[name] for name in expected} == expected
