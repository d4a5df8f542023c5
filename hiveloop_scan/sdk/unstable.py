"""Values that change from one time to the next: ids of the moment, times, counters, texts of exceptions."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import is_name, last_name

_FRESH = frozenset({
    "uuid1", "uuid4", "uuid7", "now", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "random", "randint",
    "token_hex", "token_urlsafe", "ulid", "nanoid", "today", "hash",
})  # fmt: skip
_COUNTS = frozenset({"count", "counter", "counts", "attempt", "attempts", "failures", "retries", "tries"})
_ERRORS = frozenset({"e", "ex", "exc", "err", "error", "exception"})


def why_unstable(value: cst.BaseExpression, module: ParsedModule) -> str | None:
    """Return the fact that makes `value` another one each time; None where none is known."""
    if derives_from(value, module, _is_fresh):
        return "made-of-the-moment"
    if derives_from(value, module, lambda node: is_error_text(node, module)):
        return "made-of-an-exception"
    return "made-of-a-counter" if _counts(value, module) else None


def is_error_text(node: cst.CSTNode, module: ParsedModule) -> bool:
    """Say whether `node` is an exception whose text is taken: ``{e}`` in a text, ``str(error)``."""
    if not isinstance(node, cst.Name) or not is_error(node, module):
        return False
    around = module.parent(node)
    if isinstance(around, cst.FormattedStringExpression):
        return True
    call = module.parent(around) if isinstance(around, cst.Arg) else None
    return isinstance(call, cst.Call) and (is_name(call.func, "str") or is_name(call.func, "repr"))


def is_error(node: cst.Name, module: ParsedModule) -> bool:
    """Say whether a name holds an exception: a handler binds it, or it is called like one."""
    handler = module.enclosing(node, cst.ExceptHandler)
    while handler is not None:
        if handler.name is not None and is_name(handler.name.name, node.value):
            return True
        handler = module.enclosing(handler, cst.ExceptHandler)
    return node.value in _ERRORS


def _is_fresh(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and last_name(node.func) in _FRESH


def _counts(value: cst.BaseExpression, module: ParsedModule) -> bool:
    spelled = [last_name(part.expression) for part in module.all_below(value, cst.FormattedStringExpression)]
    if isinstance(value, (cst.Name, cst.Attribute)):
        spelled.append(last_name(value))
    spelled += [last_name(arg.value) for call in module.all_below(value, cst.Call) for arg in call.args]
    return any(not _COUNTS.isdisjoint(words(name)) for name in spelled)
