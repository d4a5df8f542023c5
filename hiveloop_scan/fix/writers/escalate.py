"""Write ``task.escalate(...)`` into the branch that has decided, in front of the hand-over."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.deciding import check_decided
from hiveloop_scan.fix.names import are_known
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.values import is_repeatable, literal, parsed, text
from hiveloop_scan.fix.wording import LONGEST, own_words, sentence
from hiveloop_scan.syntax.names import words

_NAMES = {"name", "target", "source", "role", "assignee", "owner", "team", "queue", "department", "tier", "level"}
"""Last words of what holds the name of somebody, and not an object that stands for one."""

_SURE_NAMES = {"name", "role", "assignee", "owner"}
"""The same for what is no attribute: ``target`` may be an agent, ``handoff.target`` says which."""


def write_escalate(site: Site) -> Fix:
    """Return the fix of a hand-over."""
    place = site.statement()
    check_decided(place)
    if isinstance(place, ast.Assign) and not _hands_over_always(place.value, site):
        raise Refusal("what is set decides whether work is handed over", "make it a branch of its own")
    keywords = {}
    if assigned_to := _assigned_to(site):
        keywords["assigned_to"] = assigned_to
    if reason := _reason(site):
        keywords["reason"] = reason
    summary = own_words(site.code("summary")) or sentence(site)
    return site.call_before(SdkCall(Handle.TASK, "escalate", [summary], keywords), place)


def _hands_over_always(value: ast.expr, site: Site) -> bool:
    """Say whether a value that is set says by itself that others take over: a label, who it is, a record."""
    if isinstance(value, (ast.Name, ast.Attribute)):
        return ast.unparse(value) == site.code("assigned_to") or ast.unparse(value).rpartition(".")[2].isupper()
    return not (isinstance(value, ast.Constant) and not value.value) and not isinstance(
        value, (ast.BoolOp, ast.Subscript)
    )


def _assigned_to(site: Site) -> str:
    """Return who takes over: as the code spells it, or a name at run time."""
    who = site.code("assigned_to")
    if not who:
        return ""
    if not site.capture("assigned_to_is_code"):
        return literal(who)
    if _is_constant_text(who, site.source):
        return who
    known = is_repeatable(who) and are_known(who, site.statement(), site.source)
    named = _NAMES if "." in who else _SURE_NAMES
    return text(who) if known and named.intersection(words(who)[-1:]) else ""


def _is_constant_text(name: str, source: Source) -> bool:
    """Say whether the module gives `name` a short text, and nothing in the file gives it anything else."""
    stored = [
        node
        for node in source.nodes
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    match [item for item in source.tree.body if isinstance(item, ast.Assign) and item.targets == stored]:
        case [ast.Assign(value=ast.Constant(value=str(given)))]:
            arguments = (node.arg for node in source.nodes if isinstance(node, ast.arg))
            return len(given) <= LONGEST and name not in arguments
        case _:
            return False


def _reason(site: Site) -> str:
    """Say what decided: the reason that is spelled out, the type of the error, or the test as it stands."""
    if spelled := own_words(site.code("reason")):
        return spelled
    exception = site.name("exception", "")
    if exception and are_known(exception, site.statement(), site.source):
        return f"type({exception}).__name__"
    condition = site.code("condition")
    tells = (
        any(isinstance(node, (ast.Compare, ast.Call)) for node in ast.walk(parsed(condition))) if condition else False
    )
    return literal(condition) if tells and len(condition) <= LONGEST else ""
