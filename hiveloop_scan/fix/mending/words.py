"""Mending of words that the server does not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending.fronts import binding_of, is_read_once
from hiveloop_scan.fix.mending.place import node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding

_SAME: dict[str, dict[str, str]] = {
    "unknown-decision": {
        **dict.fromkeys(("denied", "declined", "refused", "no"), "rejected"),
        **dict.fromkeys(("accepted", "granted", "allowed", "yes"), "approved"),
    },
    "unknown-step-action": {
        **dict.fromkeys(("in_progress", "in-progress", "running", "begin", "begun"), "started"),
        **dict.fromkeys(("done", "success", "succeeded", "finished"), "completed"),
        **dict.fromkeys(("error", "failure"), "failed"),
    },
    "unknown-severity": {"fatal": "critical", "moderate": "medium"},
    "unknown-category": {
        **dict.fromkeys(("network", "connection"), "connectivity"),
        **dict.fromkeys(("auth", "authorization", "permission"), "permissions"),
        "throttling": "rate_limit",
    },
    "unknown-priority": {"medium": "normal", "critical": "urgent"},
    "unknown-source": {**dict.fromkeys(("cron", "timer"), "scheduled"), **dict.fromkeys(("user", "person"), "human")},
}
"""Rule -> what people write -> the word for the same thing, where the spelling does not tell."""


def write_known_word(source: Source, finding: Finding) -> list[Edit]:
    """``severity="HIGH"`` -> ``severity="high"``: the one word that is close, or means the same."""
    near = re.fullmatch(r"did you mean '(\w+)'\?", str(finding.captures["hint"]))
    word = near[1] if near else _SAME.get(finding.rule, {}).get(str(finding.captures["value"]).lower())
    if word is None:
        raise Refusal("no known word is close to it", "choose one of those that the message lists")
    given = node_at(source, finding.span)
    spelled = [node for node in _choices(given, source) if source.segment(node)[1:-1] == finding.captures["value"]]
    if len(spelled) != 1:
        raise Refusal("the word is written elsewhere", "mend it there")
    return [Edit(source.start(spelled[0]) + 1, source.end(spelled[0]) - 1, word)]


def _choices(node: ast.expr, source: Source) -> Iterator[ast.Constant]:
    """Yield the plain texts that a value can be, those in quotes of one character."""
    if isinstance(node, ast.IfExp):
        yield from _choices(node.body, source)
        yield from _choices(node.orelse, source)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.Name) and is_read_once(node, source):
        binding = binding_of(node, source)
        if binding is not None and binding.value is not None:
            yield from _choices(binding.value, source)
