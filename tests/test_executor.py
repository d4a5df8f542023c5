"""The work can run on any executor: on that of another engine, on many machines."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import Report
from tests.conftest import Run
from tests.textbook import RETRY, plan_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        (tmp_path / f"file_{number:02}.py").write_text(f"{'#' * 60_000}\n{RETRY}", "utf-8")
    return tmp_path


def without_time(report: Report) -> Report:
    return replace(report, seconds=0)


@pytest.fixture
def dask_workers() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.filterwarnings("ignore")
def test_two_workers_of_dask_find_what_our_own_find(folder: Path, dask_workers: Executor) -> None:
    plan = plan_for(folder)
    expected = without_time(scan(discover([folder]), plan))
    assert without_time(scan(discover([folder]), plan, executor=lambda: dask_workers)) == expected
    assert len(expected.findings) == 12


class Broken(ThreadPoolExecutor):
    """Loses what it is given."""

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        return super().submit(lambda: 1 / 0)


def test_what_an_executor_loses_is_done_here(folder: Path) -> None:
    plan = plan_for(folder)
    assert len(scan(discover([folder]), plan, executor=lambda: Broken(1)).findings) == 12


def test_the_command_takes_an_executor_of_the_working_folder(run: Run, agent: Path) -> None:
    factory = "from concurrent.futures import ThreadPoolExecutor\n\n\ndef one():\n    return ThreadPoolExecutor(1)\n"
    agent.with_name("my_pool.py").write_text(factory, "utf-8")
    assert "1 missing call in 1 of 1 file" in run("report", "agent.py", "--executor", "my_pool:one").out


@pytest.mark.parametrize("name", ["no_such_module:one", "json:no_such", "json:__name__", "json"])
def test_what_is_no_executor_is_an_error(run: Run, agent: Path, name: str) -> None:
    outcome = run("report", "agent.py", "--executor", name)
    assert outcome.code == 2
    assert f"--executor {name}" in outcome.err
