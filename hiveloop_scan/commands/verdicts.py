"""What `verify` says of a run, and where it goes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hiveloop_scan.commands.limits import Limit, missed
from hiveloop_scan.model import ScanError
from hiveloop_scan.report.output import write_file, write_stdout
from hiveloop_scan.verify.checklist import fill_in, tallies_by_method, tally_of
from hiveloop_scan.verify.events import Story
from hiveloop_scan.verify.show.formats import Place, VerdictFormat, render_verdict
from hiveloop_scan.verify.verdict import judge

if TYPE_CHECKING:
    from hiveloop_scan.commands.writing import Destination
    from hiveloop_scan.verify.records import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user wants to know of a run, and where; a replay has the standard output for itself."""

    source: Sequence[Path]
    checklist: bool
    limits: Sequence[Limit]
    to: Sequence[Destination[VerdictFormat]]
    is_replay: bool


def check_wanted(wanted: Wanted) -> None:
    """Raise ScanError for what could not be told later, before anything is run for it."""
    from hiveloop_scan.config import load_config

    for place in wanted.source:
        if not place.exists():
            raise ScanError(f"no such file or folder: {place}", "--source names where the program's Python files are")
    load_config(wanted.source)
    known = tallies_by_method(fill_in(Story(())))
    for name, _ in wanted.limits:
        if name and name not in known:
            raise ScanError(
                f"--fail-under {name}: nothing of the checklist is about {name}", f"it is about {', '.join(known)}"
            )


def show_verdict(run: Run, wanted: Wanted) -> bool:
    """Judge a run and write the verdict to all places; say whether it reaches the limits."""
    verdict = judge(run, wanted.source)
    for item in wanted.to:
        if item.path is not None:
            write_file(item.path, render_verdict(verdict, item.format, wanted.checklist, Place.FILE))
        elif wanted.is_replay:
            write_stdout(render_verdict(verdict, item.format, wanted.checklist), item.format.encoding)
        elif sys.stderr is not None:
            typer.echo(render_verdict(verdict, item.format, wanted.checklist, Place.STDERR), err=True, nl=False)
    shares = tallies_by_method(verdict.answers)
    under = list(missed(wanted.limits, tally_of(verdict.answers), shares, "what is seen of the checklist"))
    for line in under:
        typer.echo(line, err=True)
    return not under
