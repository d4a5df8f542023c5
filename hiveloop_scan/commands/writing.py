"""Send what a command made to where the user wants it."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from hiveloop_scan.model import Report


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
