"""Names that speak of running something: the verbs, where they stand in a name, and what is beside the point."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from hiveloop_scan.syntax.names import words

Words = tuple[str, ...]
NOUNS = re.compile(r"(?:tool|function|func|fnc?)_?(?:call|use|request|invocation|tool)", re.IGNORECASE)
THINGS = re.compile(r"tool|func|fn|skill|action|capabilit|command", re.IGNORECASE)
_VERBS = frozenset(
    {
        "exec", "execute", "executes", "invoke", "invokes", "ainvoke", "arun", "aexecute", "acall",
        "dispatch", "perform",
        "kickoff", "ause", "aexec",
    }
)  # fmt: skip
_VAGUE = frozenset({"call", "calls", "handle", "handles", "process", "use", "stream", "astream", "forward", "act"})
LEADING = frozenset({"run", "runs", *_VAGUE})
"""Verbs that are nouns as well, or say little: they have to lead the name."""

DOERS = frozenset({"executor", "runner", "invoker", "dispatcher"})
WAYS = frozenset(
    {"async", "a", "sync", "safe", "safely", "maybe", "try", "do", "single", "one", "stream", "inner", "tool"}
)
"""Words that may stand in front of a leading verb."""

_ASIDE = frozenset(
    {
        "hook", "hooks", "callback", "callbacks", "error", "errors", "exception", "exceptions", "failure",
        "failures", "approval", "approvals", "policy",
        "middleware", "before", "after", "cancel", "cancelled", "to", "guardrail", "guardrails", "validation",
    }
)  # fmt: skip
"""Words of names that speak of work around a run, whatever the verb."""

HANDED = frozenset(
    {
        "to_thread", "submit", "partial", "run_sync", "map", "starmap", "imap", "apply_async", "start_soon", "add_task",
        "run_in_threadpool", "sync_to_async", "run_in_executor",
    }
)  # fmt: skip
MEMBER = re.compile(r"^(?:\w*_)?(?:name|tool|action)$")
"""What a call of a tool has that says which one."""


def has_verb(name: str) -> bool:
    return not (_VERBS | LEADING | DOERS).isdisjoint(words(name))


def is_run(call: ast.Call, verbs: Words) -> bool:
    """Say whether a callee, or what it is handed to be run, has a verb among its words: a rule's own or one of ours."""
    if not last(call.func):
        return isinstance(call.func, ast.Call)
    if last(call.func) in HANDED and any(_says_run(arg, verbs) for arg in call.args[:3]):
        return True
    return _says_run(call.func, verbs)


def _says_run(callee: ast.expr, verbs: Words) -> bool:
    told = _told_by(last(callee), verbs)
    return bool(THINGS.search(spelled_callee(callee))) if told is None else told


@lru_cache(maxsize=32768)
def _told_by(name: str, verbs: Words) -> bool | None:
    """Say whether a name tells of a run; None where that depends on what else is spelled."""
    if name.lstrip("_")[:1].isupper() or not _ASIDE.isdisjoint(words(name)):
        return False
    found = list(words(NOUNS.sub("_", name)) or words(name))
    while len(found) > 1 and found[0] in WAYS:
        del found[0]
    if not found:
        return False
    if found[-1] in DOERS or not _VERBS.isdisjoint(found) or found[0] == "run":
        return True
    if found[0] in _VAGUE:
        return None
    return any(word not in LEADING and word in verbs for word in found)


def spelled_callee(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([*parts, node.id if isinstance(node, ast.Name) else ""])


def last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
