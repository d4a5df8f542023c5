"""Find where a worker takes work out of a queue that was made elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.queues.containers import container_of, creations_in, target_of
from hiveloop_scan.queues.queue_captures import captures_of_place, processing_of
from hiveloop_scan.queues.takes import Take, queue_names, queue_taken_from, takes_in
from hiveloop_scan.queues.waiting_work import (
    Consumption,
    consumptions,
    facts_of_class,
    facts_of_consumption,
    facts_of_name,
    listed_type,
)
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name
from hiveloop_scan.visitor import detector

_NEW = (cst.Call, cst.List, cst.ListComp, cst.Dict)
_OF_LISTS = ("pop", "popleft", "heappop")


@detector(cst.Call)
def unreported_dequeue(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    queue = queue_taken_from(call)
    if queue is None or not dotted(queue):
        return
    leaf = last_name(queue)
    if last_name(call.func) == "get" and not mentions(
        code(queue), (*options["queue_words"], *options["work_words"], "q")
    ):
        return
    takes = [take for take in takes_in(module) if last_name(take.queue) == leaf]
    if any(_is_made_here(name, module) for take in takes for name in queue_names(take.queue, module)):
        return
    found = consumptions(takes, module, options)
    working = [item for item in found if item.uses.facts & {"handled", "run"}]
    if not working or working[0].take.item is not call:
        return
    captures = captures_of_place(
        code(queue), None, call, module, depth=_depth(call, queue), processing=processing_of(working)
    )
    yield Match(call, captures, list(_facts(working[0], found, module, options)))


def _depth(call: cst.Call, queue: cst.BaseExpression) -> str | None:
    """Return how many items wait, told by the method that takes one; None for a get that is handed over."""
    name = last_name(call.func)
    if name in _OF_LISTS:
        return f"len({code(queue)})"
    return f"{code(queue)}.qsize()" if name in ("get", "get_nowait") else None


def _facts(item: Consumption, found: list[Consumption], module: ParsedModule, options: Options) -> Iterator[str]:
    yield from facts_of_consumption(found, module, options)
    named = list(facts_of_name(code(item.take.queue), _type_of(item.take, module), options))
    yield from named
    if "name-says-queue" not in named and "name-says-work" not in named:
        yield "nothing-says-queue"
    if isinstance(item.take.queue, cst.Name) and last_name(item.take.item) in _OF_LISTS:
        yield "belongs-to-the-call"
    yield from facts_of_class(module.enclosing(item.take.item, cst.ClassDef), options)


def _is_made_here(name: str, module: ParsedModule) -> bool:
    """Say whether the file makes something of that name: a queue, or anything that a call returns."""
    leaf = name.rpartition(".")[2]
    return any(
        last_name(target_of(node)) == leaf
        and not isinstance(target_of(node), cst.Subscript)
        and (isinstance(node.value, _NEW) or container_of(node, name, None, module) is not None)
        for node in creations_in(module)
    )


def _type_of(take: Take, module: ParsedModule) -> str:
    """Return what the annotation of the parameter says that the queue holds."""
    function = module.function_of(take.item)
    for param in parameters(function) if function else ():
        if param.name.value == dotted(take.queue) and param.annotation:
            return listed_type(param.annotation.annotation)
    return ""
