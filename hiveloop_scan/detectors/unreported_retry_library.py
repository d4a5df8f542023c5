"""Find what a retry library tries again: decorated functions, attempt loops, retriers, tasks of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.libraries import (
    ATTEMPT_NUMBERS,
    CALLERS,
    DECORATORS,
    HOOKS,
    ITERATED,
    RETRIERS,
    is_retry_with,
    is_with_retry,
    makes_an_asking_parser,
    origin_of,
    tries_once,
)
from hiveloop_scan.attempts.operation import operation_name, operation_of
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, is_name, statements
from hiveloop_scan.visitor import detector

_WORKERS = {"autoretry_for"}


@detector(cst.Decorator, cst.For, cst.Call)
def unreported_retry_library(
    node: cst.Decorator | cst.For | cst.Call, module: ParsedModule, options: Options
) -> Iterator[Match]:
    if isinstance(node, cst.Decorator):
        yield from _decorators(node, module)
    elif isinstance(node, cst.For):
        yield from _attempt_loops(node, module, options)
    else:
        yield from _objects(node, module)


def _decorators(node: cst.Decorator, module: ParsedModule) -> Iterator[Match]:
    call = node.decorator if isinstance(node.decorator, cst.Call) else None
    origin, maker = origin_of(node.decorator, module)
    function = module.parent(node)
    operation = function.name.value if isinstance(function, cst.FunctionDef) else None
    if origin in DECORATORS or (origin in RETRIERS and dotted(node.decorator).endswith(".wraps")):
        facts = ["decorator-of-a-retry-library"]
        if maker and tries_once(maker, module):
            facts.append("never-tries-twice")
        yield Match(node, _captures(operation, origin, maker), facts)
    elif call and any(arg.keyword and arg.keyword.value in _WORKERS for arg in call.args):
        yield Match(node, _captures(operation, "celery", call), ["worker-retries-the-task"])


def _attempt_loops(loop: cst.For, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``for attempt in Retrying(...): with attempt: ...``, whatever made the iterable."""
    if not isinstance(loop.target, cst.Name):
        return
    attempt = loop.target.value
    withs = module.below(statements(loop.body), cst.With)
    with_blocks = [node for node in withs if any(is_name(item.item, attempt) for item in node.items)]
    if not with_blocks or not statements(with_blocks[0].body):
        return
    facts = ["attempt-is-a-context-manager"]
    origin, maker = origin_of(loop.iter, module)
    if origin in ITERATED:
        facts.append("attempts-of-a-retry-library")
    elif mentions(f"{attempt} {code(loop.iter)}", options["context_words"]):
        facts.append("iterated-name-speaks-of-a-retry")
    else:
        return
    operation = operation_name(operation_of(statements(with_blocks[0].body), module))
    captures = _captures(operation, origin if origin in ITERATED else "", maker)
    number = ATTEMPT_NUMBERS.get(origin.partition(".")[0])
    yield Match(loop, {**captures, "attempt": number and f"{attempt}.{number}"}, facts)


def _objects(call: cst.Call, module: ParsedModule) -> Iterator[Match]:
    if isinstance(call.func, cst.Call):
        maker = module.resolve(call.func.func) if not isinstance(call.func.func, cst.Call) else ""
        if maker in DECORATORS:  # retry(stop=...)(fetch)
            yield Match(call, _captures(_first_argument(call), maker, call.func), ["call-through-a-retry-library"])
        return
    name = module.resolve(call.func)
    if name in CALLERS:
        yield Match(call, _captures(_first_argument(call), name, call), ["call-through-a-retry-library"])
    elif name in RETRIERS and not _is_used_here(call, module):
        yield Match(call, _captures(_called_with(call, module), name, call), ["object-of-a-retry-library"])
    elif name in DECORATORS and isinstance(module.parent(call), cst.Return):
        facts = ["object-of-a-retry-library"]
        if tries_once(call, module):
            facts.append("never-tries-twice")
        yield Match(call, _captures(None, name, call), facts)
    elif makes_an_asking_parser(call, module):
        facts = ["parser-asks-the-model-again"]
        if any(arg.keyword and arg.keyword.value == "max_retries" and code(arg.value) == "0" for arg in call.args):
            facts.append("never-tries-twice")
        yield Match(call, _captures(None, "langchain", call), facts)
    elif is_with_retry(call):
        facts = ["call-through-a-retry-library"]
        if tries_once(call, module):
            facts.append("never-tries-twice")
        yield Match(call, _captures(dotted(call.func).rpartition(".")[0] or None, "langchain", call), facts)
    elif is_retry_with(call):
        operation = dotted(call.func).rpartition(".")[0]
        yield Match(call, _captures(operation, "tenacity", call), ["call-through-a-retry-library"])


def _is_used_here(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a retrier is iterated or decorates in the same file, where that is the place to report."""
    holder = module.parent(call)
    if isinstance(holder, (cst.For, cst.Decorator)):
        return True
    if not isinstance(holder, cst.Assign):
        return False
    names = {dotted(target.target) for target in holder.targets}
    if any(dotted(loop.iter) in names for loop in module.nodes(cst.For)):
        return True
    return any(dotted(node.decorator).removesuffix(".wraps") in names for node in module.nodes(cst.Decorator))


def _captures(operation: str | None, origin: str, maker: cst.Call | None) -> dict[str, Capture]:
    """Describe a library's retry; ``hook`` is the argument for a reporting callback, ``hook_value`` what it holds."""
    library = origin.partition(".")[0]
    hook = HOOKS.get(library)
    taken = [arg.value for arg in (maker.args if maker else ()) if arg.keyword and arg.keyword.value == hook]
    return {
        "operation": operation,
        "library": library or "The loop",
        "hook": hook,
        "hook_value": code(taken[0]) if taken else None,
        "attempt": "self.request.retries + 1" if library == "celery" else None,
        "backoff_seconds": None,
        "another_attempt": "certain",
    }


def _first_argument(call: cst.Call) -> str | None:
    return code(call.args[0].value) if call.args else None


def _called_with(call: cst.Call, module: ParsedModule) -> str | None:
    """Return what a retrier is called with at once: ``fetch`` for ``Retrying(...)(fetch, url)``."""
    holder = module.parent(call)
    if isinstance(holder, cst.Call) and holder.func is call:
        return _first_argument(holder)
    return None
