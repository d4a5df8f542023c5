"""Which imported thing a name in a module stands for."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from hiveloop_scan.syntax.tree import dotted


def import_table(nodes: Iterable[cst.CSTNode]) -> dict[str, str]:
    """Map each name that the import statements among `nodes` bind to the full name it stands for.

    Guarded and function-level imports count; relative ones keep their leading dots. Star imports bind nothing.
    """
    table: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, cst.Import):
            for alias in node.names:
                name = dotted(alias.name)
                bound = dotted(alias.asname.name) if alias.asname else name.partition(".")[0]
                table[bound] = name if alias.asname else bound
        elif isinstance(node, cst.ImportFrom) and not isinstance(node.names, cst.ImportStar):
            origin = "." * len(node.relative) + dotted(node.module)
            for alias in node.names:
                name = dotted(alias.name)
                bound = dotted(alias.asname.name) if alias.asname else name
                table[bound] = f"{origin}.{name}" if origin.strip(".") else f"{origin}{name}"
    return table
