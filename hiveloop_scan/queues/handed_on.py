"""Queues that a function makes and hands to the workers it starts."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import parameters
from hiveloop_scan.queues.containers import Container, Creation, container_of, target_of
from hiveloop_scan.queues.takes import Take, queue_taken_from, takes_in
from hiveloop_scan.references import functions_run
from hiveloop_scan.syntax.tree import dotted, statements


def local_container(node: Creation, module: ParsedModule) -> Container | None:
    """Return the queue that `node` makes under a plain name of its function; None when it makes none."""
    target = target_of(node)
    if not isinstance(target, cst.Name) or module.function_of(node) is None:
        return None
    container = container_of(node, target.value, None, module)
    return container if container is not None and container.kind != "list" else None


def takes_of_workers(container: Container, module: ParsedModule) -> list[Take]:
    """Return where the functions that are given a local queue take from it; nothing when its maker does so too."""
    maker = module.function_of(container.node)
    if maker is None or any(
        dotted(queue) == container.name
        for call in module.all_below(maker, cst.Call)
        if (queue := queue_taken_from(call)) is not None
    ):
        return []
    workers = list(_workers(maker, container.name, module))
    return [
        take
        for take in takes_in(module)
        if (function := module.function_of(take.item)) is not None
        and any(function is worker for worker in workers)
        and any(param.name.value == dotted(take.queue) for param in parameters(function))
    ]


def is_waited_for(container: Container, module: ParsedModule) -> bool:
    """Say whether the maker of a local queue waits until all of it is done: a batch of one call."""
    maker = module.function_of(container.node)
    return maker is not None and any(
        dotted(call.func) == f"{container.name}.join" for call in module.all_below(maker, cst.Call)
    )


def _workers(maker: cst.FunctionDef, name: str, module: ParsedModule) -> Iterator[cst.FunctionDef]:
    """Yield the functions of the file that are given the queue, called or handed over with it."""
    for call in module.below(statements(maker.body), cst.Call):
        if not any(_passes(arg.value, name) for arg in call.args):
            continue
        for callee in (call.func, *(arg.value for arg in call.args)):
            if isinstance(callee, (cst.Name, cst.Attribute)):
                yield from functions_run(callee, module)


def _passes(value: cst.BaseExpression, name: str) -> bool:
    if isinstance(value, (cst.Tuple, cst.List)):
        return any(_passes(element.value, name) for element in value.elements)
    return isinstance(value, cst.Name) and value.value == name
