"""Circuit breakers and cool-downs: the statement that opens one, and the one that closes it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_CLOCKS = {
    "time",
    "monotonic",
    "now",
    "utcnow",
    "perf_counter",
    "timestamp",
    "today",
    "loop_time",
    "monotonic_ns",
    "time_ns",
}
_SETTERS = {"transition", "set", "change", "move", "switch", "enter", "update"}
_NOUGHT = ("0", "0.0", "None", "False")
_BUILDING = ("__init__", "__post_init__", "__new__", "__setstate__")

Change = cst.Assign | cst.Call


def opening_facts(node: Change, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what says that `node` opens a circuit or starts a cool-down; nothing when it does not."""
    yield from _facts(node, module, options, opens=True)


def closing_facts(node: Change, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what says that `node` closes a circuit or ends a cool-down; nothing when it does not."""
    yield from _facts(node, module, options, opens=False)


def changes_in(module: ParsedModule) -> Iterator[Change]:
    """Yield every statement and call of the file that can open or close something."""
    yield from module.nodes(cst.Assign)
    yield from module.nodes(cst.Call)


def place_of(node: Change) -> cst.BaseExpression:
    """Return what a change changes: the target of an assignment, or what a setter is called on."""
    return node.targets[0].target if isinstance(node, cst.Assign) else node.func


def _facts(node: Change, module: ParsedModule, options: Options, opens: bool) -> Iterator[str]:
    function = module.function_of(node)
    if function is None or function.name.value in _BUILDING:
        return
    states = options["open_words" if opens else "closed_words"]
    if isinstance(node, cst.Call):
        sets = _is_setter(node) and _state_word(node.args[0].value, states)
        if sets and _speaks_of_a_breaker(node, module, options):
            yield "state-becomes-open" if opens else "state-becomes-closed"
            yield from _place_facts(node, module, options)
        return
    target = node.targets[0].target
    if isinstance(target, (cst.Tuple, cst.List)) or not outlives_the_call(target, module):
        return
    name, value = last_name(target), node.value
    if set(words(name)) & options["state_words"] and _state_word(
        value, options["open_words" if opens else "closed_words"]
    ):
        if _speaks_of_a_breaker(node, module, options):
            yield "state-becomes-open" if opens else "state-becomes-closed"
            yield from _place_facts(node, module, options)
    elif mentions(name, options["flag_words"]) and code(value) == ("True" if opens else "False"):
        yield "flag-says-open" if opens else "flag-says-closed"
        yield from _place_facts(node, module, options)
    elif mentions(name, options["until_words"]):
        if opens and _is_later(value, module):
            yield "closed-to-calls-until-a-time"
            yield from _place_facts(node, module, options)
        elif not opens and code(value) in _NOUGHT:
            yield "open-again-at-once"
            yield from _place_facts(node, module, options)


def _is_setter(call: cst.Call) -> bool:
    return bool(call.args) and bool(_SETTERS.intersection(words(last_name(call.func))))


def _state_word(value: cst.BaseExpression, states: frozenset[str]) -> bool:
    """Say whether a value is one of `states`: ``State.OPEN``, ``"open"``, ``OPEN``."""
    if isinstance(value, cst.Attribute) and value.attr.value == "value":
        value = value.value
    if isinstance(value, cst.SimpleString):
        return value.raw_value.lower() in states
    return isinstance(value, (cst.Name, cst.Attribute)) and last_name(value).lower() in states


def _speaks_of_a_breaker(node: Change, module: ParsedModule, options: Options) -> bool:
    return mentions(f"{module.symbol(node)} {code(node)}", options["breaker_words"])


def _place_facts(node: Change, module: ParsedModule, options: Options) -> Iterator[str]:
    if mentions(f"{module.symbol(node)} {code(node)}", options["breaker_words"]):
        yield "speaks-of-a-breaker"
    if mentions(module.symbol(node), options["by_hand_words"]):
        yield "is-done-by-hand"


def _is_later(value: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a value is a time that has been worked out: now and something, or the answer of a header."""
    if _is_clock(value):
        return True
    sums = module.below(value, cst.BinaryOperation)
    return any(isinstance(inner.operator, cst.Add) for inner in sums) or (
        isinstance(value, cst.Call) and last_name(value.func) in ("max", "float", "int") and bool(sums)
    )


def _is_clock(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Call) and last_name(value.func) in _CLOCKS and dotted(value.func) != ""
