"""Mending of the names under which tools are tracked."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.place import call_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding


def name_the_tool(source: Source, finding: Finding) -> list[Edit]:
    """``track_context("tool_call")`` -> ``track_context(call.name)``, the name that the block's tool is run by."""
    call, name = call_at(source, finding.span), str(finding.captures["name"])
    block = source.enclosing(call, ast.With, ast.AsyncWith)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if block is None or len(given) != 1 or not isinstance(given[0], ast.Constant):
        raise Refusal("the name of the tool is not known where it is tracked", "track the tools one by one")
    first = ast.parse(name, mode="eval").body
    while isinstance(first, ast.Attribute):
        first = first.value
    made = {part.id for part in ast.walk(block) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    if not isinstance(first, ast.Name) or first.id in made:
        raise Refusal("the name of the tool becomes known in the block", "give it a name in front of the block")
    return [Edit(source.start(given[0]), source.end(given[0]), name)]
