"""Find queues that are told item by item without an end."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.constants import choices, number_given
from hiveloop_scan.sdk.items import lists_of_items
from hiveloop_scan.sdk.signatures import MOST_ITEMS
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_BOUNDED = ("islice", "nsmallest", "nlargest", "most_common", "head", "sample", "range")
_LOADED = ("fetchmany", "limit", "fetchone")


@detector(cst.Call)
def too_many_queue_items(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``items=[{"id": job.id} for job in queue]``: each heartbeat carries the whole queue."""
    call = sdk_call(node, module)
    if call is None:
        return
    for items in lists_of_items(call, module):
        if isinstance(items, (cst.List, cst.Tuple)) and len(items.elements) > MOST_ITEMS:
            yield complaint(call, "more-items-than-shown", at=items, most=MOST_ITEMS)
        elif isinstance(items, cst.ListComp):
            reason = _why_too_many(items.for_in.iter, module)
            if reason:
                yield complaint(call, reason, at=items, most=MOST_ITEMS)


def _why_too_many(source: cst.BaseExpression, module: ParsedModule) -> str | None:
    """Return the fact that makes a comprehension over `source` too long; None where it has an end."""
    found = choices(source, module)
    node = found[0] if len(found) == 1 else source
    if isinstance(node, cst.Subscript):
        bound = node.slice[0].slice
        if not isinstance(bound, cst.Slice):
            return None
        length = number_given(bound.upper, module) if bound.upper else None
        return "more-items-than-shown" if length is not None and bound.lower is None and length > MOST_ITEMS else None
    calls = [last_name(call.func) for call in module.all_below(node, cst.Call)]
    if any(name in (*_BOUNDED, *_LOADED) for name in calls):
        return None
    if isinstance(node, (cst.List, cst.Tuple)):
        return None
    return "all-items-without-an-end" if isinstance(node, (cst.Name, cst.Attribute, cst.Call)) else None
