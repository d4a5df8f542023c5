"""Find snapshots of an agent whose queue provider tells the same by itself."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.syntax.tree import is_name, last_name
from hiveloop_scan.visitor import detector

_WITH = "registers-an-agent-with-a-provider"
_WITHOUT = "registers-an-agent-without-a-provider"


@detector(cst.Call)
def snapshot_beside_provider(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``hb.agent("a", queue_provider=...)`` and ``agent.queue_snapshot(...)``."""
    call = sdk_call(node, module)
    if call is None:
        return
    if call.method == "agent" and call.signature:
        yield Match(node, {}, [], facts=(_WITH if _has_provider(node) else _WITHOUT,))
    if call.method != "queue_snapshot" or not call.signature:
        return
    origin = call.handle.origin
    if isinstance(origin, cst.Call) and last_name(origin.func) == "agent":
        if _has_provider(origin):
            yield complaint(call, "agent-has-a-provider")
        return
    clues = (Clue("*", _WITH, "agents-have-providers"), Clue("*", _WITHOUT, "some-agent-has-none"))
    yield complaint(call, "agent-is-made-elsewhere", clues=clues)


def _has_provider(call: cst.Call) -> bool:
    given = [arg.value for arg in call.args if arg.keyword and arg.keyword.value == "queue_provider"]
    return any(arg.star == "**" for arg in call.args) or any(not is_name(value, "None") for value in given)
