"""Shapes of code that keeps work waiting: queues that are made and read, rows that wait, counters of what is open."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hiveloop_scan.syntax.signs import Flat, Listed, Shape, holding, like, whole
from hiveloop_scan.syntax.walking import nodes, walk

Unit = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
Words = tuple[str, ...]
_CLASSES = ("Queue", "PriorityQueue", "LifoQueue", "SimpleQueue", "JoinableQueue", "deque")
_PUTS = ("put", "put_nowait", "heappush", "insort", "insort_left", "insort_right")
_HANDED_OVER = ("iter", "run_in_executor", "to_thread", "run_sync", "submit")
_TAKEN = ("get_nowait", "popleft", "heappop")
_TAKE_BYTES = (
    rb"\.get\s*\(\s*(?:\)|block|timeout|true|false)|\.get\s*[,)]|nowait|popleft|\.pop\s*\(\s*0|heappop|queue\s*\)"
)
_STATES = ("status", "state")
_STATEMENT = re.compile(r"\b(?:select|update|delete)\b.*\bwhere\b.*stat(?:us|e)", re.IGNORECASE | re.DOTALL)
_CONDITION = re.compile(r"^\W*(?:where|and)\b.*stat(?:us|e)", re.IGNORECASE | re.DOTALL)
_FILTERS = ("filter", "where", "filter_by", "find_one_and_update", "find", "find_one", "eq", "select_for_update")


def _makes_a_queue(unit: Unit) -> bool:
    """A queue or deque of a library is made, or named as what makes a field's value."""
    return any(_is_queue_class(call) for call in nodes(unit, ast.Call))


def _is_queue_class(call: ast.Call) -> bool:
    made = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    named = [made, *call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "default_factory")]
    return any(_name(node) in _CLASSES for node in named)


def _makes_an_empty_attribute(unit: Unit, words: Words, also: Words) -> bool:
    """An attribute in whose name one of `words` stands starts as an empty list or dict."""
    return any(
        isinstance(target, ast.Attribute) and _is_empty(value) and _speaks(words, target.attr)
        for target, value in _assigned(unit)
    )


def _starts_at_nought(unit: Unit, words: Words, also: Words) -> bool:
    """An attribute or a field in whose name one of `words` stands is set to nought."""
    return any(
        isinstance(value, ast.Constant) and value.value == 0 and _speaks(words, _name(target))
        for target, value in _assigned(unit)
    )


def _counts_an_attribute(unit: Unit, words: Words, also: Words) -> bool:
    """One is added to an attribute in whose name one of `words` stands, or taken from it."""
    for node in nodes(unit, ast.AugAssign, ast.Assign):
        if isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Attribute) and _speaks(words, node.target.attr):
                return True
        elif not isinstance(node.value, (ast.Constant, ast.Name, ast.Attribute)):
            counts = bool(nodes(node.value, ast.BinOp))
            if counts and _speaks(words, _name(node.targets[0])):
                return True
    return False


def _assigned(unit: Unit) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in nodes(unit, ast.Assign, ast.AnnAssign):
        if isinstance(node, ast.Assign):
            yield node.targets[0], node.value
        elif node.value is not None:
            yield node.target, node.value


def _is_empty(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return _name(value.func) in ("list", "dict", "defaultdict", "OrderedDict") and len(value.args) < 2
    return (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Dict) and not value.keys)


def _takes_from_a_queue(unit: Unit) -> bool:
    """``queue.get()`` without a key, ``get_nowait()``, ``popleft()``, ``pop(0)``, ``heappop(...)``."""
    return any(_takes(call) for call in nodes(unit, ast.Call))


def _takes(call: ast.Call) -> bool:
    name = _name(call.func)
    first = call.args[0] if call.args else None
    number = first.value if isinstance(first, ast.Constant) else None
    if name == "get":
        return isinstance(call.func, ast.Attribute) and (first is None or isinstance(number, bool))
    if name == "pop":
        return number == 0 and not isinstance(number, bool)
    if name == "list":
        return isinstance(first, ast.Attribute) and first.attr in ("_queue", "queue")
    if name in _HANDED_OVER:
        return any(_name(given) in ("get", "get_nowait") for given in call.args[:2])
    return name in _TAKEN


def _empties_an_attribute(unit: Unit) -> bool:
    """An attribute is read as a whole, and emptied: ``batch, self.inbox = self.inbox, []``."""
    read: set[str] = set()
    reset: set[str] = set()
    for node in nodes(unit, ast.Assign, ast.Call):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=False))
            for name, given in pairs:
                if isinstance(name, ast.Attribute) and _is_an_empty_list(given):
                    reset.add(name.attr)
                read.update(_attributes_copied(given))
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "clear":
            reset.add(_name(node.func.value))
    return bool(read & reset)


def _is_an_empty_list(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return _name(value.func) in ("list", "deque") and not value.args
    return isinstance(value, ast.List) and not value.elts


def _attributes_copied(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Call):
        for part in (value.func.value if isinstance(value.func, ast.Attribute) else None, *value.args):
            if isinstance(part, (ast.Attribute, ast.Subscript, ast.Call)):
                yield from _attributes_copied(part)
    elif isinstance(value, ast.Subscript):
        yield from _attributes_copied(value.value)
    elif isinstance(value, ast.Attribute):
        yield value.attr


def _puts_in_a_queue(unit: Unit) -> bool:
    return any(
        _name(call.func) in _PUTS or any(_name(arg) in _PUTS for arg in call.args) for call in nodes(unit, ast.Call)
    )


def _marks_what_has_a_state(unit: Unit, words: Words, also: Words) -> bool:
    """A function in whose name one of `words` stands compares an attribute called a status or state, and sets one."""
    if isinstance(unit, ast.Module) or not _speaks(words, unit.name):
        return False
    compared = assigned = False
    for node in nodes(unit, ast.Compare, ast.Assign):
        if isinstance(node, ast.Compare):
            compared = compared or _is_a_state(node.left)
        else:
            assigned = assigned or _is_a_state(node.targets[0])
    return compared and assigned


def _is_a_state(node: ast.expr) -> bool:
    key = node.slice if isinstance(node, ast.Subscript) else None
    text = key.value if isinstance(key, ast.Constant) else node.attr if isinstance(node, ast.Attribute) else ""
    return isinstance(text, str) and text.lower().endswith(_STATES)


def _asks_a_database(unit: Unit) -> bool:
    """A statement of SQL, or a query of an object mapper, that picks rows by their state."""
    for node in nodes(unit, ast.Constant, ast.Call):
        if isinstance(node, ast.Constant):
            text = node.value if isinstance(node.value, str) else ""
            if _STATEMENT.search(text) or _CONDITION.search(text):
                return True
        elif _filters_by_a_state(node):
            return True
    return False


def _filters_by_a_state(call: ast.Call) -> bool:
    return _name(call.func) in _FILTERS and any(_speaks_of_a_state(part) for part in walk(call))


def _speaks_of_a_state(node: ast.AST) -> bool:
    text = node.attr if isinstance(node, ast.Attribute) else node.arg if isinstance(node, ast.keyword) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    return text is not None and ("status" in text or "state" in text)


def _calls_for(unit: Unit, words: Words, also: Words) -> bool:
    """A call of something in whose name one of `words` stands, and one of `also`: ``claim_jobs(...)``."""
    calls = _spelled_calls(unit)
    asked = _any_of(words).search
    if not asked(calls.all):
        return False
    return any(
        asked(spelled) and (not also or _any_of(also).search(flat) or (asked(flat) and "_" not in name))
        for name, flat, spelled in calls.each
    )


@dataclass(frozen=True)
class _Calls:
    """The calls of a function: the name of each, as it is and flat, and the flat name with the texts it is given."""

    unit: Unit
    each: list[tuple[str, str, str]]
    all: str


_LAST: list[_Calls] = []


def _spelled_calls(unit: Unit) -> _Calls:
    if not _LAST or _LAST[0].unit is not unit:
        each = [(name, _flat(name), spelled) for call in nodes(unit, ast.Call) for name, spelled in [_spelled(call)]]
        _LAST[:] = [_Calls(unit, each, "\n".join(spelled for _, _, spelled in each))]
    return _LAST[0]


def _spelled(call: ast.Call) -> tuple[str, str]:
    name = _name(call.func)
    return name, _flat(" ".join([name, *(text for arg in call.args if isinstance(text := _text(arg), str))]))


def _flat(text: str) -> str:
    """Return a text without underscores and capitals."""
    return text.lower().replace("_", "")


def _text(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _speaks(words: Words, name: str) -> bool:
    """Say whether one of `words` stands in a name, underscores and capitals aside."""
    return _any_of(words).search(_flat(name)) is not None


@cache
def _any_of(words: Words) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word.replace("_", "")) for word in words) or "(?!)")


def _name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


_NAMED = Listed("words", Flat)
QUEUE_SHAPES = {
    "makes-a-queue": Shape(_makes_a_queue, [[whole(*_CLASSES)]]),
    "takes-from-a-queue": Shape(
        _takes_from_a_queue,
        [
            [whole(*_TAKEN)],
            [whole("get")],
            [whole("pop"), whole("0")],
            [whole("list"), whole("queue", "_queue")],
        ],
        glance=holding(_TAKE_BYTES),
    ),
    "empties-an-attribute": Shape(_empties_an_attribute, glance=holding(rb"\.clear\(|\[\]|list\(\)|deque\(\)")),
    "puts-in-a-queue": Shape(_puts_in_a_queue, [[whole(*_PUTS)]]),
    "asks-a-database": Shape(_asks_a_database, [[whole(*_FILTERS), like("stat(?:us|e)")]]),
}

WORDED_QUEUE_SHAPES = {
    "makes-an-empty-attribute": Shape(
        _makes_an_empty_attribute, [[_NAMED]], glance=holding(rb"\[\s*[\]#]|\{\s*[}#]|dict|list")
    ),
    "starts-at-nought": Shape(_starts_at_nought, [[_NAMED]]),
    "counts-an-attribute": Shape(_counts_an_attribute, [[_NAMED]]),
    "calls-for": Shape(_calls_for, [[_NAMED]]),
    "marks-what-has-a-state": Shape(_marks_what_has_a_state, [[_NAMED, like("stat(?:us|e)$")]]),
}
