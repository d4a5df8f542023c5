"""Find second plans of a task that carry the revision of the first."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.sdk.conditions import are_alternatives
from hiveloop_scan.sdk.plans import plans_of
from hiveloop_scan.syntax.tree import code
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def replan_without_revision(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan(...)`` again, or in a loop, without ``revision=``: old states of steps are mixed in."""
    call = sdk_call(node, module)
    if call is None or call.method != "plan" or call.unpacks or call.signature is None:
        return
    revision = call.argument("revision")
    if revision is not None and not isinstance(revision, cst.Integer):
        return
    for earlier in plans_of(call, module):
        if earlier.node is node:
            break
        same = _revision(earlier) == _revision(call) and earlier.handle.origin is call.handle.origin
        if same and not are_alternatives(earlier.node, node, module):
            yield complaint(call, "planned-before")
            return
    if _is_repeated(call, module):
        yield complaint(call, "planned-in-a-loop")


def _revision(call: SdkCall) -> str:
    given = call.argument("revision")
    return code(given) if given is not None else "0"


def _is_repeated(call: SdkCall, module: ParsedModule) -> bool:
    """Say whether a loop plans the same task again in each round."""
    loop = module.enclosing(call.node, cst.For, cst.While, cst.FunctionDef)
    if not isinstance(loop, (cst.For, cst.While)) or module.is_below(call.handle.origin, [loop]):
        return False
    leaving = module.below(loop.body, cst.Break, cst.Return)
    return not any(module.is_before(call.node, leave) and _same_block(call.node, leave, module) for leave in leaving)


def _same_block(first: cst.CSTNode, second: cst.CSTNode, module: ParsedModule) -> bool:
    block = module.enclosing(second, cst.IndentedBlock)
    return block is not None and module.is_below(first, [block])
