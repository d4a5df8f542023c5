"""Tell from names and short texts whether they speak of people who take work over."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.handing import GIVING_VERBS, HANDING_VERBS
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import dotted, last_name

_LONGEST_LABEL = 40
"""Characters of a text that still is a name, a channel or a state, and no sentence or prompt."""

_TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)


def names_people(text: str, options: Options) -> bool:
    """Say whether `text` names people, or a place where people find work."""
    return any(mentions(text, options[name]) for name in ("people_words", "common_people_words", "review_words"))


def names_a_role(text: str, options: Options) -> bool:
    """Say whether `text` names a role that people have and agents may have too."""
    return mentions(text, options["role_words"])


def names_a_duty(text: str, options: Options) -> bool:
    """Say whether a short text names a role that somebody has on a desk, as labels and assignees do."""
    return mentions(text, options["duty_words"])


def is_a_handover(name: str, options: Options) -> bool:
    """Say whether a function of this name hands work over: it escalates, or a verb goes with people."""
    if name.lower() in options["escalation_calls"]:
        return True
    found = words(name)
    if not found or not _acts(name, options):
        return False
    if mentions(name, options["review_words"]):
        return bool(options["verbs"].intersection(found[:2]))
    if names_people(name, options):
        return not GIVING_VERBS.isdisjoint(found[:2]) or _hands_on(name)
    return names_a_role(name, options) and _hands_on(name)


def escalates(name: str, options: Options) -> bool:
    """Say whether a function of this name escalates something, to whomever."""
    if not _acts(name, options):
        return False
    if mentions(name, ("escalate",)):
        return True
    return mentions(name, ("escalation", "escalations")) and bool(options["verbs"].intersection(words(name)))


def _hands_on(name: str) -> bool:
    return not HANDING_VERBS.isdisjoint(words(name)[:2])


def _acts(name: str, options: Options) -> bool:
    """Say whether a name is that of something done, and not of a question, a view or a builder."""
    found = words(name)
    is_class = name.lstrip("_")[:1].isupper()
    return not (
        is_class
        or not options["asking_words"].isdisjoint(found[:2])
        or mentions(name, options["waiting_words"])
        or mentions(name, options["technical_words"])
    )


def is_a_state_of_people(value: cst.BaseExpression, options: Options) -> bool:
    """Say whether a value is a literal, a constant or an enum member that stands for work with people."""
    text = label_of(value)
    if text is None:
        return False
    found = words(text)
    if not found or mentions(text, options["waiting_words"]) or mentions(text, options["settled_words"]):
        return False
    return mentions(text, options["state_words"]) or names_people(text, options)


def label_of(value: cst.BaseExpression) -> str | None:
    """Return the short text, the constant or the enum member that `value` is, as words can be looked for in it."""
    if isinstance(value, cst.SimpleString):
        text = value.evaluated_value
        is_label = isinstance(text, str) and len(text) <= _LONGEST_LABEL and text.count(" ") < 3 and ": " not in text
        return text if is_label and isinstance(text, str) else None
    if isinstance(value, cst.Name):
        return value.value if value.value.isupper() else None
    if isinstance(value, cst.Attribute):
        if value.attr.value == "value" and isinstance(value.value, cst.Attribute):
            return label_of(value.value)
        owner = dotted(value.value).rpartition(".")[2]
        return value.attr.value if value.attr.value.isupper() or owner[:1].isupper() else None
    return None


def labels_in(node: cst.CSTNode, module: ParsedModule) -> Iterator[str]:
    """Yield the short texts, constants and members in an expression; keys and names of keywords are not among them."""
    for part in module.below(node, cst.SimpleString, cst.Attribute, cst.Name):
        parent = module.parent(part)
        if isinstance(parent, cst.Index) or (isinstance(parent, cst.Attribute) and isinstance(part, cst.Name)):
            continue
        text = label_of(part)
        if text:
            yield text


def plain_name(value: cst.BaseExpression, field: str) -> str:
    """Return the name or attribute that `value` is, if it says more than the field it goes to; else ""."""
    name = last_name(value) if isinstance(value, (cst.Name, cst.Attribute)) else ""
    return "" if set(words(name)) & set(words(field)) or name.endswith(("_model", "_id", "_name")) else name


def text_of(value: cst.BaseExpression) -> str:
    """Return what a literal text says, with the expressions of an f-string left out; "" for anything else."""
    if isinstance(value, cst.SimpleString):
        text = value.evaluated_value
        return text if isinstance(text, str) else ""
    if isinstance(value, cst.FormattedString):
        return "".join(part.value if isinstance(part, cst.FormattedStringText) else "…" for part in value.parts)
    if isinstance(value, cst.ConcatenatedString):
        return text_of(value.left) + text_of(value.right)
    return ""


def is_text(value: cst.CSTNode) -> bool:
    """Say whether `value` is a literal text, with or without expressions in it."""
    return isinstance(value, _TEXTS)
