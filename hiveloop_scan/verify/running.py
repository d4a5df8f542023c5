"""Run a command with the real SDK, and tell which events HiveBoard would get."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hiveloop_scan.model import ScanError
from hiveloop_scan.verify.joining import Ending, join
from hiveloop_scan.verify.journal import read_journal
from hiveloop_scan.verify.launching import environment, launch
from hiveloop_scan.verify.notes import notes_of
from hiveloop_scan.verify.records import Run
from hiveloop_scan.verify.sink import open_sink


def run(command: Sequence[str], timeout: float | None = None) -> Run:
    """Run `command` to its end, or stop it after `timeout` seconds; its standard streams are ours.

    The sink and all processes end with it. ScanError where the command cannot be started.
    """
    started = datetime.now(UTC)
    with _own_folder() as folder:
        with open_sink(f"hb_test_{secrets.token_hex(16)}") as sink:
            outcome = launch(command, environment(folder, sink.endpoint, sink.key), str(folder), timeout)
        facts = read_journal(folder)
    stopped = outcome.is_timed_out or outcome.is_interrupted
    records = join(facts, sink.arrivals, Ending(outcome.process, outcome.at, tuple(outcome.left), stopped))
    return Run(
        tuple(command),
        started.isoformat(timespec="milliseconds"),
        outcome.code,
        tuple(records),
        tuple(notes_of(facts, outcome, command, records, sink.endpoint)),
    )


@contextmanager
def _own_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="hiveloop-scan-", ignore_cleanup_errors=True)
    except OSError as error:
        raise ScanError(f"no temporary folder can be made: {error.strerror}", "set TMPDIR to one") from None
    with folder as name:
        yield Path(name)
