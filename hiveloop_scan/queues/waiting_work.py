"""Whether what waits in a queue is work of the agent: how it is taken out, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.item_uses import Uses, uses_of
from hiveloop_scan.queues.takes import Take
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_LISTENERS = ("listeners", "subscribers", "observers", "callbacks", "handlers", "hooks", "sinks", "exporters")
_CURRENT = ("current", "active", "processing", "running", "in_progress", "in_flight", "inflight")
_PLAIN = {
    "queue", "queues", "async", "sync", "base", "abstract", "priority", "fifo", "lifo", "simple", "channel",
    "thread", "safe", "bounded", "concurrent", "generic", "closable", "multi", "memory", "in", "aio", "asyncio",
}  # fmt: skip


@dataclass(frozen=True)
class Consumption:
    """One place that takes items out of a queue, and what it does with them."""

    take: Take
    uses: Uses
    function: cst.FunctionDef | None


def consumptions(takes: Sequence[Take], module: ParsedModule, options: Options) -> list[Consumption]:
    """Return what becomes of the items at each of `takes`; those that only empty the queue are left out."""
    found = []
    for take in takes:
        function = module.function_of(take.item)
        uses = uses_of(take.item, module, options)
        only_empties = function is not None and mentions(function.name.value, options["closing_words"])
        if uses.facts and uses.facts != {"settled"} and not only_empties:
            found.append(Consumption(take, uses, function))
    return found


def facts_of_consumption(found: Sequence[Consumption], module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield what the places that take items out say of them."""
    uses = set().union(*(item.uses.facts for item in found)) if found else set()
    works = [item for item in found if item.uses.facts & {"handled", "run", "handed-on"}]
    if "handled" in uses:
        yield "item-is-handled"
    elif "run" in uses:
        yield "item-is-run"
    elif "handed-on" in uses:
        yield "item-goes-to-a-function"
    if any(_is_in_a_loop(item.take.item, module) for item in works):
        yield "taken-in-a-loop"
    if found and all(item.take.all_at_once for item in found):
        yield "taken-all-at-once"
    if any(_says_when_done(item, module) for item in found):
        yield "says-when-an-item-is-done"
    if "settled" in uses:
        yield "item-answers-its-caller"
    if "yielded" in uses:
        yield "item-is-yielded"
    if "sent" in uses and not uses & {"handled", "run"}:
        yield "item-is-sent-on"
    if found and uses <= {"kept", "settled"}:
        yield "item-is-only-kept"
    if any(_is_walked(item, module) for item in works):
        yield "walks-a-structure"
    if works and all(_goes_to_all(item, module) for item in works):
        yield "goes-to-all-who-listen"
    if any(_becomes_the_current(item) for item in found):
        yield "becomes-the-current-item"
    if any(_goes_back(item, module) for item in found):
        yield "item-goes-back"
    if found and all(_is_a_part_of_a_stream(item, options) for item in found):
        yield "item-is-a-part-of-a-stream"


def facts_of_name(name: str, held: str, options: Options) -> Iterator[str]:
    """Yield what the name of a queue, and the type of what it holds, say."""
    if mentions(name, options["queue_words"]):
        yield "name-says-queue"
    if mentions(name, options["work_words"]) or mentions(held, options["work_words"]):
        yield "name-says-work"
    if mentions(name, options["stream_words"]) or mentions(held, options["stream_words"]):
        yield "name-says-stream"


def _is_in_a_loop(node: cst.CSTNode, module: ParsedModule) -> bool:
    function = module.function_of(node)
    loop = module.enclosing(node, cst.While, cst.For, cst.FunctionDef)
    return loop is not None and loop is not function


def _says_when_done(item: Consumption, module: ParsedModule) -> bool:
    """Say whether the function tells the queue that the item is done: ``queue.task_done()``."""
    body = statements(item.function.body) if item.function else module.tree.body
    queue = code(item.take.queue)
    return any(
        isinstance(call.func, cst.Attribute) and call.func.attr.value == "task_done" and code(call.func.value) == queue
        for call in module.below(body, cst.Call)
    )


def _is_walked(item: Consumption, module: ParsedModule) -> bool:
    """Say whether the loop puts what it finds in the item back: a walk over a tree or graph."""
    loop = module.enclosing(item.take.item, cst.While, cst.For, cst.FunctionDef)
    if not isinstance(loop, (cst.While, cst.For)):
        return False
    queue = dotted(item.take.queue)
    for call in module.below(statements(loop.body), cst.Call):
        callee = call.func
        adds = isinstance(callee, cst.Attribute) and callee.attr.value in ("append", "extend", "appendleft", "put")
        if adds and isinstance(callee, cst.Attribute) and dotted(callee.value) == queue:
            inner = module.enclosing(call, cst.For, cst.While, cst.FunctionDef)
            if callee.attr.value == "extend" or (isinstance(inner, cst.For) and inner is not loop):
                return True
    return False


def _becomes_the_current(item: Consumption) -> bool:
    return any(current_place(name) for name in item.uses.names)


def current_place(name: str) -> bool:
    """Say whether a name is that of an attribute that holds what is being worked on: ``self._current_job``."""
    return "." in name and mentions(name.rpartition(".")[2], _CURRENT)


def _goes_back(item: Consumption, module: ParsedModule) -> bool:
    """Say whether the item is put back whatever came of it: it is used again and again, and no work."""
    body = statements(item.function.body) if item.function else module.tree.body
    queue = code(item.take.queue)
    for call in module.below(body, cst.Call):
        callee = call.func
        if not isinstance(callee, cst.Attribute) or code(callee.value) != queue or not call.args:
            continue
        if callee.attr.value in ("put", "put_nowait", "append") and code(call.args[0].value) in item.uses.names:
            around = module.enclosing(call, cst.ExceptHandler, cst.If, cst.FunctionDef)
            if not isinstance(around, (cst.ExceptHandler, cst.If)):
                return True
    return False


def _goes_to_all(item: Consumption, module: ParsedModule) -> bool:
    """Say whether the item is given to each of several listeners."""
    for handler in item.uses.handlers:
        loop = module.enclosing(handler, cst.For, cst.CompFor, cst.FunctionDef)
        if isinstance(loop, cst.For) and mentions(code(loop.iter), _LISTENERS):
            return True
    return False


def _is_a_part_of_a_stream(item: Consumption, options: Options) -> bool:
    named = [name for name in item.uses.names if words(name)[-1:]]
    return bool(named) and mentions(named[0], options["stream_words"])


def facts_of_class(owner: cst.ClassDef | None, options: Options) -> Iterator[str]:
    """Yield what the name of the class around a queue says: ``TodoQueue``, ``FrameStreamer``, plain ``Queue``."""
    if owner is None:
        return
    name = owner.name.value
    if mentions(name, options["queue_words"]):
        yield "is-a-queue-for-anything" if set(words(name)) <= _PLAIN else "stands-in-a-queue-class"
    if mentions(name, options["stream_words"], options["stream_class_words"]):
        yield "stands-in-a-stream-class"


def hands_out(found: Sequence[Consumption], options: Options) -> bool:
    """Say whether a method gives the item to its caller: ``def dequeue(self): return self._items.popleft()``."""
    return any("returned" in item.uses.facts and item.function is not None for item in found)


def listed_type(annotation: cst.BaseExpression | None) -> str:
    """Return the text of what a queue's type says that it holds: ``Job`` for ``asyncio.Queue[Job]``."""
    if isinstance(annotation, cst.BinaryOperation):
        return listed_type(annotation.left)
    if isinstance(annotation, cst.SimpleString):
        text = annotation.raw_value
        return text[text.index("[") + 1 : text.rindex("]")] if "[" in text and "]" in text else ""
    if isinstance(annotation, cst.Subscript):
        held = annotation.slice[-1].slice
        if isinstance(held, cst.Index):
            inner = held.value
            if last_name(annotation.value) in ("Optional", "dict", "Dict", "DefaultDict", "defaultdict", "ClassVar"):
                return listed_type(inner) or code(inner)
            return code(inner)
    return ""
