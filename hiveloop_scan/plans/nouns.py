"""What a collection is called: steps of a plan, what is over already, or another kind of plan."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name


def noun_of(items: cst.CSTNode) -> str:
    """Return the words by which code speaks of a value: ``plan "steps"`` for ``plan["steps"]``."""
    if isinstance(items, cst.Await):
        return noun_of(items.expression)
    if isinstance(items, cst.Subscript):
        key = items.slice[0].slice
        named = isinstance(key, cst.Index) and isinstance(key.value, cst.SimpleString)
        return f"{noun_of(items.value)} {code(key) if named else ''}".strip()
    if isinstance(items, cst.Call):
        keyed = last_name(items.func) in ("get", "getattr") and any(
            isinstance(arg.value, cst.SimpleString) for arg in items.args
        )
        owner = dotted(items.func.value) if isinstance(items.func, cst.Attribute) and keyed else dotted(items.func)
        keys = [code(arg.value) for arg in items.args if isinstance(arg.value, cst.SimpleString)]
        whole = dotted(items.args[0].value) if keyed and last_name(items.func) == "getattr" else ""
        return " ".join(part for part in (owner, whole, *keys[:1]) if part) if keyed else owner
    if isinstance(items, cst.Attribute):
        return f"{noun_of(items.value)} {items.attr.value}".strip()
    return dotted(items)


def last_noun(items: cst.CSTNode) -> str:
    """Return the last part of what a value is called: ``steps`` for ``self.plan.steps``."""
    if isinstance(items, (cst.Subscript, cst.Call)):
        return noun_of(items).rpartition(".")[2].rpartition(" ")[2] or noun_of(items)
    return last_name(items)


def is_another_kind_of_plan(text: str, options: Options) -> bool:
    """Say whether words speak of a subscription, a query plan, an evaluation, a training run."""
    return mentions(text, options["other_words"])
