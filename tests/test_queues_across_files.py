"""A queue is reported once, where it is kept, also when another file asks for its items."""

from pathlib import Path

from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from tests.textbook import plan_for

STORE = """\
class JobStore:
    def __init__(self, db):
        self.db = db

    def claim_jobs(self, limit):
        rows = self.db.execute("SELECT id FROM jobs WHERE status = 'queued' ORDER BY id LIMIT ?", (limit,)).fetchall()
        for row in rows:
            self.db.execute("UPDATE jobs SET status = 'running' WHERE id = ?", (row[0],))
        return rows
"""
WORKER = """\
from store import JobStore


def work(path, agent):
    store = JobStore(path)
    while True:
        for job in store.claim_jobs(10):
            agent.run(job)
"""


def reported(folder: Path, **files: str) -> list[tuple[str, str]]:
    """Return the rules and file names of the findings in files that are written to `folder`."""
    for name, source in files.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    findings = scan(discover([folder]), plan_for(folder)).findings
    return [(finding.rule, Path(finding.path).stem) for finding in findings]


def test_a_poll_of_a_table_that_another_file_keeps_is_reported_there(tmp_path: Path) -> None:
    assert reported(tmp_path, store=STORE, worker=WORKER) == [("unreported-queue-table", "store")]


def test_a_poll_of_a_store_from_elsewhere_is_reported_where_it_is(tmp_path: Path) -> None:
    assert reported(tmp_path, worker=WORKER) == [("unreported-queue-poll", "worker")]
