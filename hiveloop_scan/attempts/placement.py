"""Where in a loop the call that reports a retry belongs: just before the sleep, else before control goes back."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.attempts.backoff import first_sleep
from hiveloop_scan.attempts.paths import Failure, Loop, in_round
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import statements


@dataclass(frozen=True)
class Placement:
    """The statement or sleep before which the call belongs; no node stands for the end of `block`."""

    node: cst.CSTNode | None
    block: cst.CSTNode
    line: int

    def comes_after(self, other: cst.CSTNode, module: ParsedModule) -> bool:
        """Say whether `other` has run, if it runs at all, when control gets here."""
        if self.node is not None:
            return module.is_before(other, self.node)
        return module.is_below(other, [self.block]) or module.is_before(other, self.block)


def placement_of(loop: Loop, failure: Failure | None, module: ParsedModule) -> Placement:
    """Find the place on the way from `failure` (None: from the end of the round) to the next round of `loop`."""
    block: Failure | Loop = failure if failure is not None else loop
    if failure is not None and (sleep := first_sleep(statements(failure.body), module)):
        return _before(sleep.call, block, module)
    repeats = in_round(loop, module, cst.Continue)
    if failure is not None and (inside := [node for node in repeats if module.is_below(node, [failure])]):
        return _before(inside[-1], block, module)
    later = [
        call
        for call in in_round(loop, module, cst.Call)
        if (failure is None or module.is_before(failure, call)) and first_sleep(call, module)
    ]
    if later:
        return _before(later[0], block, module)
    return Placement(None, block, module.span(statements(block.body)[-1]).end_line + 1)


def _before(node: cst.CSTNode, block: cst.CSTNode, module: ParsedModule) -> Placement:
    around = (outer for outer in (node, *module.ancestors(node)) if isinstance(outer, cst.BaseSmallStatement))
    return Placement(node, block, module.span(next(around, node)).line)
