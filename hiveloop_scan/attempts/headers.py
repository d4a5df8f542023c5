"""How a loop counts: its bound, its counter and what that starts at."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.attempts.names import counting_steps, names_and_attributes
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import is_true
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, is_name, last_name, reference, statements


class Kind(enum.Enum):
    """What drives a loop."""

    COUNTED = "for over range or count"
    DELAYS = "for over waiting times"
    ITEMS = "for over items"
    WHILE = "while with a test"
    FOREVER = "while True"


@dataclass(frozen=True)
class Counter:
    """A name that counts attempts: its text, what it starts at (None: not seen), and which way it goes."""

    name: str
    start: int | None
    counts_down: bool = False
    step: cst.CSTNode | None = None


@dataclass(frozen=True)
class Header:
    """The head of a loop: what drives it, its targets, its counter, its bound as source text, and all its text."""

    kind: Kind
    targets: frozenset[str]
    counter: Counter | None
    bound: str | None
    text: str


def header_of(loop: cst.For | cst.While, module: ParsedModule, delay_words: frozenset[str]) -> Header:
    """Read the head of `loop`."""
    if isinstance(loop, cst.For):
        return _of_for(loop, module, delay_words)
    test = code(loop.test)
    forever = is_true(loop.test)
    counter = _while_counter(loop, module)
    bound = _bound_in(loop.test, counter, module) if counter and not forever else None
    return Header(Kind.FOREVER if forever else Kind.WHILE, frozenset(), counter, bound, "" if forever else test)


def _of_for(loop: cst.For, module: ParsedModule, delay_words: frozenset[str]) -> Header:
    text = f"{code(loop.target)} in {code(loop.iter)}"
    targets = frozenset(module.names_in(loop.target))
    source, start = loop.iter, 0
    counter_name = code(loop.target)
    if isinstance(source, cst.Call) and last_name(source.func) == "enumerate" and source.args:
        start = _integer(source.args[1].value) or 0 if len(source.args) > 1 else 0
        first = loop.target.elements[0].value if isinstance(loop.target, cst.Tuple) and loop.target.elements else None
        counter_name = code(first) if first else counter_name
        source = source.args[0].value
        if _is_delays(source, delay_words):
            bound = f"len({code(source)})" + (f" + {start}" if start else "")
            return Header(Kind.DELAYS, targets, Counter(counter_name, start), bound, text)
        return Header(Kind.ITEMS, targets, None, None, text)
    if isinstance(source, cst.Call) and last_name(source.func) in ("range", "trange", "count"):
        return _of_range(loop, source, targets, text, module)
    if _is_delays(source, delay_words):
        return Header(Kind.DELAYS, targets, None, f"len({code(source)})", text)
    return Header(Kind.ITEMS, targets, None, None, text)


def _of_range(loop: cst.For, call: cst.Call, targets: frozenset[str], text: str, module: ParsedModule) -> Header:
    numbers = [arg.value for arg in call.args]
    counts_items = any(last_name(inner.func) == "len" for inner in module.below(call.args, cst.Call))
    if counts_items:
        return Header(Kind.ITEMS, targets, None, None, text)
    start: int | None = 0
    bound: str | None = None
    down = False
    if last_name(call.func) == "count":
        start = _integer(numbers[0]) if numbers else 0
    elif len(numbers) == 1:
        bound = code(numbers[0])
    elif len(numbers) >= 2:
        start, bound = _integer(numbers[0]), code(numbers[1])
        down = len(numbers) == 3 and code(numbers[2]).startswith("-")
    name = code(loop.target)
    steps_by_one = len(numbers) < 3 or down
    is_counter = name != "_" and isinstance(loop.target, cst.Name) and steps_by_one
    counter = Counter(name, start, down) if is_counter else None
    return Header(Kind.COUNTED, targets, counter, bound, text)


def _is_delays(source: cst.BaseExpression, delay_words: frozenset[str]) -> bool:
    """Say whether a for loop runs over waiting times: a literal of numbers, or something named so."""
    if isinstance(source, (cst.Tuple, cst.List)):
        numbers = [element.value for element in source.elements if not is_name(element.value, "None")]
        return bool(numbers) and all(isinstance(number, (cst.Integer, cst.Float)) for number in numbers)
    return mentions(last_name(source), delay_words)


def _integer(node: cst.BaseExpression) -> int | None:
    return int(node.value.replace("_", ""), 0) if isinstance(node, cst.Integer) else None


def _while_counter(loop: cst.While, module: ParsedModule) -> Counter | None:
    """Find the counter of a while loop: counted by one in its body, and tested in its head or in an if below it."""
    body = statements(loop.body)
    tests = [loop.test, *(branch.test for branch in module.below(body, cst.If))]
    for node, name, down in counting_steps(body, module):
        if any(name in names_and_attributes(test, module) for test in tests):
            return Counter(name, _start_before(loop, name, module), down, node)
    return None


def _start_before(loop: cst.While, name: str, module: ParsedModule) -> int | None:
    """Return the whole number that `name` is given in the statements of the loop's function before the loop."""
    scope = module.function_of(loop) or module.tree
    body: Sequence[cst.CSTNode] = statements(scope.body) if isinstance(scope, cst.FunctionDef) else [scope]
    start = None
    for node in module.below(body, cst.Assign, cst.AnnAssign, type(loop)):
        if node is loop:
            break
        if isinstance(node, (cst.Assign, cst.AnnAssign)) and isinstance(node.value, cst.Integer):
            targets = [target.target for target in node.targets] if isinstance(node, cst.Assign) else [node.target]
            if any(reference(target) == name for target in targets):
                start = _integer(node.value)
    return start


def _bound_in(test: cst.BaseExpression, counter: Counter, module: ParsedModule) -> str | None:
    """Return what the counter is compared with in a while test."""
    for node in module.below(test, cst.Comparison):
        if len(node.comparisons) == 1:
            left, right = node.left, node.comparisons[0].comparator
            if reference(left) == counter.name:
                return code(right)
            if reference(right) == counter.name:
                return code(left)
    return "0" if counter.counts_down and is_name(test, counter.name) else None
