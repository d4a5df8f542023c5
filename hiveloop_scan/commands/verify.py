"""The command `verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.model import ScanError
from hiveloop_scan.report.visible import visible


def verify(
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- COMMAND", help="The program and its arguments, behind two dashes."),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0.1, help="Stop the command, and all it has started, after this time."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the events in this file, one JSON object a line.")
    ] = None,
) -> None:
    """Run a program and see what it tells HiveBoard.

    It runs with the real SDK, and its events go to a sink on this machine: none leaves it, and no key is needed. The
    exit code is that of the command, 128 and the number of the signal that ended it, or 124 after --timeout.
    """
    from hiveloop_scan.report.output import check_writable
    from hiveloop_scan.verify.records import write_records
    from hiveloop_scan.verify.running import run

    if not command:
        raise ScanError("no command to run", "name it behind two dashes: hiveloop-scan verify -- python agent.py")
    if save is not None:
        check_writable(save)
    done = run(command, timeout)
    for note in done.notes:
        typer.echo(f"verify: {visible(note)}", err=True)
    if save is not None:
        write_records(save, done)
    raise typer.Exit(done.exit_code)
