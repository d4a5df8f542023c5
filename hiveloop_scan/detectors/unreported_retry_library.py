"""Find what a retry library tries again: decorated functions, attempt loops, retriers, tasks of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.attempts.operation import operation_name, operation_of
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, is_name, last_name, statements
from hiveloop_scan.visitor import detector

_DECORATORS = {
    "tenacity.retry", "backoff.on_exception", "backoff.on_predicate", "stamina.retry", "retrying.retry",
    "retry.retry", "retry.api.retry", "retry2.retry", "opnieuw.retry", "opnieuw.retry_async", "riprova.retry",
}  # fmt: skip
_CALLERS = {"retry.retry_call", "retry.api.retry_call", "retry2.retry_call"}
_RETRIERS = {
    "tenacity.Retrying", "tenacity.AsyncRetrying", "tenacity.asyncio.AsyncRetrying", "tenacity._asyncio.AsyncRetrying",
    "tenacity.tornadoweb.TornadoRetrying", "retrying.Retrying", "stamina.RetryingCaller", "stamina.AsyncRetryingCaller",
    "stamina.BoundRetryingCaller", "aiohttp_retry.RetryClient", "opnieuw.RetryState",
}  # fmt: skip
_ITERATED = {"stamina.retry_context", "tenacity.Retrying", "tenacity.AsyncRetrying", "tenacity.asyncio.AsyncRetrying"}
_HOOKS = {"tenacity": "before_sleep", "backoff": "on_backoff", "stamina": "stamina.instrumentation.set_on_retry_hooks"}
_LIMITS = {"max_tries", "attempts", "tries", "stop_max_attempt_number"}
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
    name = module.resolve(node.decorator)
    function = module.parent(node)
    operation = function.name.value if isinstance(function, cst.FunctionDef) else None
    if name in _DECORATORS or (name.rpartition(".")[2] == "wraps" and _is_retrier(node.decorator, module)):
        facts = ["decorator-of-a-retry-library"]
        if call and _tries_once(call, module):
            facts.append("never-tries-twice")
        yield Match(node, _captures(operation, name, call), facts)
    elif call and any(arg.keyword and arg.keyword.value in _WORKERS for arg in call.args):
        yield Match(node, _captures(operation, "celery", call), ["worker-retries-the-task"])


def _attempt_loops(loop: cst.For, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``for attempt in Retrying(...): with attempt: ...``, whatever made the iterable."""
    if not isinstance(loop.target, cst.Name):
        return
    attempt = loop.target.value
    withs = module.below(statements(loop.body), cst.With)
    with_blocks = [node for node in withs if any(is_name(item.item, attempt) for item in node.items)]
    if not with_blocks:
        return
    facts = ["attempt-is-a-context-manager"]
    library = module.resolve(loop.iter)
    if library in _ITERATED or _is_retrier(loop.iter, module):
        facts.append("attempts-of-a-retry-library")
    elif mentions(f"{attempt} {code(loop.iter)}", options["context_words"]):
        facts.append("iterated-name-speaks-of-a-retry")
        library = "the loop"
    else:
        return
    operation = operation_name(operation_of(statements(with_blocks[0].body), module))
    captures = _captures(operation, library, loop.iter if isinstance(loop.iter, cst.Call) else None)
    captures["attempt"] = f"{attempt}.retry_state.attempt_number" if "tenacity" in library else f"{attempt}.num"
    yield Match(loop, captures, facts)


def _objects(call: cst.Call, module: ParsedModule) -> Iterator[Match]:
    name = module.resolve(call.func)
    if name in _CALLERS:
        yield Match(call, _captures(_first_argument(call), name, call), ["call-through-a-retry-library"])
    elif name in _RETRIERS and not _is_used_here(call, module):
        yield Match(call, _captures(_called_with(call, module), name, call), ["object-of-a-retry-library"])
    elif name.endswith(".retry_with") and _owner_is_decorated(name, module):
        yield Match(
            call, _captures(name.removesuffix(".retry_with"), "tenacity", call), ["call-through-a-retry-library"]
        )


def _is_used_here(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a retrier is iterated in the same file, where the loop is the place to report."""
    holder = module.parent(call)
    if isinstance(holder, cst.For):
        return True
    if isinstance(holder, cst.Assign):
        names = {dotted(target.target) for target in holder.targets}
        return any(dotted(loop.iter) in names for loop in module.nodes(cst.For))
    return False


def _is_retrier(node: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether the name before the last dot (or the whole name) was given a retrier of a library in this file."""
    names = {dotted(node), dotted(node).rpartition(".")[0]} - {""}
    for assign in module.nodes(cst.Assign):
        if module.resolve(assign.value) in _RETRIERS and names & {dotted(target.target) for target in assign.targets}:
            return True
    return False


def _owner_is_decorated(name: str, module: ParsedModule) -> bool:
    functions = module.functions.get(name.removesuffix(".retry_with").rpartition(".")[2], [])
    return any(
        module.resolve(decorator.decorator) == "tenacity.retry"
        for function in functions
        for decorator in function.decorators
    )


def _tries_once(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether the settings allow one attempt only."""
    for arg in call.args:
        keyword = arg.keyword.value if arg.keyword else ""
        if keyword in _LIMITS and code(arg.value) == "1":
            return True
        if (
            keyword == "stop"
            and isinstance(arg.value, cst.Call)
            and module.resolve(arg.value) == "tenacity.stop_after_attempt"
        ):
            return bool(arg.value.args) and code(arg.value.args[0].value) == "1"
    return False


def _captures(operation: str | None, resolved: str, call: cst.Call | None) -> dict[str, Capture]:
    """Describe a library's retry; ``hook`` is the argument for a reporting callback, ``hook_value`` what it holds."""
    library = resolved.partition(".")[0]
    hook = _HOOKS.get(library)
    taken = [arg.value for arg in (call.args if call else ()) if arg.keyword and arg.keyword.value == hook]
    return {
        "operation": operation,
        "library": library,
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
    if isinstance(holder, cst.Call) and holder.func is call and holder.args:
        return last_name(holder.args[0].value)
    return None
