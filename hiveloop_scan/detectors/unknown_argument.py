"""Find arguments that the called method of the SDK does not have."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.suggest import closest
from hiveloop_scan.syntax.names import words
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unknown_argument(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``agent.report_issue("down", "high", level=3)``."""
    call = sdk_call(node, module)
    if call is None or call.signature is None:
        return
    names = call.signature.names
    unknown = [arg.keyword.value for arg in node.args if arg.keyword and arg.keyword.value not in names]
    if not unknown or (unknown == ["reason"] and "summary" in names and call.argument("summary") is None):
        return  # a reason in place of the summary is a complaint of its own
    free = [name for name in names if call.argument(name) is None]
    yield complaint(call, "argument-is-unknown", argument=unknown[0], hint=_hint(unknown[0], free))


def _hint(name: str, free: list[str]) -> str:
    """Return what may have been meant: the one argument that has a word of the name in it, else the closest."""
    kin = [other for other in free if not set(words(name)).isdisjoint(words(other))]
    if not free:
        return "it takes none of that kind"
    return f"did you mean {kin[0]!r}?" if len(kin) == 1 else closest(name, free)
