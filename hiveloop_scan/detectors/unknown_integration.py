"""Find imports of parts that the SDK does not have."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.signatures import EXPORTS, INTEGRATIONS
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector

_INSIDE = "hiveloop.integrations"


@detector(cst.Import, cst.ImportFrom)
def unknown_integration(node: cst.Import | cst.ImportFrom, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``from hiveloop.integrations.langchain import ...``: only claude_agent_sdk ships."""
    for name in _imported(node):
        if _is_missing(name):
            yield Match(node, {"method": "init", "module": name}, ["on-an-sdk-object", "does-not-exist"])
            return


def _imported(node: cst.Import | cst.ImportFrom) -> Iterator[str]:
    """Yield the full names of what is imported."""
    if isinstance(node, cst.Import):
        yield from (dotted(alias.name) for alias in node.names)
    elif not node.relative and not isinstance(node.names, cst.ImportStar):
        yield from (f"{dotted(node.module)}.{dotted(alias.name)}" for alias in node.names)


def _is_missing(name: str) -> bool:
    root, _, rest = name.partition(".")
    part = rest.partition(".")[0]
    if root != "hiveloop" or not rest or part.startswith("_"):
        return False
    if name.startswith(f"{_INSIDE}."):
        return name.removeprefix(f"{_INSIDE}.").partition(".")[0] not in INTEGRATIONS
    return part not in EXPORTS
