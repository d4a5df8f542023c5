"""Tell the calls that do the work from those that only log, sleep, measure or convert."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.everyday import EVERYDAY_CALLS
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, last_name

_LOG_OWNERS = {
    "logger",
    "log",
    "logging",
    "console",
    "warnings",
    "traceback",
    "sentry_sdk",
    "st",
    "typer",
    "click",
    "structlog",
}
_LOG_METHODS = {
    "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print", "echo", "print_exc",
    "format_exc", "secho", "log_debug", "log_info", "log_warning", "log_error", "add_event", "set_attribute",
    "record_exception", "set_status", "trace", "verbose", "fatal", "rule", "write_log", "warn_explicit",
}  # fmt: skip
_ARITHMETIC = {"random", "secrets", "uuid", "string", "math", "re", "datetime", "itertools", "functools", "operator"}
_ASKING_METHODS = {"prompt", "confirm", "ask", "input", "text_input", "chat_input"}
_SERVICES = {"client", "session", "requests", "httpx", "http", "api", "aiohttp", "rest", "page", "browser", "crm"}
_REQUEST_KEYWORDS = {"timeout", "headers", "params", "url", "follow_redirects", "allow_redirects", "verify"}
_SLEEPS = {"sleep", "asleep", "async_sleep", "usleep", "pause"}
_PAUSES = {"wait", "pause", "delay"}
_WRAPPERS = {
    "wait_for",
    "run_until_complete",
    "to_thread",
    "run_in_executor",
    "run_sync",
    "run_coroutine_threadsafe",
    "shield",
    "create_task",
    "gather",
    "ensure_future",
    "partial",
}


def is_log_call(call: cst.Call) -> bool:
    """Say whether a call only writes a message or a trace."""
    name = dotted(call.func)
    owner, _, method = name.rpartition(".")
    last_owner = owner.rpartition(".")[2].lstrip("_").lower()
    if method in _ASKING_METHODS:
        return False
    if method in _LOG_METHODS and (
        not owner or last_owner in _LOG_OWNERS or "log" in last_owner or method.startswith("log")
    ):
        return True
    return (
        last_owner in _LOG_OWNERS or method.lstrip("_").startswith(("log_", "print_")) or "logger" in words(last_owner)
    )


def is_sleep_call(call: cst.Call) -> bool:
    """Say whether a call waits for a time it is given."""
    method = last_name(call.func)
    if method in _SLEEPS:
        return True
    found = words(method)
    if "sleep" in found or ("backoff" in found and not _runs_with_backoff(call, found)):
        return True
    return method == "wait" and any(arg.keyword and arg.keyword.value == "timeout" for arg in call.args)


def _runs_with_backoff(call: cst.Call, found: Sequence[str]) -> bool:
    """Say whether a call does other work with back-off: ``complete_with_backoff(prompt)``, ``backoff_create(f, x)``."""
    if _PAUSES.intersection(found):
        return False
    return "with" in found or (found[0] == "backoff" and len(found) > 1 and bool(call.args))


def _is_lookup(call: cst.Call) -> bool:
    """Say whether a ``get`` call looks something up in memory; with a client or request arguments it asks a service."""
    owner, _, method = dotted(call.func).rpartition(".")
    if method != "get":
        return False
    asks = any(arg.keyword and arg.keyword.value in _REQUEST_KEYWORDS for arg in call.args)
    return not asks and not _SERVICES.intersection(words(owner))


def is_work_call(call: cst.Call) -> bool:
    """Say whether a call can be the operation that fails: no log line, sleep, conversion or error."""
    method = last_name(call.func)
    if not method:
        return isinstance(call.func, cst.Subscript)
    if dotted(call.func).partition(".")[0] in _ARITHMETIC:
        return False
    if method in EVERYDAY_CALLS and not _puts_in_a_store(call, method):
        return False
    if is_log_call(call) or is_sleep_call(call) or _is_lookup(call):
        return False
    return not method.endswith(("Error", "Exception", "Warning"))


def _puts_in_a_store(call: cst.Call, method: str) -> bool:
    """Say whether an ``insert`` goes to a service: that of a list takes no keywords."""
    return method == "insert" and any(arg.keyword is not None for arg in call.args)


def work_calls(roots: cst.CSTNode | Sequence[cst.CSTNode], module: ParsedModule) -> list[cst.Call]:
    """Return the work calls that run with `roots`, outer calls first; parts of log lines and errors do not count."""
    found = []
    idle: list[cst.CSTNode] = list(module.below(roots, cst.Raise))
    for call in module.below(roots, cst.Call):
        if is_log_call(call):
            idle.append(call)
        elif is_work_call(call) and not module.is_below(call, idle):
            found.append(call)
    return found


def is_wrapper_call(call: cst.Call) -> bool:
    """Say whether a call only runs another call: ``asyncio.wait_for(fetch(), 5)``."""
    return last_name(call.func) in _WRAPPERS


def is_constructor(call: cst.Call) -> bool:
    """Say whether a call makes an object of a class, as far as its name tells."""
    return is_class_name(last_name(call.func))


def is_class_name(name: str) -> bool:
    """Say whether a plain name is written like a class."""
    return name[:1].isupper() and not name.isupper()
