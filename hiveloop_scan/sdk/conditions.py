"""On what a call of the SDK depends: the conditions around it, checks for its own object left out."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.handles import possible_handle
from hiveloop_scan.sdk.spelled import speaks_of_sdk
from hiveloop_scan.syntax.tree import SCOPES, dotted, statements

_EXITS = (cst.Return, cst.Raise, cst.Continue, cst.Break)
_PLAIN = ("None", "True", "False", "hasattr", "callable", "isinstance", "getattr")


def asks_for_handles_only(test: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a test asks for nothing but objects of the SDK: ``if task:``, ``if agent is not None``."""
    for attribute in module.below(test, cst.Attribute):
        if possible_handle(attribute, module) is None and not speaks_of_sdk(dotted(attribute)):
            return False
    inside = {id(part) for attribute in module.below(test, cst.Attribute) for part in module.below(attribute, cst.Name)}
    names = [name for name in module.below(test, cst.Name) if name.value not in _PLAIN and id(name) not in inside]
    return all(speaks_of_sdk(name.value) or possible_handle(name, module) is not None for name in names)


def is_conditional(node: cst.CSTNode, module: ParsedModule, within: cst.CSTNode | None = None) -> bool:
    """Say whether `node` runs under a condition inside of `within` (its function), or behind a check that leaves."""
    inner = node
    for outer in module.ancestors(node):
        if outer is within or isinstance(outer, SCOPES):
            break
        if isinstance(outer, (cst.If, cst.IfExp, cst.While)) and not module.is_below(node, [outer.test]):
            endless = isinstance(outer, cst.While) and dotted(outer.test) == "True"
            if not endless and not asks_for_handles_only(outer.test, module):
                return True
        if isinstance(outer, (cst.Match, cst.MatchCase)):
            return True
        if isinstance(outer, (cst.IndentedBlock, cst.Module)) and _leaves_before(outer, inner, module):
            return True
        inner = outer
    return False


def _leaves_before(block: cst.IndentedBlock | cst.Module, inner: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a check in front of `inner`, in the same block, may leave: ``if count < 3: return``."""
    for statement in block.body:
        if statement is inner:
            return False
        if isinstance(statement, cst.If) and not asks_for_handles_only(statement.test, module):
            body = statements(statement.body)
            if body and isinstance(body[-1], _EXITS):
                return True
    return False


def are_alternatives(first: cst.CSTNode, second: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether control that has met `first` cannot meet `second`, which stands behind it, in the same round."""
    for outer in module.ancestors(first):
        holds_both = module.is_below(second, [outer])
        if isinstance(outer, cst.IndentedBlock) and not holds_both:
            inside = statements(outer)
            if inside and isinstance(inside[-1], _EXITS):
                return True
        if isinstance(outer, SCOPES) or (holds_both and not isinstance(outer, (cst.If, cst.Try, cst.Match))):
            return False
        if holds_both:
            return _in_other_arm(outer, first, second, module)
    return False


def _in_other_arm(outer: cst.CSTNode, first: cst.CSTNode, second: cst.CSTNode, module: ParsedModule) -> bool:
    if isinstance(outer, cst.If):
        arms: list[cst.CSTNode | None] = [outer.body, outer.orelse]
    elif isinstance(outer, cst.Try):
        arms = [*outer.handlers, outer.orelse]
    elif isinstance(outer, cst.Match):
        arms = [*outer.cases]
    else:
        return False
    found = [
        [index for index, arm in enumerate(arms) if arm and module.is_below(node, [arm])] for node in (first, second)
    ]
    return bool(found[0] and found[1]) and found[0] != found[1]
