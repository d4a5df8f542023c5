"""Arguments that are added to a call of the user's, so that they can be taken out again to the byte."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.names import PREFIX
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

CHAINED = f"{PREFIX}chained"
"""The function of ours that calls our callback and then the user's."""


def with_argument(call: ast.Call, name: str, value: str, source: Source) -> Edit:
    """Add ``name=value`` behind the last argument, on a line of its own where the others have theirs."""
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    if not given:
        return insertion(source.end(call) - 1, f"{name}={value}")
    last = max(given, key=source.end)
    rest = source.text[source.end(last) : source.end(call) - 1]
    if ")" in rest.partition("#")[0]:
        raise Refusal("the last argument stands in brackets", f"add {name}= by hand")
    start = source.line_start(last.lineno)
    indent = source.text[start : source.start(last)]
    if not indent.strip() and last.lineno > call.lineno and rest.lstrip().startswith(",") and "\n" in rest:
        end = source.line_start((last.end_lineno or last.lineno) + 1)
        return insertion(end, f"{indent}{name}={value},{source.newline}")
    return insertion(source.end(last), f", {name}={value}")


def with_callback(value: ast.expr, callback: str, source: Source) -> list[Edit]:
    """Have `callback` run in front of the user's: as the first of a list, or by the function that chains the two."""
    if isinstance(value, ast.List) and value.elts:
        return [insertion(source.start(value.elts[0]), f"{callback}, ")]
    return [insertion(source.start(value), f"{CHAINED}({callback}, "), insertion(source.end(value), ")")]


def without_callback(value: ast.expr, source: Source) -> list[Edit]:
    """Return the edits that leave only the user's callback; none where ours is not among them."""
    match value:
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(), user], keywords=[]) if name == CHAINED:
            return [
                Edit(source.start(value), source.start(user), ""),
                Edit(source.end(user), source.end(value), ""),
            ]
        case ast.List(elts=[ast.Name(id=name), user, *_]) if name.startswith(f"{PREFIX}on_"):
            return [Edit(source.start(value.elts[0]), source.start(user), "")]
        case _:
            return []
