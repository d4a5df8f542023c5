"""What a call says: the rule's sentence, or the user's own literal text without the values it is filled with."""

from __future__ import annotations

import ast
import re

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Site
from hiveloop_scan.fix.values import literal

LONGEST = 90
"""Characters of a summary; the server cuts one at 512."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LEFT_OUT = "..."


def sentence(site: Site) -> str:
    """Return the rule's summary for a site, as Python source."""
    if not site.summary:
        raise Refusal("the rule has no words for the call", "give its [fix] a summary")
    place = site.finding.symbol or site.path.stem
    operation = plain_name(site.name("operation", ""))
    if not operation or operation.lower() in site.summary.lower():  # "configuration is missing: configuration"
        operation = place
    return literal(site.summary.format(operation=operation, place=place))


def plain_name(dotted: str) -> str:
    """Return a name as a reader of the timeline knows it: without ``self`` and without leading underscores."""
    return ".".join(part.strip("_") or part for part in dotted.split(".") if part not in ("self", "cls"))


def own_words(expression: str) -> str:
    """Return the text that an expression spells out, as Python source; "" where it spells none.

    What is filled in at run time is left out: it may be anybody's data.
    """
    try:
        node = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        return ""
    spelled = "".join(part if part.isprintable() else " " for part in _COLOUR.sub("", _spelled(node)))
    words = " ".join(spelled.split())
    if not re.search(r"[^\W\d_]{2}", words.replace(_LEFT_OUT, "")):
        return ""
    return literal(words if len(words) <= LONGEST else words[: LONGEST - len(_LEFT_OUT)] + _LEFT_OUT)


def _spelled(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(_spelled(part) for part in node.values)
        case ast.FormattedValue():
            return _LEFT_OUT
        case ast.BinOp(op=ast.Add()):
            return _spelled(node.left) + _spelled(node.right)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "strip")):
            return re.sub(r"\{[^{}]*\}", _LEFT_OUT, _spelled(value))
        case _:
            return _LEFT_OUT
