"""What is known of the items of a queue: their class, its fields, and the moment they were queued."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_MOMENTS = (
    "queued_at",
    "enqueued_at",
    "created_at",
    "submitted_at",
    "received_at",
    "timestamp",
    "created",
    "queued_time",
)
_CLOCKS = {
    "time.time": "time.time()",
    "time.monotonic": "time.monotonic()",
    "time.perf_counter": "time.perf_counter()",
}


def item_class(held: str, puts: Sequence[cst.Call], module: ParsedModule) -> cst.ClassDef | None:
    """Return the class of a queue's items, by the queue's type or by what is put in; None when that is unsure."""
    named = {name for name in (held, *_classes_put(puts, module)) if name}
    found = [node for node in module.nodes(cst.ClassDef) if node.name.value in named]
    return found[0] if len(named) == 1 and len(found) == 1 else None


def item_fields(held: str, puts: Sequence[cst.Call], module: ParsedModule) -> str | None:
    """Return the fields of the items as "id, priority, ..."; None when they are not known."""
    owner = item_class(held, puts, module)
    if owner is not None:
        return ", ".join(name for name, _ in _fields(owner)) or None
    dicts = [_literal_put(put, module) for put in puts]
    if puts and all(dicts):
        keys = [key for key in dicts[0] if all(key in other for other in dicts)]
        return ", ".join(keys) or None
    return None


def age_of(item: str, held: str, puts: Sequence[cst.Call], module: ParsedModule) -> tuple[str, str] | None:
    """Return how to tell an item's moment and the time now, both as source: ``("j.created_at", "time.time()")``."""
    owner = item_class(held, puts, module)
    for name, value in _fields(owner) if owner else ():
        if name in _MOMENTS and value is not None and (clock := _clock_of(value, module)):
            return f"{item}.{name}", clock
    return None


def _fields(owner: cst.ClassDef) -> Iterator[tuple[str, cst.BaseExpression | None]]:
    for statement in statements(owner.body):
        if not isinstance(statement, cst.AnnAssign) or not isinstance(statement.target, cst.Name):
            continue
        if last_name(statement.annotation.annotation) != "ClassVar" and not statement.target.value.startswith("_"):
            yield statement.target.value, statement.value


def _clock_of(value: cst.BaseExpression, module: ParsedModule) -> str | None:
    """Return the call that tells the time as a field's default does; None for anything but a plain clock."""
    if not isinstance(value, cst.Call):
        return None
    for arg in value.args:
        if arg.keyword and arg.keyword.value == "default_factory":
            return _CLOCKS.get(module.resolve(arg.value)) if dotted(arg.value) == module.resolve(arg.value) else None
    return None


def _classes_put(puts: Sequence[cst.Call], module: ParsedModule) -> Iterator[str]:
    for put in puts:
        for arg in put.args[-1:]:
            yield from _classes_of(arg.value, module)


def _classes_of(value: cst.BaseExpression, module: ParsedModule) -> Iterator[str]:
    if isinstance(value, cst.Call):
        name = last_name(value.func)
        if name[:1].isupper():
            yield name
    elif isinstance(value, cst.Name):
        function = module.function_of(value)
        for param in parameters(function) if function else ():
            if param.name.value == value.value and param.annotation:
                yield code(param.annotation.annotation).strip("\"'")
        for bound in values_of(value.value, value, module):
            if isinstance(bound, cst.Call):
                yield from _classes_of(bound, module)


def _literal_put(put: cst.Call, module: ParsedModule) -> list[str]:
    """Return the keys of the dict that a call puts in, written there or in an assignment before it."""
    value = put.args[-1].value if put.args else None
    if isinstance(value, cst.Name):
        bound = values_of(value.value, value, module)
        value = bound[0] if len(bound) == 1 else None
    if not isinstance(value, cst.Dict):
        return []
    keys = [element.key for element in value.elements if isinstance(element, cst.DictElement)]
    return [key.raw_value for key in keys if isinstance(key, cst.SimpleString) and words(key.raw_value)]
