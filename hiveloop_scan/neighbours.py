"""What files say that are not scanned themselves."""

from __future__ import annotations

import ast
from pathlib import Path

from hiveloop_scan.files import display_path
from hiveloop_scan.lines import lines_of
from hiveloop_scan.model import Outline
from hiveloop_scan.outline.index import FileCalls
from hiveloop_scan.parsing import parsed
from hiveloop_scan.plan import Plan
from hiveloop_scan.reading import MAX_BYTES


def outline_of(path: Path, plan: Plan) -> tuple[str, Outline] | None:
    """Return the path to show for a file that is not scanned itself, and its outline; None where it cannot be read."""
    try:
        source = path.read_bytes()
    except OSError:
        return None
    tree = parsed(source, display_path(path)) if len(source) <= MAX_BYTES else None
    if not isinstance(tree, ast.Module):
        return None
    return display_path(path), FileCalls(tree, lines_of(source), plan.config.wrapper_names).outline()
