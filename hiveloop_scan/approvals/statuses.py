"""What a status says of a request: that it awaits a person's decision, or only that it waits."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, last_name

STATUS = {"status", "state", "phase", "stage", "approval", "approval_status", "approval_state"}
"""Names of the fields that hold a status."""

_AWAITS = {"pending", "awaiting", "waiting", "needs", "requires"}
_WANTED = {"approval", "confirmation", "permission", "signoff"}
_LONGEST = 6


def status_fact(value: cst.BaseExpression, options: Options, field: str = "") -> str | None:
    """Return what a status says, `field` being the name that holds it; None when it says nothing of a wait."""
    if not isinstance(value, (cst.SimpleString, cst.Attribute, cst.Name)):
        return None
    said = "_".join(
        words(
            last_name(value.value)
            if last_name(value) == "value" and isinstance(value, cst.Attribute)
            else code(value).rpartition(".")[2]
        )
    )
    if field.startswith("approval") and said == "pending":
        return "status-says-that-approval-is-awaited"
    if mentions(said, options["status_words"]):
        return "status-says-that-approval-is-awaited"
    parts = said.split("_")
    if parts[0] in _AWAITS and not _WANTED.isdisjoint(parts[2:]) and len(parts) < _LONGEST:
        return "status-says-that-approval-is-awaited"  # pending_manager_approval
    return "status-says-that-it-waits" if said in options["waiting_words"] else None


def key_of(target: cst.BaseAssignTargetExpression) -> str:
    """Return the key that is assigned: ``status`` for ``job["status"]``."""
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        if isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
            return str(index.value.evaluated_value)
    return ""


def says_status(literal: cst.Dict, options: Options) -> bool:
    for element in literal.elements:
        if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            is_status = str(element.key.evaluated_value) in STATUS
            if is_status and status_fact(element.value, options) == "status-says-that-approval-is-awaited":
                return True
    return False
