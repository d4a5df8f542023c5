"""Steps that are built one by one of what a file, a dictionary or a text lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from
from hiveloop_scan.plans.sources import is_parsed
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, statements

_MAKERS = {"from_dict", "from_json", "parse_obj", "model_validate", "parse", "from_spec", "from_config"}
_PUTS = {"append", "add_step", "add_task", "add_item", "add_todo", "add_node", "add_stage", "add_phase"}
_RESTORED = {"result", "results", "output", "error", "started_at", "completed_at", "created_at", "duration", "tokens"}


@dataclass(frozen=True)
class Built:
    """A statement after which steps are built: the name that holds them, the call that makes one, what is read."""

    statement: cst.Assign | cst.AnnAssign | cst.For
    name: cst.BaseExpression
    made: cst.Call
    source: cst.BaseExpression
    target: cst.BaseAssignTargetExpression


def steps_built(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Built]:
    """Yield the places of a function where a list or dictionary of step objects is made of another list."""
    body = statements(function.body)
    for assign in module.below(body, cst.Assign, cst.AnnAssign):
        value = assign.value
        if not isinstance(value, (cst.ListComp, cst.DictComp)):
            continue
        made = value.elt if isinstance(value, cst.ListComp) else value.value
        target = assign.targets[0].target if isinstance(assign, cst.Assign) else assign.target
        if isinstance(made, cst.Call) and _makes_a_unit(made, options):
            yield Built(assign, target, made, value.for_in.iter, value.for_in.target)
    for loop in module.below(body, cst.For):
        for call in module.below(statements(loop.body), cst.Call):
            if _makes_a_unit(call, options) and (name := _kept_in(call, loop, module)) is not None:
                yield Built(loop, name, call, loop.iter, loop.target)
                break


def reads_its_order(built: Built, options: Options) -> bool:
    """Say whether a step is told what it waits for or where it stands: ``depends_on=entry["needs"]``."""
    return any(arg.keyword and mentions(arg.keyword.value, options["order_fields"]) for arg in built.made.args)


def is_one_of_many(built: Built, module: ParsedModule) -> bool:
    """Say whether a loop builds the steps of several plans, one after the other: a catalogue of runbooks."""
    if module.enclosing(built.statement, cst.For, cst.While, cst.FunctionDef) is not module.function_of(
        built.statement
    ):
        return True
    return isinstance(built.statement, cst.For) and (
        module.enclosing(built.made, cst.For, cst.CompFor, cst.ListComp) is not built.statement
    )


def is_restored(built: Built, options: Options) -> bool:
    """Say whether a step is given an outcome, as one that was stored when it had run."""
    return any(arg.keyword and arg.keyword.value in _RESTORED for arg in built.made.args)


def reads_a_listing(built: Built, module: ParsedModule, options: Options) -> bool:
    """Say whether the steps are read from under a key such as "steps", or out of a text that is parsed."""
    if any(
        mentions(str(text.raw_value), options["listing_keys"]) for text in module.below(built.source, cst.SimpleString)
    ):
        return True
    return derives_from(
        built.source, module, lambda node: is_parsed(node, options) or _is_a_key(node, options), steps=2
    )


def _is_a_key(node: cst.CSTNode, options: Options) -> bool:
    if isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
        key = node.slice[0].slice.value
        return isinstance(key, cst.SimpleString) and mentions(str(key.raw_value), options["listing_keys"])
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get":
        asked = node.args[0].value if node.args else None
        return isinstance(asked, cst.SimpleString) and mentions(str(asked.raw_value), options["listing_keys"])
    return False


def _makes_a_unit(call: cst.Call, options: Options) -> bool:
    """Say whether a call makes a step: its class is called one, and it is given something."""
    parts = dotted(call.func).split(".")
    if len(parts) > 1 and parts[-1] in _MAKERS:
        parts.pop()
    name = parts[-1]
    return (
        bool(call.args) and name[:1].isupper() and words(name)[-1:] != () and words(name)[-1] in options["unit_classes"]
    )


def _kept_in(call: cst.Call, loop: cst.For, module: ParsedModule) -> cst.BaseExpression | None:
    """Return what a round of a loop adds the step to, at once or by the name that it gives it."""
    named = {
        code(assign.targets[0].target)
        for assign in module.below(statements(loop.body), cst.Assign)
        if assign.value is call and isinstance(assign.targets[0].target, cst.Name)
    }
    for put in module.below(statements(loop.body), cst.Call):
        if isinstance(put.func, cst.Attribute) and put.func.attr.value in _PUTS and put.args:
            given = put.args[0].value
            if given is call or code(given) in named:
                return put.func.value
    for assign in module.below(statements(loop.body), cst.Assign):
        target = assign.targets[0].target
        if isinstance(target, cst.Subscript) and (assign.value is call or code(assign.value) in named):
            return target.value
    return None
