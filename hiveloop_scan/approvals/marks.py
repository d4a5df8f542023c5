"""Marks on a request that say that a person has to decide: a status, a flag, a field that keeps the action back."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.approvals.answers import literals_in
from hiveloop_scan.approvals.speech import offers_yes_and_no
from hiveloop_scan.approvals.statuses import STATUS, key_of, status_fact
from hiveloop_scan.approvals.surroundings import before_in
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.pairs import pairs_in
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_AWAITS = ("awaiting", "waiting", "awaits", "await", "wait", "pending", "paused", "expecting")
_COPIES = ("update", "replace", "model_copy", "copy", "evolve", "_replace")
_LOGS = {
    "log", "logger", "logging", "print", "debug", "info", "capture", "record", "inject", "track", "trace", "count",
    "metrics", "append", "update", "set",
}  # fmt: skip
_EQUAL = (cst.Equal, cst.Is, cst.In)

Mark = tuple[cst.CSTNode, str, cst.BaseExpression | None]
"""A statement or call, the fact that it speaks for, what is marked."""


def statuses_in(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Mark]:
    """``task.status = "pending_approval"``, calls that set such a status, and copies that are made with it."""
    body = statements(function.body)
    for assign in module.below(body, cst.Assign):
        target = assign.targets[0].target
        field = key_of(target) if isinstance(target, cst.Subscript) else last_name(target)
        if field not in STATUS or (owner := _owner(target)) is None or _mirrors(assign, assign.value, module):
            continue
        if fact := status_fact(assign.value, options, field):
            yield assign, fact, owner
    for call in module.below(body, cst.Call):
        name = last_name(call.func)
        if mentions(name, options["status_calls"]):
            yield call, "status-says-that-approval-is-awaited", None
        elif (mentions(name, options["set_words"]) or name in _COPIES) and not name[:1].isupper():
            for value in _values_set(call):
                if (fact := status_fact(value, options)) and not _mirrors(call, value, module):
                    yield call, "is-kept-in-a-form-that-waits" if name in _COPIES[1:] else fact, None
                    break


def _values_set(call: cst.Call) -> Iterator[cst.BaseExpression]:
    """Yield what a call may set a status to: plain arguments, and the statuses among the pairs it is given."""
    for arg in call.args:
        if isinstance(arg.value, (cst.SimpleString, cst.Attribute)):
            yield arg.value
        elif isinstance(arg.value, cst.Dict):
            yield from (value for name, value in pairs_in(arg.value) if name in STATUS)


def _mirrors(node: cst.CSTNode, value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a branch was taken because something has this very status already: it is only noted down again."""
    said = _constant(value)
    for outer in module.ancestors(node):
        if isinstance(outer, cst.FunctionDef):
            return False
        if isinstance(outer, cst.If) and module.is_below(node, statements(outer.body)):
            if any(
                isinstance(target.operator, _EQUAL) and said in _constants(target.comparator, module)
                for target in module.below(outer.test, cst.ComparisonTarget)
            ):
                return not _does_more(outer.body, node, module)
        elif isinstance(outer, cst.MatchCase) and said in _constants(outer.pattern, module):
            return not _does_more(outer.body, node, module)
    return False


def _does_more(body: cst.BaseSuite, node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a branch does more than note something down in `node`, and logging it: it may ask, or send."""
    return any(
        not module.is_below(node, [told]) and not _LOGS.intersection(words(dotted(told.value.func)))
        for told in module.below(statements(body), cst.Expr)
        if isinstance(told.value, cst.Call)
    )


def _constants(node: cst.CSTNode, module: ParsedModule) -> set[str]:
    return {_constant(part) for part in module.below(node, cst.SimpleString, cst.Attribute, cst.Name)}


def _constant(node: cst.CSTNode) -> str:
    """Return a text, a constant or a member of an enum in one spelling: ``Kind.NEEDS_YES`` and ``"needs-yes"``."""
    if isinstance(node, cst.Attribute) and last_name(node) == "value":
        node = node.value
    return "_".join(words(last_name(node) if isinstance(node, (cst.Attribute, cst.Name)) else code(node)))


def flags_in(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Mark]:
    """``state.awaiting_confirmation = True``, ``self.pending_action = action``."""
    if function.name.value == "__init__":
        return
    for assign in module.below(statements(function.body), cst.Assign):
        target = assign.targets[0].target
        owner = _owner(target)
        if owner is None:
            continue
        field = key_of(target) if isinstance(target, cst.Subscript) else last_name(target)
        value = code(assign.value)
        said = words(field)
        if value == "True" and said and said[0] in _AWAITS:
            if asks_for_a_yes(assign, module) and len(said) > 1:
                yield assign, "waits-for-the-yes-it-asks-for", owner
            elif mentions(field, options["status_words"]) and not _mirrors(assign, target, module):
                yield assign, "flag-says-that-approval-is-awaited", owner
        elif value not in ("None", "False", "True", '""') and field.strip("_") in options["kept_back_words"]:
            yield assign, "an-action-is-kept-back", assign.value


def asks_for_a_yes(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a text written shortly before `node` shows how to agree: ``Type 'y' to send``."""
    return any(
        offers_yes_and_no(text) for statement in before_in(node, module) for text in literals_in(statement, module)
    )


def _owner(target: cst.BaseAssignTargetExpression) -> cst.BaseExpression | None:
    return target.value if isinstance(target, (cst.Attribute, cst.Subscript)) else None
