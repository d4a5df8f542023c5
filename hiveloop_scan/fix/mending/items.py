"""Mending of queues that are told item by item without an end."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.mending.place import node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding
from hiveloop_scan.sdk.signatures import MOST_ITEMS


def show_the_first(source: Source, finding: Finding) -> list[Edit]:
    """``items=[... for job in jobs]`` -> ``items=[... for job in jobs][:10]``: of whatever is gone through."""
    node = node_at(source, finding.span)
    if not isinstance(node, ast.ListComp):
        raise Refusal("the items are written out", "leave out those that matter least")
    outer = source.parents[node]
    if isinstance(outer, ast.Dict):
        outer = source.parents[outer]
    if not isinstance(outer, (ast.keyword, ast.Call, ast.Return, ast.Lambda)):
        raise Refusal("the list of items has a name, and others may read it", "cut it where it is given")
    return [insertion(source.end(node), f"[:{MOST_ITEMS}]")]
