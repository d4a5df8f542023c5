"""The public names of retry libraries: what decorates, what is iterated, what calls, and where a callback goes."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, dotted, last_name

DECORATORS = {
    "tenacity.retry", "backoff.on_exception", "backoff.on_predicate", "stamina.retry", "retrying.retry",
    "retry.retry", "retry.api.retry", "retry2.retry", "google.api_core.retry.Retry", "google.api_core.retry.AsyncRetry",
    "google.api_core.retry_async.AsyncRetry", "opnieuw.retry", "opnieuw.retry_async", "riprova.retry",
}  # fmt: skip
CALLERS = {"retry.retry_call", "retry.api.retry_call", "retry2.retry_call"}
RETRIERS = {
    "tenacity.Retrying", "tenacity.AsyncRetrying", "tenacity.asyncio.AsyncRetrying", "tenacity._asyncio.AsyncRetrying",
    "tenacity.tornadoweb.TornadoRetrying", "retrying.Retrying", "stamina.RetryingCaller", "stamina.AsyncRetryingCaller",
    "stamina.BoundRetryingCaller", "aiohttp_retry.RetryClient", "opnieuw.RetryState",
}  # fmt: skip
ITERATED = {"stamina.retry_context", "tenacity.Retrying", "tenacity.AsyncRetrying", "tenacity.asyncio.AsyncRetrying"}
HOOKS = {"tenacity": "before_sleep", "backoff": "on_backoff", "stamina": "stamina.instrumentation.set_on_retry_hooks"}
_LIMITS = {"max_tries", "attempts", "tries", "stop_max_attempt_number", "stop_after_attempt"}
ATTEMPT_NUMBERS = {"tenacity": "retry_state.attempt_number", "stamina": "num"}
"""Library -> the attribute of an attempt that holds its 1-based number."""

_ASKING_PARSERS = {"RetryOutputParser", "RetryWithErrorOutputParser", "OutputFixingParser"}
_WITH_RETRY = {"stop_after_attempt", "wait_exponential_jitter", "retry_if_exception_type", "exponential_jitter_params"}
_RETRY_WITH = {"stop", "wait", "retry", "reraise", "before_sleep", "after", "before"}


def origin_of(node: cst.BaseExpression, module: ParsedModule) -> tuple[str, cst.Call | None]:
    """Return the full name of what made `node`, and the call that made it.

    A name that was given a decorator or a retrier in this file stands for it: ``patient = retry(stop=...)``.
    """
    name = module.resolve(node)
    if name in DECORATORS | RETRIERS | ITERATED:
        return name, node if isinstance(node, cst.Call) else None
    if maker := _made_in_this_file(node, module):
        return module.resolve(maker), maker
    names = {dotted(node), dotted(node).rpartition(".")[0]} - {""}
    for assign in module.nodes(cst.Assign):
        made = assign.value if names & {dotted(target.target) for target in assign.targets} else None
        if made is not None and (maker := _made_in_this_file(made, module)):
            return module.resolve(maker), maker
        origin = module.resolve(assign.value)
        if origin in DECORATORS | RETRIERS and names & {dotted(target.target) for target in assign.targets}:
            return origin, assign.value if isinstance(assign.value, cst.Call) else None
    return name, node if isinstance(node, cst.Call) else None


def _made_in_this_file(node: cst.BaseExpression, module: ParsedModule) -> cst.Call | None:
    """Return what a function of this file makes of a library and gives back: ``@self._retrying()``."""
    if not isinstance(node, cst.Call) or dotted(node.func).removeprefix("self.").removeprefix("cls.").count("."):
        return None
    name = last_name(node.func)
    for function in module.nodes(cst.FunctionDef) if name else ():
        if function.name.value == name:
            for given in module.below(function.body, cst.Return):
                if isinstance(given.value, cst.Call) and module.resolve(given.value) in DECORATORS:
                    return given.value
    return None


def is_retry_with(call: cst.Call) -> bool:
    """Say whether a call changes the settings of a decorated function: ``fetch.retry_with(stop=...)``."""
    return last_name(call.func) == "retry_with" and any(
        arg.keyword and arg.keyword.value in _RETRY_WITH for arg in call.args
    )


def makes_an_asking_parser(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call makes a parser of LangChain that asks the model again when a reply cannot be parsed."""
    parts = module.resolve(call.func).split(".")
    if not parts[0].startswith("langchain"):
        return False
    if parts[-1] == "from_llm":
        parts.pop()
    return parts[-1] in _ASKING_PARSERS


def is_with_retry(call: cst.Call) -> bool:
    """Say whether a call makes a runnable of LangChain that tries again: ``chain.with_retry(stop_after_attempt=3)``."""
    return last_name(call.func) == "with_retry" and any(
        arg.keyword and arg.keyword.value in _WITH_RETRY for arg in call.args
    )


def tries_once(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether the settings allow one attempt only."""
    for arg in call.args:
        keyword = arg.keyword.value if arg.keyword else ""
        value = arg.value
        if keyword in _LIMITS and code(value) == "1":
            return True
        if keyword == "stop" and isinstance(value, cst.Call) and value.args:
            return module.resolve(value) == "tenacity.stop_after_attempt" and code(value.args[0].value) == "1"
    return False
