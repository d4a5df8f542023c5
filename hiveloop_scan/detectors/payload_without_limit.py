"""Find payloads that are as long as what a tool or a model answers."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.payloads import values_sent
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import last_name
from hiveloop_scan.visitor import detector

_CARRIERS = {
    "set_payload": ("payload",),
    "event": ("payload",),
    "complete": ("payload",),
    "fail": ("payload",),
    "llm_call": ("prompt_preview", "response_preview", "metadata"),
}
_WRITERS = ("str", "repr", "dumps", "read", "read_text", "decode", "model_dump_json", "getvalue", "pformat")
_WHOLE = ("text", "content", "body", "stdout", "stderr", "output_text")


@detector(cst.Call)
def payload_without_limit(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``ctx.set_payload({"result": str(result)})``: above 32 KiB the server refuses the event."""
    call = sdk_call(node, module)
    if call is None or call.method not in _CARRIERS:
        return
    for parameter, value in values_sent(call, module):
        if parameter in _CARRIERS[call.method] and _is_whole(value, module, options):
            yield complaint(call, "value-has-no-limit", at=node, value=short(value))
            return


def _is_whole(value: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a value is the whole text of what is named for contents; parts of it are slices."""
    if isinstance(value, cst.Attribute):
        return value.attr.value in _WHOLE
    if not isinstance(value, cst.Call) or last_name(value.func) not in _WRITERS:
        return False
    subject: cst.BaseExpression = value.func.value if isinstance(value.func, cst.Attribute) else value.func
    if value.args:
        subject = value.args[0].value
    return words(last_name(subject))[-1:] in {(word,) for word in options["content_words"]}
