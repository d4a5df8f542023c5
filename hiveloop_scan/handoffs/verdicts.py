"""Tell the values by which a function says that people shall take over."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.marks import is_a_flag_for_people, is_a_threshold_for_people
from hiveloop_scan.handoffs.triggers import decided_before
from hiveloop_scan.handoffs.wording import is_a_state_of_people, is_text, label_of
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.handing import STATE_FIELDS, is_called
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.pairs import pairs_in
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_KEEPS_RECORDS = frozenset(
    {"event", "record", "log", "audit", "metric", "stats", "error", "exception", "config", "schema", "span"}
)


def verdicts_in(
    value: cst.BaseExpression, module: ParsedModule, options: Options
) -> Iterator[tuple[cst.BaseExpression, list[str]]]:
    """Yield the parts of a returned value that send work to people, each with its facts.

    The parts are the value itself, or the branches of a conditional expression.
    """
    if isinstance(value, cst.IfExp):
        yield from verdicts_in(value.body, module, options)
        yield from verdicts_in(value.orelse, module, options)
    elif facts := _facts(value, module, options):
        yield value, facts


def _facts(value: cst.BaseExpression, module: ParsedModule, options: Options) -> list[str]:
    if isinstance(value, cst.Call):
        return _of_object(value, module, options)
    if isinstance(value, cst.Dict):
        return _of_pairs(value, module, options)
    if is_a_state_of_people(value, options):
        return [_strength(value, options)]
    return []


def _of_object(call: cst.Call, module: ParsedModule, options: Options) -> list[str]:
    kind = last_name(call.func)
    if not kind[:1].isupper():
        return []
    if _carries_a_flag(call, module, options):
        return ["verdict-sends-work-to-people", "says-that-people-take-over"]
    found = set(words(kind))
    if found & _KEEPS_RECORDS or mentions(kind, options["waiting_words"]):
        return []
    facts = _of_pairs(call, module, options)
    for arg in call.args[:2]:
        is_state = arg.keyword is None and is_a_state_of_people(arg.value, options)
        if not facts and is_state and _strength(arg.value, options) == "verdict-sends-work-to-people":
            facts = ["verdict-sends-work-to-people", *_reasons(call)]
    return facts


def _of_pairs(value: cst.Dict | cst.Call, module: ParsedModule, options: Options) -> list[str]:
    for name, part in pairs_in(value):
        if is_a_flag_for_people(name, part, options) or (
            is_called(name, STATE_FIELDS) and is_a_state_of_people(part, options)
        ):
            return ["verdict-sends-work-to-people", *_reasons(value)]
        if is_a_threshold_for_people(name, part, options):
            return ["verdict-sends-work-to-people", "flag-is-set-by-a-threshold", *_reasons(value)]
    return []


def _carries_a_flag(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether the extras of an answer have such a flag: ``Message("Staff takes over", {"escalate": True})``."""
    nested = [pair for arg in call.args if isinstance(arg.value, cst.Dict) for pair in pairs_in(arg.value)]
    return any(is_a_flag_for_people(*pair, options) for pair in nested) and _says_so(call, module, options)


def _says_so(value: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether one of the values tells whoever reads it that people take over."""
    said = [code(arg.value) for arg in value.args]
    for arg in value.args:
        if isinstance(arg.value, cst.Name):
            said += [code(bound) for bound in values_of(arg.value.value, arg, module)]
    return any(mentions(text, options["promise_words"]) for text in said)


def _reasons(value: cst.Dict | cst.Call) -> Iterator[str]:
    if any(mentions(name, ("reason", "reasons", "note", "why", "cause")) for name, _ in pairs_in(value)) or (
        isinstance(value, cst.Call) and any(is_text(arg.value) and " " in code(arg.value) for arg in value.args)
    ):
        yield "gives-a-reason"


def _strength(value: cst.BaseExpression, options: Options) -> str:
    text = label_of(value) or ""
    return "verdict-sends-work-to-people" if mentions(text, options["telling_words"]) else "verdict-names-people"


def answers_with_labels(function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether a function returns two or more different labels: then its answer is a way to go."""
    labels = set()
    for node in module.below(statements(function.body), cst.Return):
        parts = [node.value] if node.value is not None else []
        while parts:
            part = parts.pop()
            if isinstance(part, cst.IfExp):
                parts += [part.body, part.orelse]
            elif (label := label_of(part)) is not None and " " not in label:
                labels.add(label)
    return len(labels) > 1


def answers_either_way(value: cst.BaseExpression, function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether another answer of the function says no to a flag that this one sets."""
    names = {name for name, part in pairs_in(value) if code(part) == "True"}
    return bool(names) and any(
        name in names and code(part) in ("False", "None")
        for node in module.below(statements(function.body), cst.Return)
        if isinstance(node.value, (cst.Dict, cst.Call))
        for name, part in pairs_in(node.value)
    )


def routes_a_graph(function: cst.FunctionDef, module: ParsedModule) -> bool:
    """Say whether a function is handed to a graph as the one that chooses the next node."""
    name = function.name.value
    return any(
        last_name(call.func) in ("add_conditional_edges", "set_conditional_entry_point", "add_conditional_edge")
        and any(last_name(arg.value) == name for arg in call.args)
        for call in module.nodes(cst.Call)
    )


def only_forwards(test: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether a test only asks for a flag or a state that another place has set."""
    if module.below(test, cst.Comparison):
        return any(
            is_a_state_of_people(part, options)
            for comparison in module.below(test, cst.Comparison)
            for part in (comparison.left, comparison.comparisons[0].comparator)
        )
    if isinstance(test, cst.Name) and decided_before(test, module):
        return False
    if isinstance(test, (cst.Name, cst.Attribute)):
        return mentions(dotted(test).rpartition(".")[2], options["flag_words"])
    if isinstance(test, cst.Subscript) or (isinstance(test, cst.Call) and last_name(test.func) == "get"):
        return any(
            mentions(str(text.evaluated_value), options["flag_words"]) for text in module.below(test, cst.SimpleString)
        )
    return False


def speaks_of_roles_in_a_chat(test: cst.BaseExpression, options: Options) -> bool:
    """Say whether a test tells who wrote a message: there "human" is the name of a side, not of a colleague."""
    return mentions(code(test), ("role", "sender", "user", "message", "msg", "isinstance", "type", "speaker"))
