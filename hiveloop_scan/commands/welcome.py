"""What the program does without a command: the start page."""

from __future__ import annotations

from functools import partial
from pathlib import Path


def welcome() -> None:
    """Say what is in the working folder and what to type next."""
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.output import write_stdout
    from hiveloop_scan.report.overview import print_overview
    from hiveloop_scan.report.progress import ProgressBar
    from hiveloop_scan.welcome.looking import look

    with ProgressBar() as bar:
        seen = look(Path.cwd(), bar.update)
    write_stdout(rendered_for_stdout(partial(print_overview, seen)))
