"""The pieces that a report of a queue is made of: its depth, its oldest item, what is known of the items."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.containers import Container
from hiveloop_scan.queues.item_class import age_of, item_fields
from hiveloop_scan.queues.takes import puts_of
from hiveloop_scan.queues.waiting_work import Consumption, current_place, listed_type
from hiveloop_scan.syntax.tree import statements

_COUNTED = ("list", "dict", "collections.deque")
_WITHOUT_A_SIZE = ("multiprocessing.SimpleQueue", "janus.Queue", "anyio.create_memory_object_stream")
_OPEN_TO_READ = ("queue.Queue", "queue.PriorityQueue", "queue.LifoQueue")
"""Queues that keep their items in a public attribute ``queue``."""


def captures_of_memory(container: Container, found: Sequence[Consumption], module: ParsedModule) -> dict[str, Capture]:
    """Describe a queue in memory.

    ``depth`` and ``oldest_age`` are expressions where `queue` can be seen, ``item_fields`` the names of an item's
    fields, ``processing`` the attribute that holds the item being worked on, ``consumer`` the function that takes
    items, ``insert_line`` the line before which a snapshot belongs: after an item was taken. What is not certain is
    None.
    """
    puts = puts_of(container, module)
    held = listed_type(container.annotation)
    first = found[0] if found else None
    return {
        "queue": container.name,
        "kind": container.kind,
        "depth": _depth(container),
        "oldest_age": _oldest_age(container, held, puts, module),
        "item_fields": item_fields(held, puts, module),
        "processing": processing_of(found),
        "consumer": module.symbol(first.function) if first and first.function else None,
        "insert_line": line_after(first.take.item, module) if first else None,
    }


def captures_of_place(
    queue: str,
    kind: str | None,
    place: cst.CSTNode,
    module: ParsedModule,
    depth: str | None = None,
    item_fields: str | None = None,
    processing: str | None = None,
) -> dict[str, Capture]:
    """Describe a queue that is seen only where something is taken from it, with the same names as one in memory."""
    function = module.function_of(place)
    return {
        "queue": queue,
        "kind": kind,
        "depth": depth,
        "oldest_age": None,
        "item_fields": item_fields,
        "processing": processing,
        "consumer": module.symbol(function) if function else None,
        "insert_line": line_after(place, module),
    }


def processing_of(found: Sequence[Consumption]) -> str | None:
    """Return the attribute that holds the item that is worked on; None when there is none."""
    return next((name for item in found for name in item.uses.names if current_place(name)), None)


def line_after(node: cst.CSTNode, module: ParsedModule) -> int | None:
    """Return the line of the statement after that of `node`, in its own block; None where it is the last one."""
    chain = [node, *module.ancestors(node)]
    for statement, outer in pairwise(chain):
        if isinstance(outer, (cst.IndentedBlock, cst.Module)):
            block = list(outer.body)
            place = next(index for index, item in enumerate(block) if item is statement)
            rest = block[place + 1 :]
            if isinstance(statement, (cst.Try, cst.If, cst.While, cst.For, cst.With)):
                return _first_line(statements(statement.body), module)
            if not rest:
                return None
            following = rest[0]
            inside = following.body[0] if isinstance(following, cst.SimpleStatementLine) else following
            return module.span(inside).line
    return None


def _first_line(block: Sequence[cst.CSTNode], module: ParsedModule) -> int | None:
    return module.span(block[0]).line if block else None


def _depth(container: Container) -> str | None:
    name, kind = container.name, container.kind
    if kind in _WITHOUT_A_SIZE or kind == "dict":
        return None
    size = "len({})" if kind in _COUNTED else "{}.qsize()"
    if container.by_key:
        return f"sum({size.format('waiting')} for waiting in {name}.values())"
    return size.format(name)


def _oldest_age(container: Container, held: str, puts: Sequence[cst.Call], module: ParsedModule) -> str | None:
    """Return the age of the oldest item in seconds, 0 where nothing waits."""
    items = f"{container.name}.queue" if container.kind in _OPEN_TO_READ else container.name
    if container.by_key or container.kind not in (*_COUNTED[::2], "queue.Queue"):
        return None
    moment = age_of("item", held, puts, module)
    if moment is None:
        return None
    return f"max(({moment[1]} - {moment[0]} for item in list({items})), default=0)"
