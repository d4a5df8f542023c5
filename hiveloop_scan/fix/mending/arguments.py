"""Mending of how arguments are given."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.mending.place import call_at, method_of, node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding
from hiveloop_scan.sdk.signatures import SIGNATURES, VALUES

_NUMBER, _TEXT = "number", "text"
_PLAIN = {
    ("retry", "attempt"): _NUMBER,
    ("retry", "backoff_seconds"): _NUMBER,
    ("plan", "revision"): _NUMBER,
    ("plan_step", "total_steps"): _NUMBER,
    ("llm_call", "tokens_in"): _NUMBER,
    ("llm_call", "tokens_out"): _NUMBER,
    ("report_issue", "issue_id"): _TEXT,
    ("resolve_issue", "issue_id"): _TEXT,
    ("request_approval", "approver"): _TEXT,
    ("approval_received", "approved_by"): _TEXT,
}
"""What the place of an argument tells; elsewhere two parameters of one type follow each other."""


def name_arguments(source: Source, finding: Finding) -> list[Edit]:
    """``retry("again", 2)`` -> ``retry("again", attempt=2)``."""
    call = call_at(source, finding.span)
    method, room = method_of(call), finding.captures["room"]
    taken = {keyword.arg for keyword in call.keywords}
    names = _named_only(method)
    extra = call.args[room:] if isinstance(room, int) else []
    if not extra or len(extra) > len(names) or not isinstance(room, int):
        raise Refusal("nobody can tell which argument is meant", "name it by hand")
    edits = []
    for place, (name, value) in enumerate(zip(names, extra, strict=False), room):
        if name in taken or not _is_meant(method, name, value, names):
            raise Refusal("nobody can tell which argument is meant", "name it by hand")
        before = source.end(call.args[place - 1]) if place else source.end(call.func)
        if not re.fullmatch(r"\s*[,(]\s*", source.text[before : source.start(value)]):
            raise Refusal("more than a comma stands in front of the argument", "name it by hand")
        edits.append(insertion(source.start(value), f"{name}="))
    return edits


def _named_only(method: str) -> list[str]:
    """Return the parameters that have to be named, the same for all objects with such a method."""
    found = {
        tuple(one.name for one in signature.parameters if one.keyword_only)
        for (_, name), signature in SIGNATURES.items()
        if name == method
    }
    if len(found) != 1:
        raise Refusal("several methods of the SDK have this name", "name it by hand")
    return list(found.pop())


def _is_meant(method: str, name: str, value: ast.expr, names: list[str]) -> bool:
    """Say whether a value by position is surely the one for `name`."""
    own = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    if own in names:
        return own == name
    if (method, name) not in _PLAIN or isinstance(value, (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.Lambda)):
        return False
    if isinstance(value, ast.JoinedStr):
        return _PLAIN[method, name] == _TEXT
    if isinstance(value, ast.Constant):
        if isinstance(value.value, str) and any(value.value in VALUES.get((method, other), ()) for other in names):
            return False  # a word of another parameter
        wanted = str if _PLAIN[method, name] == _TEXT else (int, float)
        return isinstance(value.value, wanted) and not isinstance(value.value, bool)
    return True


def give_summary(source: Source, finding: Finding) -> list[Edit]:
    """``escalate(reason="too hard")`` -> ``escalate("too hard")``."""
    call = call_at(source, finding.span)
    method = method_of(call)
    given = next((keyword for keyword in call.keywords if keyword.arg == "reason"), None)
    if given is None:
        raise Refusal("no reason stands in the call")
    start = source.start(given)
    written = re.compile(r"reason([ \t]*=[ \t]*)").match(source.text, start)
    if written is None:
        raise Refusal("more than a name stands in front of the reason", "write the summary by hand")
    first = {signature.names[0] for (_, name), signature in SIGNATURES.items() if name == method}
    if first == {"summary"} and not call.args and given is call.keywords[0]:
        return [Edit(start, written.end(), "")]
    return [Edit(start, written.start(1), "summary")]


def count_from_one(source: Source, finding: Finding) -> list[Edit]:
    """``attempt=attempt`` -> ``attempt=attempt + 1``."""
    node = node_at(source, finding.span)
    if isinstance(node, ast.Constant) and node.value == 0 and type(node.value) is int:
        return [Edit(source.start(node), source.end(node), "1")]
    if not isinstance(node, ast.Name) or not isinstance(source.parents[node], (ast.Call, ast.keyword)):
        raise Refusal("the attempt is no plain name", "add one by hand")
    return [insertion(source.end(node), " + 1")]
