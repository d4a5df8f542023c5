"""Many files: the same report however many workers there are, and whatever happens to one of them."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import libcst as cst
import pytest

from hiveloop_scan import engine, workers
from hiveloop_scan.files import Discovery, discover
from hiveloop_scan.model import FileError, Match, Options, Report, ScanError
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.scan import Plan
from hiveloop_scan.visitor import detector
from tests.textbook import RETRY, plan_for

linux = pytest.mark.skipif(sys.platform != "linux", reason="only forked workers know the detector of this test")
FILLER = "#" * 60_000 + "\n"
"""Enough to fill a chunk, and quick to parse."""


@detector(cst.FunctionDef)
def odd_function(node: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    """End the worker, or fail, where a function is called so; find all others."""
    if node.name.value == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    yield Match(node, {"operation": node.name.value}, ["weightless" if node.name.value == "weightless" else "found"])


@pytest.fixture(autouse=True)
def workers_for_little_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_SERIAL_BYTES", 0)


@pytest.fixture
def odd_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    module = ModuleType("odd_function")
    module.odd_function = odd_function  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hiveloop_scan.detectors.odd_function", module)
    plan = plan_for(tmp_path)
    rule = replace(plan.rules[0], detector="odd-function", weights={"found": 99}, message="{operation}")
    return replace(plan, rules=(rule,), triage=False)


def report_on(folder: Path, plan: Plan, jobs: int = 2) -> Report:
    return engine.scan(discover([folder]), plan, jobs)


def write(folder: Path, count: int, text: str = RETRY) -> None:
    for number in range(count):
        (folder / f"file_{number:02}.py").write_text(text, "utf-8")


@linux
@pytest.mark.parametrize("victims", [["file_00.py"], ["file_05.py", "file_11.py"]])
@pytest.mark.parametrize("filler", ["", FILLER], ids=["one chunk", "a chunk for each file"])
def test_a_worker_that_is_killed_costs_only_its_file(
    tmp_path: Path, odd_plan: Plan, victims: list[str], filler: str
) -> None:
    write(tmp_path, 12, "def good(): pass\n" + filler)
    for name in victims:
        (tmp_path / name).write_text("def kill(): pass\n", "utf-8")
    report = report_on(tmp_path, odd_plan)
    assert [(Path(error.path).name, error.message) for error in report.errors] == [
        (name, "crashed the parser, left out") for name in victims
    ]
    assert report.files == 12
    assert len(report.findings) == 12 - len(victims)


@linux
def test_a_rule_that_does_not_fit_its_detector_ends_the_run_with_its_name(tmp_path: Path, odd_plan: Plan) -> None:
    write(tmp_path, 3, "def weightless(): pass\n")
    with pytest.raises(ScanError, match="key 'evidence' has no weight for the fact 'weightless'") as caught:
        report_on(tmp_path, odd_plan)
    assert caught.value.hint == "add it with a number"


def test_the_report_is_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    write(tmp_path, 9, RETRY + FILLER)
    (tmp_path / "broken.py").write_text("def f(:\n", "utf-8")
    reports = [replace(report_on(tmp_path, plan_for(tmp_path), jobs), seconds=0) for jobs in (1, 2, 3)]
    assert reports[0] == reports[1] == reports[2]
    assert len(reports[0].findings) == 9
    assert [finding.path for finding in reports[0].findings] == sorted(finding.path for finding in reports[0].findings)


def test_one_file_needs_no_worker(tmp_path: Path) -> None:
    write(tmp_path, 1)
    assert len(report_on(tmp_path, plan_for(tmp_path)).findings) == 1


def test_no_file_makes_an_empty_report(tmp_path: Path) -> None:
    report = report_on(tmp_path, plan_for(tmp_path))
    assert (report.files, report.lines, report.findings) == (0, 0, ())


def test_a_file_that_goes_between_discovery_and_scan_is_an_error_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, 3)
    found = discover([tmp_path])
    (tmp_path / "file_01.py").unlink()
    report = engine.scan(found, plan_for(tmp_path))
    assert report.errors == (FileError("file_01.py", "cannot be read: No such file or directory"),)
    assert len(report.findings) == 2


def test_progress_tells_the_files_done_and_their_number(tmp_path: Path) -> None:
    write(tmp_path, 4, RETRY + FILLER * 2)
    seen: list[tuple[int, int]] = []
    engine.scan(discover([tmp_path]), plan_for(tmp_path), 2, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (4, 4)


def test_errors_of_discovery_are_errors_of_the_report(tmp_path: Path) -> None:
    found = Discovery(errors=[FileError("link.py", "broken")])
    assert engine.scan(found, plan_for(tmp_path)).errors == (FileError("link.py", "broken"),)


def test_a_plan_travels_to_workers_that_start_from_nothing(tmp_path: Path) -> None:
    write(tmp_path, 1)
    plan = plan_for(tmp_path)
    assert pickle.loads(pickle.dumps(plan)) == plan
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=workers._prepare_worker, initargs=(plan, False)) as pool:
        [(_, result)] = pool.submit(workers._scan_chunk, [tmp_path / "file_00.py"]).result().read
    assert len(result.candidates) == 1


def test_chunks_hold_every_file_once_and_the_large_ones_come_first(tmp_path: Path) -> None:
    write(tmp_path, 30, FILLER)
    (tmp_path / "large.py").write_text(FILLER * 8, "utf-8")
    files = discover([tmp_path]).files
    chunks = workers._chunks(files, 2)
    assert sorted(path for chunk in chunks for path in chunk) == files
    assert chunks[0] == [tmp_path / "large.py"]
    assert len(chunks) > 4


@linux
def test_an_interrupt_ends_the_run_at_once_and_without_a_traceback(tmp_path: Path) -> None:
    write(tmp_path, 60, "".join(RETRY.replace("fetch", f"fetch_{number}") for number in range(200)))
    command = [sys.executable, "-m", "hiveloop_scan", "report", "--jobs", "2"]
    started = time.monotonic()
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True) as run:
        time.sleep(1.5)
        os.killpg(run.pid, signal.SIGINT)
        assert run.stderr is not None
        told = run.stderr.read().decode()
    assert run.returncode not in (0, None)
    assert "Traceback" not in told
    assert time.monotonic() - started < 15
