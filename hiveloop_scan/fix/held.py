"""What code at a place can already read of HiveLoop: a task that was begun there, a parameter, an attribute."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.names import GENERATED
from hiveloop_scan.fix.reach import is_bound_at, is_set_for_sure
from hiveloop_scan.fix.source import Source
from hiveloop_scan.syntax.names import words

if TYPE_CHECKING:
    import libcst as cst

    from hiveloop_scan.module import ParsedModule

_STACK = 5000
"""Python frames for libcst, as in a scan."""

_HINT = re.compile(
    rb"hiveloop|hiveboard|\bhl_|_hl\b|\.(?:task|start_task|track_context|get_agent)\(|tokens_in|step_index"
)
"""Files without any of these hold nothing of HiveLoop, and are not parsed for it."""


@dataclass(frozen=True, slots=True)
class Held:
    """An expression that gives a handle at a place, and whether the function around the place has made it itself."""

    expression: str
    is_local: bool


def held_at(handle: Handle, place: ast.stmt, source: Source, sdk_is_used: bool) -> Iterator[Held]:
    """Yield what gives `handle` at `place`, the closest first; `sdk_is_used`: the project imports the SDK somewhere."""
    module = parsed_for_handles(source)
    node = node_at(place, module) if module else None
    if module is None or node is None:
        return
    from hiveloop_scan.sdk.handle import Source as Origin
    from hiveloop_scan.sdk.plumbing import holders_at

    for holder in holders_at(node, module):
        if holder.handle.kind.value != handle or not (holder.handle.sure or sdk_is_used):
            continue
        if holder.handle.source is Origin.NAME and not is_named_for(handle, holder.name):
            continue
        root, _, rest = holder.name.partition(".")
        if root in GENERATED or not is_bound_at(root, place, source):
            continue
        if not rest:
            yield Held(root, not _is_of_module(root, place, source))
        elif "." not in rest:
            sure = root == "self" and is_set_for_sure(rest, place, source)
            yield Held(holder.name if sure else f'getattr({root}, "{rest}", None)', True)


def is_named_for(handle: Handle, name: str) -> bool:
    """Say whether a name alone says what it holds: ``_hiveloop`` and ``hl_task`` do, ``hl_task_id`` does not."""
    said = words(name.rpartition(".")[2])
    return said[-1:] == (handle.value,) or (handle is Handle.AGENT and said in (("hiveloop",), ("hl",)))


def _is_of_module(name: str, place: ast.stmt, source: Source) -> bool:
    from hiveloop_scan.fix.names import bound_in

    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return not any(isinstance(outer, functions) and name in set(bound_in(outer)) for outer in source.ancestors(place))


@lru_cache(maxsize=4)
def parsed_for_handles(source: Source) -> ParsedModule | None:
    """Return libcst's view of a file that may hold something of HiveLoop; None for any other."""
    if not _HINT.search(source.data):
        return None
    import libcst as cst

    from hiveloop_scan.module import ParsedModule
    from hiveloop_scan.triage import choose, skeleton

    chosen = choose(source.data, source.tree, None)
    if chosen is None:
        return None
    cut = skeleton(source.data, source.tree, chosen)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _STACK))
    try:
        return ParsedModule(cst.parse_module(cut.source), cut.anchor_lines)
    except (cst.ParserSyntaxError, ValueError, RecursionError):
        return None
    finally:
        sys.setrecursionlimit(before)


def node_at(place: ast.stmt, module: ParsedModule) -> cst.CSTNode | None:
    """Return the statement of `module` that begins where `place` does."""
    import libcst as cst

    kinds = (cst.SimpleStatementLine, cst.If, cst.For, cst.While, cst.With, cst.Try, cst.TryStar, cst.FunctionDef)
    for node in module.nodes(*kinds, cst.ClassDef, cst.Match):
        if module.span(node).line == place.lineno:
            return node
    return None
