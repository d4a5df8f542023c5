"""What a file offers to others: names that hold objects of the SDK, and functions that give one."""

from __future__ import annotations

from collections import defaultdict

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import bindings
from hiveloop_scan.sdk.elsewhere import holds
from hiveloop_scan.sdk.handles import handle_of
from hiveloop_scan.sdk.plumbing import getters
from hiveloop_scan.syntax.tree import dotted


def offers_of(module: ParsedModule) -> dict[str, set[str]]:
    """Return the facts of the module's names and functions: which kind of object each holds, beyond doubt."""
    found: dict[str, set[str]] = defaultdict(set)
    for target, _ in bindings(module.tree, module):
        handle = handle_of(target, module) if isinstance(target, cst.Name) else None
        if handle is not None and handle.sure:
            found[dotted(target)].add(holds(handle.kind))
    for getter in getters(module):
        if getter.sure and getter.origin.startswith(":"):
            found[getter.name].add(holds(getter.kind))
    return found
