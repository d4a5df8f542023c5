"""Mending of the order of decorators."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.place import call_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding


def track_below(source: Source, finding: Finding) -> list[Edit]:
    """Let ``@agent.track(...)`` and the ``@classmethod`` right below it change places."""
    call = call_at(source, finding.span)
    function = source.parents[call]
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or call not in function.decorator_list:
        raise Refusal("it decorates no function")
    below = function.decorator_list[function.decorator_list.index(call) + 1 :]
    if not below or source.segment(below[0]) != finding.captures["decorator"]:
        raise Refusal("another decorator stands between the two", "change their order by hand")
    between = source.text[source.end(call) : source.start(below[0])]
    behind = source.lines[(below[0].end_lineno or below[0].lineno) - 1]
    if between.strip() != "@" or not behind.rstrip().endswith(source.segment(below[0])):
        raise Refusal("a comment stands beside the two", "change their order by hand")
    return [
        Edit(source.start(call), source.end(call), source.segment(below[0])),
        Edit(source.start(below[0]), source.end(below[0]), source.segment(call)),
    ]
