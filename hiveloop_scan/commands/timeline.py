"""The command `timeline`."""

from __future__ import annotations

import enum
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiveloop_scan.commands import options

if TYPE_CHECKING:
    from hiveloop_scan.timeline.model import Timeline
    from hiveloop_scan.verify.records import Run


class Look(enum.StrEnum):
    """The values of --format."""

    TEXT = "text"
    HTML = "html"


def timeline(
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="The file that `verify --save` has written.")],
    format: Annotated[
        Look, typer.Option("--format", "-f", metavar="text|html", help="text for a terminal, html for a page.")
    ] = Look.TEXT,
    output: options.Output = None,
    task: Annotated[list[str] | None, typer.Option("--task", metavar="ID", help="Only this task (repeatable).")] = None,
) -> None:
    """Show what a run has told HiveBoard: plans, tools, calls of models, retries, hand-overs, issues, queues."""
    from hiveloop_scan.report.output import check_writable, write_file, write_stdout
    from hiveloop_scan.timeline.building import timeline_of
    from hiveloop_scan.timeline.selecting import only_tasks
    from hiveloop_scan.verify.records import read_run

    if output is not None:
        check_writable(output)
    found = timeline_of(read_run(events))
    if task:
        found = only_tasks(found, task)
    text = rendered(found, format, for_file=output is not None)
    if output is not None:
        write_file(output, text)
    else:
        write_stdout(text, "utf-8" if format is Look.HTML else None)


def show_timeline(run: Run, on_terminal: bool, page: Path | None, is_replay: bool) -> None:
    """Show what a run has told as `verify` does: on stderr where the standard output is the program's, or as a page."""
    from hiveloop_scan.report.output import write_file, write_stdout
    from hiveloop_scan.timeline.building import timeline_of

    found = timeline_of(run)
    if page is not None:
        write_file(page, rendered(found, Look.HTML))
    if not on_terminal:
        return
    found = replace(found, command="", notes=())  # `verify` has said that itself
    if is_replay:
        write_stdout(rendered(found, Look.TEXT))
    elif sys.stderr is not None:
        from hiveloop_scan.report.console import rendered_for_stderr
        from hiveloop_scan.timeline.text import print_timeline

        typer.echo(rendered_for_stderr(partial(print_timeline, found)), err=True)


def rendered(timeline: Timeline, look: Look, for_file: bool = False) -> str:
    """Return the timeline as text; what goes to a file has no colours and no width."""
    if look is Look.HTML:
        from hiveloop_scan.timeline.html import render_html

        return render_html(timeline)
    from hiveloop_scan.report.console import rendered_for_file, rendered_for_stdout
    from hiveloop_scan.timeline.text import print_timeline

    return (rendered_for_file if for_file else rendered_for_stdout)(partial(print_timeline, timeline))
