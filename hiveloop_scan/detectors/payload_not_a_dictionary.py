"""Find payloads that are no dictionaries."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_CARRIERS = ("set_payload", "event", "complete", "fail")
_WRITTEN = (
    cst.SimpleString, cst.FormattedString, cst.ConcatenatedString, cst.Integer, cst.Float, cst.List, cst.Tuple, cst.Set,
    cst.ListComp, cst.SetComp, cst.GeneratorExp,
)  # fmt: skip
_TEXTS = ("str", "repr", "dumps", "join", "format", "list", "tuple", "len")


@detector(cst.Call)
def payload_not_a_dictionary(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``ctx.set_payload("found 3")``: it raises later, when the block ends."""
    call = sdk_call(node, module)
    given = call.argument("payload") if call and call.method in _CARRIERS else None
    if call is None or given is None or call.signature is None:
        return
    for choice in choices(given, module):
        if _is_no_dictionary(choice):
            yield complaint(call, "no-dictionary", at=given, value=short(given))
            return


def _is_no_dictionary(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Subscript):  # a part of a text is a text
        return any(isinstance(element.slice, cst.Slice) for element in node.slice)
    if isinstance(node, cst.Call):
        return last_name(node.func) in _TEXTS
    return isinstance(node, _WRITTEN)
