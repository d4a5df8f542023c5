"""Find snapshots of a queue that are sent for each item put into it or taken from it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from, parameters
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.conditions import is_conditional
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector

_PUTS = ("put", "put_nowait", "append", "appendleft", "push", "lpush", "rpush", "enqueue", "add")
_TAKES = ("get", "get_nowait", "pop", "popleft", "lpop", "rpop", "dequeue")


@detector(cst.Call)
def snapshot_per_item(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """A function that puts one item and tells, or a loop over items that does so in each round."""
    call = sdk_call(node, module)
    if call is None or call.method != "queue_snapshot":
        return
    loop = module.enclosing(node, cst.For, cst.While, cst.FunctionDef)
    if loop is None or isinstance(loop, cst.While) or is_conditional(node, module, loop):
        return
    for move in module.below(loop.body, cst.Call):
        owner, _, verb = dotted(move.func).rpartition(".")
        if verb not in (*_PUTS, *_TAKES) or not owner or not _tells_of(call, owner, module):
            continue
        if isinstance(loop, cst.For):
            yield complaint(call, "in-a-loop-over-items", queue=owner)
            return
        if verb in _PUTS and _puts_a_parameter(move, loop):
            yield complaint(call, "in-a-function-that-puts-one", queue=owner)
            return
        if verb in _TAKES and mentions(loop.name.value, options["taking_words"]) and _gives_it(move, loop, module):
            yield complaint(call, "in-a-function-that-takes-one", queue=owner)
            return


def _tells_of(call: SdkCall, owner: str, module: ParsedModule) -> bool:
    """Say whether the depth that is told is that of the queue called `owner`."""
    depth = call.argument("depth")
    return depth is not None and derives_from(depth, module, lambda part: dotted(part) == owner)


def _puts_a_parameter(move: cst.Call, function: cst.FunctionDef) -> bool:
    given = {dotted(arg.value) for arg in move.args}
    return any(param.name.value in given for param in parameters(function))


def _gives_it(move: cst.Call, function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether a function returns the item that it has taken."""
    returned = [node.value for node in module.below(function.body, cst.Return) if node.value is not None]
    return any(derives_from(value, module, lambda part: part is move) for value in returned)
