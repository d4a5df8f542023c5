"""The command `prompt`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.commands.scanning import Request, run_scan
from hiveloop_scan.commands.writing import write_result


def prompt(
    paths: options.Paths = None,
    method: options.Methods = None,
    rule: options.Rules = None,
    min_confidence: Annotated[
        options.Grade,
        typer.Option(
            metavar="low|medium|high", show_default=False, help="Leave out findings less sure than this. Default: low."
        ),
    ] = options.Grade.LOW,
    max_sites: Annotated[
        int, typer.Option(metavar="N", min=1, help="Show at most this many places, shared out among the methods.")
    ] = 40,
    output: options.Output = None,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = options.STDIN,
    jobs: options.Jobs = 0,
) -> None:
    """Write a prompt by which a language model judges what static analysis cannot.

    It holds the places found with their code, what is unclear about each, and what to look for where nothing was found.
    Nothing is sent anywhere: paste it, or give the file to your model.
    """
    from hiveloop_scan.lines import lines_of, read_lines
    from hiveloop_scan.report.prompt import render_prompt

    found = run_scan(
        Request(paths, method, rule, min_confidence, exclude, stdin_filename, jobs, [output] if output else ())
    )
    source = found.stdin

    def lines_at(path: str) -> list[str]:
        return read_lines(Path(path)) if source is None else lines_of(source)

    write_result(render_prompt(found.report, found.methods, lines_at, max_sites), output, found.report)
