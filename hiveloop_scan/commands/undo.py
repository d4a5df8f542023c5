"""The commands `undo` and `remove`: two ways back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.commands import options
from hiveloop_scan.model import FileChange, ScanError


def undo(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder of the project in which it has run.")] = Path(),
) -> None:
    """Take back the last run of apply, lint --fix or remove.

    The files get the bytes that they had before; a file that was changed since keeps the whole run from being undone.
    """
    from hiveloop_scan.config import load_config
    from hiveloop_scan.files import display_path
    from hiveloop_scan.fix.journal import entries, take_back
    from hiveloop_scan.fix.refusal import Refusal

    root = load_config([path]).root.resolve()
    known = entries(root)
    if not known:
        raise ScanError(f"no run of apply is known for {root}", "name the folder in which it has run")
    try:
        files = take_back(known[-1])
    except Refusal as refusal:
        raise ScanError(f"nothing was undone: {refusal.reason}", refusal.hint) from None
    for file in files:
        typer.echo(f"restored {display_path(file)}")
    typer.echo(f"{len(files):,} file{'' if len(files) == 1 else 's'} as before the last run of {known[-1].command}")


def remove(
    paths: options.FixPaths = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changes as a diff and write nothing.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if something would change.")
    ] = False,
    exclude: options.Exclude = None,
) -> None:
    """Take out the calls that apply has written.

    They are known by their shape; calls that you wrote yourself stay.
    """
    from hiveloop_scan.codemod import removals, write_changes
    from hiveloop_scan.commands.apply import print_diffs
    from hiveloop_scan.config import load_config
    from hiveloop_scan.files import discover
    from hiveloop_scan.fix.refusal import Refusal

    places = [Path(name) for name in paths or ["."]]
    config = load_config(places)
    changes: list[FileChange] = removals(discover(places, (*config.exclude, *(exclude or ())), config.root))
    if diff:
        print_diffs(changes)
    if diff or check:
        raise typer.Exit(1 if check and changes else 0)
    try:
        write_changes(changes, config.root.resolve(), "remove")
    except Refusal as refusal:
        raise ScanError(f"nothing was written: {refusal.reason}", refusal.hint) from None
    for change in changes:
        typer.echo(f"cleared {change.shown}")
    typer.echo(f"calls taken out of {len(changes):,} file{'' if len(changes) == 1 else 's'}")
