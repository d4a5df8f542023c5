"""A queue in memory as one thing: where it is made, who takes from it, and what says that it holds work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.claims import claims_on
from hiveloop_scan.queues.containers import Container, Creation, container_made_by, creations_in, target_of
from hiveloop_scan.queues.handed_on import is_waited_for, local_container, takes_of_workers
from hiveloop_scan.queues.takes import puts_of, takes_of
from hiveloop_scan.queues.waiting_work import (
    Consumption,
    consumptions,
    facts_of_class,
    facts_of_consumption,
    facts_of_name,
    hands_out,
    listed_type,
)
from hiveloop_scan.syntax.tree import last_name

_NOUNS = {"name-says-queue", "name-says-work", "stands-in-a-queue-class"}


@dataclass(frozen=True)
class Queue:
    """A queue in memory, the places that take from it, and the facts that speak for and against work in it."""

    container: Container
    consumptions: tuple[Consumption, ...]
    facts: tuple[str, ...]


def queue_made_by(node: Creation, module: ParsedModule, options: Options) -> Queue | None:
    """Return the queue that `node` makes, when the file also shows what becomes of its items."""
    container = container_made_by(node, module)
    if container is not None:
        takes = [] if _is_made_before(container, module) else takes_of(container, module)
        life = "lives-longer-than-a-call"
    else:
        container = local_container(node, module)
        takes = takes_of_workers(container, module) if container else []
        life = "is-handed-to-a-worker"
    if container is None:
        return None
    found = consumptions(takes, module, options)
    claims = [] if found or _is_made_before(container, module) else claims_on(container, module, options)
    if not found and not claims:
        return None
    told = (*(claims[0].facts if claims else ()), *_facts(container, found, module, options))
    return Queue(container, tuple(found), tuple(dict.fromkeys((life, *told))))


def _facts(container: Container, found: list[Consumption], module: ParsedModule, options: Options) -> Iterator[str]:
    yield from facts_of_consumption(found, module, options)
    named = [
        *facts_of_name(container.name, listed_type(container.annotation), options),
        *facts_of_class(container.owner, options),
    ]
    yield from named
    if container.kind == "dict" and found:
        yield "is-looked-up-by-key"
    typed = container.kind not in ("list", "collections.deque") and container.owner is not None
    if not typed and not _NOUNS.intersection(named):
        yield "nothing-says-queue"
    if hands_out(found, options):
        yield "a-method-hands-items-out"
    if is_waited_for(container, module):
        yield "waits-for-all-of-it"
    if puts_of(container, module):
        yield "items-are-put-in"


def _is_made_before(container: Container, module: ParsedModule) -> bool:
    """Say whether the same queue is made at an earlier place of the file: it is one queue, reported once."""
    for node in module.once(_by_leaf, module.tree).get(container.leaf, ()):
        if module.is_before(node, container.node):
            other = container_made_by(node, module)
            if other is not None and other.owner is container.owner:
                return True
    return False


def _by_leaf(tree: cst.CSTNode, module: ParsedModule) -> dict[str, list[Creation]]:
    """Return the statements of the file that can make a queue, by the last names of what they give a value to."""
    found: dict[str, list[Creation]] = defaultdict(list)
    for node in creations_in(module):
        found[last_name(target_of(node))].append(node)
    return found
