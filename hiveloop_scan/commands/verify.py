"""The command `verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.model import ScanError
from hiveloop_scan.report.visible import visible
from hiveloop_scan.verify.show.formats import VerdictFormat

_UNDER = 1


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
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Run nothing: take the events that --save has kept.")
    ] = None,
    checklist: Annotated[bool, typer.Option("--checklist", help="Fill in the checklist of the guide's section 11.")] = (
        False
    ),
    source: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Where the program's source is (repeatable). Default: the working folder."),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="[METHOD=]PERCENT", help="Exit with 1 where less of the checklist is seen (repeatable)."),
    ] = None,
    timeline: Annotated[bool, typer.Option("--timeline", help="Show what was told as a timeline, too.")] = False,
    timeline_html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the timeline to this file, as a page for the browser.")
    ] = None,
    format: Annotated[
        VerdictFormat, typer.Option("--format", "-f", metavar="FORMAT", help="text, json or markdown.")
    ] = VerdictFormat.TEXT,
    output: options.Outputs = None,
) -> None:
    """Run a program and see what it tells HiveBoard.

    It runs with the real SDK, and its events go to a sink on this machine: none leaves it, and no key is needed. The
    standard output is the program's: what verify has to say goes to the standard error, or to --output. The exit code
    is that of the command, 128 and the number of the signal that ended it, or 124 after --timeout; where it is 0 and
    --fail-under is not reached, it is 1.
    """
    if command and os.name != "posix":
        raise ScanError("verify needs Linux or macOS", "run it in WSL or in a container")
    from hiveloop_scan.commands.limits import read_limit
    from hiveloop_scan.commands.timeline import show_timeline
    from hiveloop_scan.commands.verdicts import Wanted, check_wanted, show_verdict
    from hiveloop_scan.commands.writing import destinations, files_of
    from hiveloop_scan.report.output import check_writable
    from hiveloop_scan.verify.records import read_run, write_records
    from hiveloop_scan.verify.running import run

    if command and replay is not None:
        raise ScanError("--replay runs no command", "leave out one of them")
    if not command and replay is None:
        raise ScanError("no command to run", "name it behind two dashes: hiveloop-scan verify -- python agent.py")
    limits = [read_limit(text) for text in fail_under or ()]
    to = destinations(format, output, VerdictFormat)
    wanted = Wanted(source or [Path()], checklist, limits, to, is_replay=replay is not None)
    check_wanted(wanted)
    for file in [*files_of(to), *filter(None, (save, timeline_html))]:
        check_writable(file)
    done = run(command, timeout) if command else read_run(replay or Path())
    for note in done.notes:
        typer.echo(f"verify: {visible(note)}", err=True)
    if save is not None:
        write_records(save, done)
    if timeline or timeline_html is not None:
        show_timeline(done, timeline, timeline_html, is_replay=replay is not None)
    reached = show_verdict(done, wanted)
    code = 0 if replay is not None else done.exit_code
    raise typer.Exit(code or (0 if reached else _UNDER))
