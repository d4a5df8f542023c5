"""Tell the marks that give work to people: a status, an assignee, a flag."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.triggers import ORDER
from hiveloop_scan.handoffs.wording import (
    is_a_state_of_people,
    label_of,
    labels_in,
    names_a_duty,
    names_people,
    plain_name,
)
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.handing import ASSIGNEE_FIELDS, STATE_FIELDS, is_called
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.pairs import Pair, pairs_in
from hiveloop_scan.syntax.tree import code, dotted, last_name

_UNMISTAKABLE = (
    "escalated",
    "escalate",
    "needs_human",
    "human_review",
    "manual_review",
    "handed_off",
    "handed_over",
    "needs_review",
)


_OF_MACHINES = (
    "pid", "process", "port", "socket", "lock", "lease", "leader", "fd", "file", "connection", "thread", "worker",
    "server", "memory", "buffer", "traffic", "stream", "token", "key", "shard", "partition", "primary", "replica",
)  # fmt: skip
"""What machines hand over to each other."""


def assigned_marks(node: cst.Assign, module: ParsedModule, options: Options) -> list[str]:
    """Return the facts of an assignment that gives work to people: ``ticket.status = "escalated"``."""
    facts: list[str] = []
    for target, value in ((target.target, node.value) for target in node.targets):
        name = _field_of(target)
        if name and not mentions(dotted(target).rpartition(".")[0], ("actions",)):
            facts += _of_pair(name, value, module, options, isinstance(target, cst.Name))
    return facts


def written_marks(call: cst.Call, module: ParsedModule, options: Options) -> list[str]:
    """Return the facts of a call that writes such a mark: ``crm.update(id, {"stage": "needs_human"})``."""
    name = last_name(call.func)
    if not set(words(name)) & options["write_words"] or name[:1].isupper():
        return []
    return [fact for key, value in _written(call) for fact in _of_pair(key, value, module, options, False)]


def is_a_flag_for_people(name: str, value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a flag that asks for people is set: ``needs_human = True``."""
    return (
        isinstance(value, cst.Name)
        and value.value == "True"
        and mentions(name, options["flag_words"])
        and not mentions(name, (*options["waiting_words"], *options["settled_words"], *_OF_MACHINES))
    )


def is_a_threshold_for_people(name: str, value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a flag that asks for people is set on evidence: ``needs_human=score < 0.5``."""
    if isinstance(value, cst.BooleanOperation):
        return any(is_a_threshold_for_people(name, part, options) for part in (value.left, value.right))
    return (
        isinstance(value, cst.Comparison)
        and isinstance(value.comparisons[0].operator, ORDER)
        and is_a_flag_for_people(name, cst.Name("True"), options)
    )


def _of_pair(
    name: str, value: cst.BaseExpression, module: ParsedModule, options: Options, is_local: bool
) -> Iterator[str]:
    if is_a_flag_for_people(name, value, options):
        yield "local-flag-asks-for-people" if is_local else "flag-asks-for-people"
        return
    if not is_local and is_a_threshold_for_people(name, value, options):
        yield "flag-asks-for-people"
        yield "flag-is-set-by-a-threshold"
        return
    if is_called(name, ASSIGNEE_FIELDS) and not is_local:
        for text in (plain_name(value, name), *labels_in(value, module)):
            if names_people(text, options) or names_a_duty(text, options):
                yield "work-is-assigned-to-people"
                return
    if is_called(name, STATE_FIELDS):
        labels = [label_of(part) or "" for part in _alternatives(value) if is_a_state_of_people(part, options)]
        plain = any(mentions(label, _UNMISTAKABLE) for label in labels)
        if labels and (plain or not is_local):
            yield "status-says-that-people-take-over"
            if plain and not is_local:
                yield "status-is-unmistakable"
        elif (
            not is_local
            and isinstance(value, (cst.SimpleString, cst.Attribute))
            and mentions(code(value), options["urgent_words"])
        ):
            yield "becomes-urgent"


def _alternatives(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(value, cst.IfExp):
        yield from _alternatives(value.body)
        yield from _alternatives(value.orelse)
    else:
        yield value


def _field_of(target: cst.BaseExpression) -> str:
    """Return what an assignment sets: the attribute, the key or the plain name."""
    if isinstance(target, cst.Subscript):
        index = target.slice[0].slice
        if isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
            key = index.value.evaluated_value
            return key if isinstance(key, str) else ""
        return ""
    return last_name(target) if isinstance(target, (cst.Name, cst.Attribute)) else ""


def _written(call: cst.Call) -> Iterator[Pair]:
    yield from pairs_in(call)
    for arg in call.args:
        if isinstance(arg.value, (cst.Dict, cst.Call)):
            yield from pairs_in(arg.value)
