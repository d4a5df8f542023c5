"""Where something is taken out of a queue, and which queue that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters, values_of
from hiveloop_scan.queues.containers import Container
from hiveloop_scan.queues.emptied import emptied
from hiveloop_scan.syntax.tree import code, dotted

_WAITING = ("block", "timeout")
_TAKES = ("get_nowait", "popleft")
_LATER = ("iter", "run_in_executor", "to_thread", "run_sync", "submit")
"""Calls that run the method they are given: ``loop.run_in_executor(None, queue.get)``."""

_LOOKUPS = ("get", "setdefault", "pop", "values", "items", "list")
_PUTS = ("put", "put_nowait", "heappush", "insort", "insort_right", "insort_left")


@dataclass(frozen=True)
class Take:
    """A place that takes an item out of a queue: the expression whose value is the item, and the queue."""

    item: cst.BaseExpression
    queue: cst.BaseExpression
    all_at_once: bool = False


@lru_cache(maxsize=1)
def takes_in(module: ParsedModule) -> Sequence[Take]:
    """Return every place of the file where something may be taken out of a queue."""
    asked = ((call, queue_taken_from(call)) for call in module.nodes(cst.Call))
    taken = [Take(call, queue) for call, queue in asked if queue is not None]
    return (*taken, *(Take(item, queue, True) for item, queue in emptied(module)))


def queue_taken_from(call: cst.Call) -> cst.BaseExpression | None:
    """Return the queue that a call takes the next item of; None when it is no such call."""
    callee = call.func
    name = (
        callee.attr.value if isinstance(callee, cst.Attribute) else callee.value if isinstance(callee, cst.Name) else ""
    )
    if name == "heappop" and len(call.args) == 1:
        return call.args[0].value
    if name in _LATER:
        return _method_handed_over(call)
    if name == "list" and len(call.args) == 1:
        return _looked_into(call.args[0].value)
    if not isinstance(callee, cst.Attribute):
        return None
    if name in _TAKES and not call.args:
        return callee.value
    if name == "get" and _waits(call):
        return callee.value
    if name == "pop" and len(call.args) == 1 and code(call.args[0]) == "0":
        return callee.value
    return None


def _waits(call: cst.Call) -> bool:
    """Say whether a ``get`` is that of a queue: without a key, at most with a time to wait."""
    if len(call.args) > 2:
        return False
    return all(
        arg.keyword.value in _WAITING if arg.keyword else index or code(arg.value) in ("True", "False")
        for index, arg in enumerate(call.args)
    )


def _looked_into(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return the queue whose items are read without taking them: ``list(queue._queue)``."""
    if isinstance(value, cst.Attribute) and value.attr.value in ("_queue", "queue"):
        return value.value
    return None


def _method_handed_over(call: cst.Call) -> cst.BaseExpression | None:
    for arg in call.args[:2]:
        if isinstance(arg.value, cst.Attribute) and arg.value.attr.value in ("get", "get_nowait"):
            return arg.value.value
    return None


def queue_names(queue: cst.BaseExpression, module: ParsedModule) -> Iterator[str]:
    """Yield the names of a queue: as it is written, and what a local name was bound to."""
    name = looked_up_in(queue)
    if not name:
        return
    yield name
    if "." not in name:
        for value in values_of(name, queue, module):
            if found := looked_up_in(value):
                yield found


def looked_up_in(value: cst.BaseExpression) -> str:
    """Return the name of what a queue is looked up in: ``self._queues`` for ``self._queues.get(key)``."""
    if isinstance(value, cst.BooleanOperation):
        return looked_up_in(value.left)
    if isinstance(value, cst.Subscript):
        return looked_up_in(value.value)
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Name) and value.func.value == "getattr" and len(value.args) > 1:
            named = value.args[1].value
            return f"{code(value.args[0].value)}.{named.raw_value}" if isinstance(named, cst.SimpleString) else ""
        if isinstance(value.func, cst.Name) and value.func.value in ("list", "iter", "cast") and value.args:
            return looked_up_in(value.args[-1].value)
        if isinstance(value.func, cst.Attribute) and value.func.attr.value in _LOOKUPS:
            return looked_up_in(value.func.value)
        return ""
    return dotted(value)


def takes_of(container: Container, module: ParsedModule) -> list[Take]:
    """Return the places of the file where something is taken out of `container`."""
    return [take for take in takes_in(module) if _is_of(take.queue, container, module)]


def puts_of(container: Container, module: ParsedModule) -> list[cst.Call]:
    """Return the calls of the file that put something in `container`."""
    found = []
    for call in module.nodes(cst.Call):
        queue = _queue_put_in(call)
        if queue is not None and _is_of(queue, container, module):
            found.append(call)
    return found


def _queue_put_in(call: cst.Call) -> cst.BaseExpression | None:
    callee = call.func
    name = (
        callee.attr.value if isinstance(callee, cst.Attribute) else callee.value if isinstance(callee, cst.Name) else ""
    )
    if name in _PUTS[2:]:
        return call.args[0].value if call.args else None
    if name in _PUTS and isinstance(callee, cst.Attribute):
        return callee.value
    for arg in call.args:
        if isinstance(arg.value, cst.Attribute) and arg.value.attr.value in _PUTS[:2]:
            return arg.value.value
    return None


def _is_of(queue: cst.BaseExpression, container: Container, module: ParsedModule) -> bool:
    return any(is_named(name, queue, container, module) for name in queue_names(queue, module))


def is_named(name: str, place: cst.CSTNode, container: Container, module: ParsedModule) -> bool:
    """Say whether `name`, as it is written at `place`, is `container`."""
    owner, _, leaf = name.rpartition(".")
    if leaf != container.leaf:
        return False
    if container.owner is None:
        if not owner:
            return name == container.name and not _is_local(name, place, module)
        return name == container.name or "." in container.name
    if owner in ("self", "cls"):
        return _shares_attributes(module.enclosing(place, cst.ClassDef), container.owner, module)
    return bool(owner)


def _is_local(name: str, place: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether a plain name is one that the function around `place` was given."""
    function = module.function_of(place)
    return function is not None and any(param.name.value == name for param in parameters(function))


def _shares_attributes(here: cst.ClassDef | None, owner: cst.ClassDef, module: ParsedModule) -> bool:
    """Say whether a class is `owner` or one of the classes made of it."""
    return here is not None and (
        here is owner or any(module.resolve(base.value).rpartition(".")[2] == owner.name.value for base in here.bases)
    )
