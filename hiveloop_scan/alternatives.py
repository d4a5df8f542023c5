"""Several calls of which one event is made: one for async tools and one for others, one that streams and one not."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_suite


def is_alternative(call: cst.Call, earlier: Sequence[cst.Call], module: ParsedModule) -> bool:
    """Say whether `call` runs only where none of the `earlier` ones has run, or after one of them has failed."""
    return any(_excludes(other, call, module) for other in earlier)


def _excludes(first: cst.CSTNode, second: cst.CSTNode, module: ParsedModule) -> bool:
    around_second = {id(node) for node in module.ancestors(second)}
    for outer in module.ancestors(first):
        if id(outer) in around_second:
            if isinstance(outer, (cst.If, cst.IfExp)):
                return not module.is_below(second, [outer.test])
            return isinstance(outer, cst.Try) and not module.is_below(second, [outer.body])
        if isinstance(outer, (cst.If, cst.Else)) and not flow_of_suite(outer.body) & Flow.NEXT:
            return True
    return False
