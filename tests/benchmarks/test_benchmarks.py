"""The benchmark measures what it says; how much that is, no test asks."""

import sys
from pathlib import Path
from time import perf_counter

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import report_of
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan, scan_stdin
from tests.benchmarks.measure import memory_of_all, run
from tests.benchmarks.sample import sample_source
from tests.benchmarks.table import Row, render_table, replace_section

TAKES_50_MIB = "import os, subprocess, sys\nkept = bytearray(os.urandom(1)) * (50 << 20)\n"
BURNS_CPU = "import time\nwhile time.process_time() < 0.3: pass\n"


def in_a_worker(program: str) -> list[str]:
    """Return a command whose child process runs `program`."""
    return [
        sys.executable,
        "-c",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {program!r}], check=True)",
    ]


def test_the_sample_has_500_lines_and_a_retry_for_each_of_its_desks() -> None:
    source = sample_source()
    plan = Plan(tuple(load_rules()), Config(Path.cwd()), Confidence.HIGH)
    found = report_of([scan_stdin(source.encode(), Path("agent.py"), plan)], plan, perf_counter())
    assert len(source.splitlines()) == 500
    assert [finding.symbol for finding in found.findings if finding.method == "retry"] == [
        "LedgerAgent.ask",
        "ParcelAgent.ask",
        "BookingAgent.ask",
        "WarrantyAgent.ask",
    ]


def test_processor_time_of_workers_is_counted(tmp_path: Path) -> None:
    assert run(in_a_worker(BURNS_CPU), tmp_path).cpu >= 0.3


def test_the_largest_process_is_found_among_the_workers(tmp_path: Path) -> None:
    assert run(in_a_worker(TAKES_50_MIB), tmp_path).largest >= 50


def test_memory_of_all_processes_includes_workers(tmp_path: Path) -> None:
    together = memory_of_all(in_a_worker(TAKES_50_MIB + "import time; time.sleep(0.3)"), tmp_path)
    assert together is None or together >= 50


def test_a_row_shows_minimum_median_and_maximum() -> None:
    assert "| report   | s    | 5.00 | 6.00   | 12.5 | < 6    |" in render_table(
        [Row("report", "s", (6.0, 12.5, 5.0), "< 6")]
    )


def test_new_figures_replace_those_of_the_same_corpus_only() -> None:
    page = "# Figures\n\nWhat they mean.\n\n## small\n\nold\n\n## labelled\n\nkept\n"
    assert replace_section(page, "small", "new") == page.replace("old", "new")


def test_figures_of_a_new_corpus_come_last() -> None:
    assert replace_section("# Figures\n", "small", "new") == "# Figures\n\n## small\n\nnew\n"
