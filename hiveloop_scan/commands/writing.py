"""Send what a command made to where the user wants it."""

from __future__ import annotations

import enum
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import typer

from hiveloop_scan.model import Report
from hiveloop_scan.report.formats import Format
from hiveloop_scan.report.order import Order

if TYPE_CHECKING:
    from hiveloop_scan.commands.scanning import Scanned


Kind = TypeVar("Kind", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True)
class Destination(Generic[Kind]):
    """One of several outputs: in which format, and to which file; None stands for the standard output."""

    format: Kind
    path: Path | None = None


def destinations(format: Kind, outputs: Sequence[str] | None, kinds: type[Kind]) -> list[Destination[Kind]]:
    """Read ``--output``: ``FILE`` in the format of ``--format``, or ``sarif:FILE``; ``-`` is the standard output."""
    found = []
    for text in outputs or ("-",):
        prefix, colon, name = text.partition(":")
        if not colon or prefix not in list(kinds):
            prefix, name = format, text
        found.append(Destination(kinds(prefix), None if name == "-" else Path(name)))
    return found


def files_of(wanted: Sequence[Destination[Kind]]) -> list[Path]:
    """Return the files that will be written."""
    return [item.path for item in wanted if item.path is not None]


def write_report(
    scanned: Scanned,
    report: Report,
    wanted: Sequence[Destination[Format]],
    statistics: bool = False,
    order: Order = Order.FILE,
) -> None:
    """Write the report, all of what was scanned or a part, to all places that are wanted, each in its format."""
    from hiveloop_scan.commands.html_page import page_of
    from hiveloop_scan.commands.sarif_log import log_of
    from hiveloop_scan.report.formats import render_report

    for item in wanted:
        if item.format is Format.HTML:
            text = page_of(scanned, report, order)
        elif item.format is Format.SARIF:
            text = log_of(scanned, report)
        else:
            text = render_report(report, item.format, scanned.rules, item.path is not None, statistics, order)
        write_result(text, item.path, report, item.format.encoding)


def write_result(text: str, output: Path | None, report: Report, encoding: str | None = None) -> None:
    """Write `text` to the file `output` or to stdout; who waits at a terminal for a file is told the outcome."""
    from hiveloop_scan.report.output import write_file, write_stdout

    if output is None:
        write_stdout(text, encoding)
        return
    write_file(output, text)
    if sys.stderr is not None and sys.stderr.isatty():
        from hiveloop_scan.report.summary import headline

        typer.echo(f"{headline(report)}; written to {output}", err=True)
