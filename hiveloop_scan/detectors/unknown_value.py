"""Find texts that are none of the values which the SDK's server understands."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.constants import texts_given
from hiveloop_scan.sdk.items import item_values
from hiveloop_scan.sdk.signatures import ITEM_VALUES, VALUES
from hiveloop_scan.suggest import closest
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unknown_value(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan_step(0, "done", "Searched")``: the action is called completed."""
    call = sdk_call(node, module)
    if call is None:
        return
    for parameter, value, known in _values(call, module, options["parameters"]):
        wrong = [text for text in texts_given(value, module) if text not in known]
        if wrong:
            hint = closest(wrong[0].lower(), known)
            yield complaint(call, "value-is-unknown", at=value, argument=parameter, value=wrong[0], hint=hint)


def _values(
    call: SdkCall, module: ParsedModule, parameters: frozenset[str]
) -> Iterator[tuple[str, cst.BaseExpression, tuple[str, ...]]]:
    """Yield the arguments, and the entries of queue items, that the rule is about, with the values known for them."""
    for (method, parameter), known in VALUES.items():
        value = call.argument(parameter)
        if method == call.method and parameter in parameters and value is not None:
            yield parameter, value, known
    for key, known in ITEM_VALUES.items():
        if key in parameters:
            for value in item_values(call, key, module):
                yield key, value, known
