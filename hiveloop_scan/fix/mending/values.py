"""Mending of what is given: values that the server takes as text, and no more of it than it takes."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.mending.fronts import values_given
from hiveloop_scan.fix.mending.place import call_at, check_builtin, method_of, node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding

_LIMIT = "[:200]"
_SHORT = (
    "datetime", "date", "timedelta", "Decimal", "UUID", "uuid1", "uuid4", "utcnow", "now", "today", "Fraction",
)  # fmt: skip
_SPENT = ("map", "filter", "zip", "iter", "object", "keys", "values", "items", "bytes", "bytearray", "encode")
"""Makers of what has no telling text: an address in memory, or bytes with a letter in front."""

_TEXTS = ("str", "repr", "dumps", "read_text", "decode", "model_dump_json", "pformat")
_PREVIEWS = ("payload", "prompt_preview", "response_preview", "metadata", "context", "summary", "reason")
"""What people read; the server makes times and numbers of the others."""


def make_id_a_text(source: Source, finding: Finding) -> list[Edit]:
    """``agent.task(uuid4())`` -> ``agent.task(str(uuid4()))``."""
    node = node_at(source, finding.span)
    if isinstance(node, ast.Constant) and node.value is None:
        raise Refusal("there is no id at all", "give it one")
    if not isinstance(node, (ast.Call, ast.Name, ast.Constant)):
        raise Refusal("what the id is made of is not plain", "make it a text by hand")
    if isinstance(node, ast.Name) and _may_be_none(node.id, source):
        raise Refusal("the id may be None", "give it one in that case, too")
    return _around(source, node, "str(", ")")


def make_values_texts(source: Source, finding: Finding) -> list[Edit]:
    """``{"at": datetime.now()}`` -> ``{"at": str(datetime.now())}``; what may be long is cut as well."""
    if finding.captures["argument"] not in _PREVIEWS:
        raise Refusal("a text in its place may mean nothing", "give a value that JSON can carry")
    edits = []
    for place, node in values_given(call_at(source, finding.span), str(finding.captures["value"]), source):
        if _is_an_error_in_a_sentence(finding):
            edits += _around(source, place, "type(", ").__name__")
            continue
        name = method_of(node) if isinstance(node, ast.Call) else ""
        telling = isinstance(node, (ast.Name, ast.Set, ast.SetComp, ast.Call))
        if not telling or name in _SPENT or name == "float":
            raise Refusal("its text would tell nothing", "give a value that JSON can carry")
        edits += _around(source, place, "str(", ")" if name in _SHORT else f"){_LIMIT}")
    return edits


def _is_an_error_in_a_sentence(finding: Finding) -> bool:
    """Say whether an exception stands for a text that everybody reads: its type may be told, its message holds data."""
    is_error = any(fact.name == "an-exception-itself" for fact in finding.evidence)
    return is_error and finding.captures["argument"] in ("summary", "reason")


def limit_values(source: Source, finding: Finding) -> list[Edit]:
    """``{"result": str(result)}`` -> ``{"result": str(result)[:200]}``."""
    edits = []
    for place, node in values_given(call_at(source, finding.span), str(finding.captures["value"]), source):
        if isinstance(node, ast.Call) and method_of(node) in _TEXTS:
            edits.append(insertion(source.end(place), _LIMIT))
        elif isinstance(node, ast.Attribute):
            edits += _around(source, place, "str(", f' or ""){_LIMIT}')
        else:
            edits += _around(source, place, "str(", f"){_LIMIT}")
    return edits


def _around(source: Source, node: ast.expr, before: str, after: str) -> list[Edit]:
    check_builtin(source, before.removesuffix("("))
    return [insertion(source.start(node), before), insertion(source.end(node), after)]


def _may_be_none(name: str, source: Source) -> bool:
    """Say whether a name is somewhere in the file given None, alone or among others, or may be left out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            defaults = [*zip(reversed(positional), reversed(node.defaults), strict=False)]
            both = [*defaults, *zip(node.kwonlyargs, node.kw_defaults, strict=False)]
            if any(parameter.arg == name and _says_none(value) for parameter, value in both):
                return True
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if named and _says_none(getattr(node, "value", None)):
            return True
    return False


def _says_none(value: ast.AST | None) -> bool:
    return value is not None and any(isinstance(node, ast.Constant) and node.value is None for node in ast.walk(value))
