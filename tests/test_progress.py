"""The progress bar: for those who wait at a terminal, and for nobody else."""

import io
import os
import select
import threading

import pytest

from hiveloop_scan.report.progress import ProgressBar
from tests.test_cli import without_colours


def test_a_progress_bar_draws_on_a_terminal_and_wipes_itself_away(monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    threads = threading.active_count()
    with os.fdopen(theirs, "w") as stderr:
        monkeypatch.setattr("sys.stderr", stderr)
        monkeypatch.setenv("TERM", "xterm")
        with ProgressBar(delay_seconds=0) as bar:
            bar.update(3, 12)
            assert threading.active_count() == threads
        stderr.flush()
        drawn = ""
        while not drawn.endswith("\x1b[2K") and select.select([ours], [], [], 5)[0]:
            drawn += os.read(ours, 65536).decode()
    os.close(ours)
    assert " 3/12 files" in without_colours(drawn)
    assert drawn.endswith("\x1b[2K")
    assert drawn.rindex("\x1b[?25h") > drawn.rindex("\x1b[?25l")


def test_quick_work_shows_no_progress_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr", stderr)
    with ProgressBar() as bar:
        bar.update(3, 12)
    assert stderr.getvalue() == ""


def test_no_progress_bar_is_shown_where_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(delay_seconds=0) as bar:
        bar.update(3, 12)
    assert capfd.readouterr().err == ""
