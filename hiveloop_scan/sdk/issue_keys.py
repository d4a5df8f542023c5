"""Under which key an issue is reported and resolved, in a form that can be compared across files."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Clue
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.sdk.shapes import text_of
from hiveloop_scan.syntax.tree import last_name

ANY = "?"
"""The key of an issue that only the run knows."""


def key_of(node: cst.BaseExpression | None, module: ParsedModule) -> str:
    """Return the key that an issue id stands for: ``crm-{}`` for ``f"crm-{name}"``, the name of a constant."""
    found = {_key(choice) for choice in choices(node, module)}
    return found.pop() if len(found) == 1 else ANY


def _key(node: cst.BaseExpression) -> str:
    if (text := text_of(node)) is not None:
        return text
    if isinstance(node, cst.FormattedString):
        parts = [part.value if isinstance(part, cst.FormattedStringText) else "{}" for part in node.parts]
        return "".join(parts) if any(part != "{}" for part in parts) else ANY
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        left, right = _key(node.left), _key(node.right)
        whole = (left if left != ANY else "{}") + (right if right != ANY else "{}")
        return whole if whole != "{}{}" else ANY
    name = last_name(node) if isinstance(node, (cst.Name, cst.Attribute)) else ""
    return f"<{name}>" if name.isupper() else ANY


def facts_about(does: str, key: str) -> tuple[str, ...]:
    """Return what a call tells other files: that it ``reports`` or ``resolves`` an issue, under which key."""
    prefix, is_open, _ = key.partition("{}")
    kin = [f"{does}-an-issue-like:{prefix}"] if is_open and prefix else []
    kin += [f"{does}-an-issue-below:{beginning}" for beginning in _beginnings(key)]
    return (f"{does}-an-issue", f"{does}-the-issue:{key}", *kin)


def clues_for(does: str, key: str, evidence: str) -> tuple[Clue, ...]:
    """Return the clues that `evidence` holds: somewhere in the project somebody ``does`` the same to this issue."""
    if key == ANY:
        return (Clue("*", f"{does}-an-issue", evidence),)
    prefix, is_open, _ = key.partition("{}")
    facts = [f"{does}-the-issue:{key}", f"{does}-the-issue:{ANY}"]
    facts += [f"{does}-an-issue-below:{prefix}"] if is_open and prefix else []
    facts += [f"{does}-an-issue-like:{beginning}" for beginning in _beginnings(key)]
    return tuple(Clue("*", fact, evidence) for fact in facts)


def _beginnings(key: str) -> Iterator[str]:
    """Yield the beginnings of a key that end at a border of its words: ``crm-``, ``crm-api-``."""
    for index, character in enumerate(key):
        if not character.isalnum() and character not in "{}<>":
            yield key[: index + 1]
