"""The pieces that `report_issue(...)` and `resolve_issue(...)` calls are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.conditions.blocks import first_statement
from hiveloop_scan.model import Capture
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.tree import code, dotted

_LONGEST = 160


@dataclass(frozen=True)
class Condition:
    """A problem as one place of the code knows it.

    `what` is how a report speaks of it; `test` the expression that is true while it lasts; `identity` the source of
    its stable id; `count` the source of an expression that counts its occurrences.
    """

    what: str
    severity: str
    category: str
    identity: str | None
    test: cst.CSTNode | None = None
    count: str | None = None


def issue_captures(
    condition: Condition, node: cst.CSTNode, block: Sequence[cst.CSTNode], module: ParsedModule
) -> dict[str, Capture]:
    """Describe an issue; `block` is what runs once the condition is known, empty if that is `node` itself.

    ``issue_id`` and ``occurrence_count`` are source texts, ``context`` the names in scope that tell more, comma
    separated, ``condition`` the test. ``insert_line`` is the line before which the call belongs. What is not certain
    is None.
    """
    first = first_statement(block)
    test = code(condition.test) if condition.test is not None else None
    return {
        "operation": condition.what,
        "severity": condition.severity,
        "category": condition.category,
        "issue_id": condition.identity,
        "occurrence_count": condition.count,
        "context": names_in_scope(condition.test, module) if condition.test is not None else None,
        "condition": test if test is None or len(test) <= _LONGEST else f"{test[: _LONGEST - 3]}...",
        "insert_line": module.span(first if first is not None else node).line,
    }


def resolve_captures(
    what: str, category: str, identity: str | None, node: cst.CSTNode, module: ParsedModule
) -> dict[str, Capture]:
    """Describe the end of an issue; ``issue_id`` reads as in the report of the issue itself."""
    return {
        "operation": what,
        "category": category,
        "issue_id": identity,
        "insert_line": module.span(node).line,
    }


def names_in_scope(test: cst.CSTNode, module: ParsedModule) -> str | None:
    """Return the names and attributes that a test reads, as one text; what it calls is left out."""
    called = {id(call.func) for call in module.below(test, cst.Call)}
    inner = {id(node.value) for node in module.below(test, cst.Attribute)}
    found = [
        code(node)
        for node in module.below(test, cst.Name, cst.Attribute)
        if id(node) not in called | inner and dotted(node) not in ("self", "True", "False", "None")
    ]
    return ", ".join(name for name in dict.fromkeys(found) if name.replace(".", "").isidentifier()) or None
