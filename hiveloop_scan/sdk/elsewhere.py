"""What other files want to know of the SDK's use in one, read off the standard parser's tree."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.sdk.signatures import Kind

USES_THE_SDK = "uses-the-sdk"

_IMPORTED = re.compile(rb"^[ \t]*(?:import|from)[ \t]+hiveloop\b", re.MULTILINE)


def holds(kind: Kind) -> str:
    """Return the fact of a name or a function that it holds, or gives, an object of this kind."""
    return f"holds-an-sdk-{kind.value}"


def sdk_facts(source: bytes, tree: ast.Module) -> dict[str, frozenset[str]]:
    """Return the fact that this file imports the SDK, told of the file itself; nothing for other files."""
    if b"hiveloop" not in source or not _IMPORTED.search(source):
        return {}
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    imported += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    if any(name.partition(".")[0] == "hiveloop" for name in imported):
        return {"": frozenset({USES_THE_SDK})}
    return {}
