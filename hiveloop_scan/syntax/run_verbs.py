"""Calls that may run something: the verbs in their names, also of what they hand to a thread or task to be run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.syntax.expressions import last, spelled
from hiveloop_scan.syntax.names import words

REQUEST_NOUN = re.compile(r"(?:tool|function|func|fnc?)_?(?:call|use|request|invocation|tool)", re.IGNORECASE)
"""How people spell what a model asks for; the call in it is no verb."""

RUNNABLE = re.compile(r"tool|func|fn|skill|action|capabilit|command", re.IGNORECASE)
"""What vague verbs need for an object."""

_VAGUE = frozenset({"call", "calls", "handle", "handles", "process", "use", "stream", "astream", "forward", "act"})
_VERBS = frozenset(
    {
        "exec", "execute", "executes", "invoke", "invokes", "ainvoke", "arun", "aexecute", "acall", "dispatch",
        "perform", "kickoff", "ause", "aexec",
    }
)  # fmt: skip
LEADING = frozenset({"run", "runs", *_VAGUE})
"""Verbs that are nouns as well, or say little: they have to lead the name."""

DOERS = frozenset({"executor", "runner", "invoker", "dispatcher"})
WAYS = frozenset(
    {"async", "a", "sync", "safe", "safely", "maybe", "try", "do", "single", "one", "stream", "inner", "tool"}
)
"""Words that may stand in front of a leading verb, and behind it."""

PARTS = frozenset(
    {
        "func", "function", "fn", "callback", "handler", "coroutine", "entrypoint", "tool", "callable", "executor",
        "impl", "implementation", "execute", "_func", "_fn", "action", "invoke", "method", "original_func", "tool_func",
        "tool_fn", "run", "call",
    }
)  # fmt: skip
"""What people call the part of a tool that does its work: ``entry["function"]``, ``tool.func``."""

HANDED_FIRST = frozenset(
    {
        "to_thread", "submit", "partial", "run_sync", "map", "starmap", "imap", "apply_async", "start_soon", "add_task",
        "run_in_threadpool", "sync_to_async",
    }
)  # fmt: skip
HANDED_SECOND = frozenset({"run_in_executor"})
"""Calls that have their first, or second, argument run."""

_HANDED = HANDED_FIRST | HANDED_SECOND
_ASIDE = frozenset(
    {
        "hook", "hooks", "callback", "callbacks", "error", "errors", "failure", "failures", "approval", "approvals",
        "policy", "middleware", "before", "after", "cancel", "cancelled", "to", "guardrail", "guardrails", "validation",
    }
)  # fmt: skip
"""Words of names that speak of work around a run, whatever the verb."""


def is_run(call: ast.Call, verbs: tuple[str, ...]) -> bool:
    """Say whether a callee, or what it is handed to be run, has a verb among its words: a rule's own or one of ours."""
    name = last(call.func)
    if not name:
        return isinstance(call.func, ast.Call)
    if name in _HANDED and any(_says_run(arg, verbs) for arg in call.args[:3]):
        return True
    return _says_run(call.func, verbs)


def has_verb(name: str) -> bool:
    """Say whether a plain name has a verb among its words."""
    return not (_VERBS | LEADING | DOERS).isdisjoint(words(name))


def callees(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call may run: its callee, the owner of a method that runs something, what it hands to a thread."""
    handed = call.args[:2] if last(call.func) in _HANDED else []
    for callee in (call.func, *handed):
        if not isinstance(callee, ast.Attribute):
            yield callee
        elif callee.attr in PARTS or has_verb(callee.attr):
            yield callee.value


def _says_run(callee: ast.expr, verbs: tuple[str, ...]) -> bool:
    name = last(callee)
    if name.lstrip("_")[:1].isupper() or not _ASIDE.isdisjoint(words(name)):
        return False
    found = list(words(REQUEST_NOUN.sub("_", name)) or words(name))
    while len(found) > 1 and found[0] in WAYS:
        del found[0]
    if not found:
        return False
    if found[-1] in DOERS or not _VERBS.isdisjoint(found) or found[0] == "run":
        return True
    if found[0] in _VAGUE:
        return bool(RUNNABLE.search(spelled(callee)))
    return any(word not in LEADING and word in verbs for word in found)
