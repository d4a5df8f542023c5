"""Find arguments given by position that the SDK takes by name only."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def positional_argument(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.retry("again", 2)``: the attempt has to be named."""
    call = sdk_call(node, module)
    if call is None or call.signature is None or call.unpacks:
        return
    given = [arg for arg in node.args if not arg.keyword]
    room = len(call.signature.positional)
    if len(given) > room:
        names = [name for name in call.signature.names if name not in call.signature.positional]
        argument = names[0] if names else "one too many"
        yield complaint(call, "too-many-by-position", argument=argument, room=room)
