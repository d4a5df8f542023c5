"""The command `clear-cache`."""

from __future__ import annotations

import typer


def clear_cache() -> None:
    """Delete what earlier runs have kept. Nothing is lost but time."""
    from hiveloop_scan.cache import clear_cache as clear
    from hiveloop_scan.model import ScanError

    try:
        gone = clear()
    except OSError as error:
        raise ScanError(f"the cache cannot be deleted: {error}", "delete the file yourself") from None
    typer.echo(f"deleted {gone}" if gone else "nothing was kept")
