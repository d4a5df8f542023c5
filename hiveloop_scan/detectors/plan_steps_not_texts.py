"""Find plans whose steps are no list of texts."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
_NO_TEXTS = (cst.Integer, cst.Float, cst.Dict, cst.List, cst.Tuple, cst.Set, cst.Lambda)
_LAZY = ("map", "filter", "zip", "enumerate", "reversed", "iter", "chain")
_ONE_TEXT = ("join", "dumps", "str", "strip", "format")


@detector(cst.Call)
def plan_steps_not_texts(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan(goal, "abc")`` is taken for three steps; a generator raises a TypeError."""
    call = sdk_call(node, module)
    given = call.argument("steps") if call and call.method == "plan" else None
    if call is None or given is None:
        return
    for choice in choices(given, module):
        reason = _what_is_wrong(choice, module)
        if reason:
            yield complaint(call, reason, at=given, steps=short(given))
            return


def _what_is_wrong(node: cst.BaseExpression, module: ParsedModule) -> str | None:
    if isinstance(node, _TEXTS) or _is_annotated_as_text(node, module):
        return "one-text-is-a-list-of-letters"
    if isinstance(node, (cst.Set, cst.SetComp, cst.Dict, cst.DictComp)):
        return "steps-have-no-order"
    if isinstance(node, cst.GeneratorExp):
        return "generator-has-no-length"
    if isinstance(node, cst.Call):
        name = last_name(node.func)
        if name in _LAZY:
            return "generator-has-no-length"
        return "one-text-is-a-list-of-letters" if name in _ONE_TEXT else None
    if isinstance(node, cst.ListComp):
        return "steps-are-no-texts" if isinstance(node.elt, _NO_TEXTS) else None
    if isinstance(node, (cst.List, cst.Tuple)):
        return "steps-are-no-texts" if any(isinstance(one.value, _NO_TEXTS) for one in node.elements) else None
    return None


def _is_annotated_as_text(node: cst.BaseExpression, module: ParsedModule) -> bool:
    function = module.function_of(node)
    if not isinstance(node, cst.Name) or function is None:
        return False
    kinds = [one.annotation for one in parameters(function) if one.name.value == node.value]
    return any(kind is not None and module.text(kind.annotation) == "str" for kind in kinds)
