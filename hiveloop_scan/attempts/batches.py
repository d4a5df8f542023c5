"""A batch that failed and is done again one by one."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.attempts.operation import invocation_of
from hiveloop_scan.attempts.paths import Failure
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words


def loop_that_feeds(call: cst.Call, branch: Failure, module: ParsedModule) -> cst.For | None:
    """Return the for loop in `branch` whose item a call is given."""
    loop = module.enclosing(call, cst.For, cst.ExceptHandler, cst.If)
    while isinstance(loop, cst.If) and loop is not branch:
        loop = module.enclosing(loop, cst.For, cst.ExceptHandler, cst.If)
    if isinstance(loop, cst.For) and module.names_in(loop.target) & module.names_in(*call.args):
        return loop
    return None


def item_by_item(
    call: cst.Call, again: cst.Call, loop: cst.For, branch: Failure, module: ParsedModule, options: Options
) -> list[str]:
    """Collect the facts of a batch that failed and is done again one by one; none when the loop does something else."""
    receiver, _, name = invocation_of(call).name.rpartition(".")
    receiver_again, _, name_again = invocation_of(again).name.rpartition(".")
    single = [word for word in words(name) if word not in options["batch_words"]]
    if receiver != receiver_again or single != list(words(name_again)):
        return []
    speaks = mentions(module.text(branch), options["fallback_words"])
    same_items = bool(module.names_in(loop.iter) & module.names_in(*call.args))
    if not same_items and not (speaks and name == name_again):
        return []
    facts = ["same-work-item-by-item"]
    if mentions(name_again, options["work_words"]):
        facts.append("operation-does-work-elsewhere")
    if speaks:
        facts.append("branch-speaks-of-a-fallback")
    return facts
