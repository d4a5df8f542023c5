"""Mending of what is given: values that the server takes as text, and no more of it than it takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.edits import Edit, insertion
from hiveloop_scan.fix.mending.place import call_at, method_of, node_at
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding

_LIMIT = "[:200]"
_CUT = "..."
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
    for node in _values(source, finding):
        if _is_an_error_in_a_sentence(finding):
            edits += _around(source, node, "type(", ").__name__")
            continue
        name = method_of(node) if isinstance(node, ast.Call) else ""
        telling = isinstance(node, (ast.Name, ast.Set, ast.SetComp, ast.Call))
        if not telling or name in _SPENT or name == "float":
            raise Refusal("its text would tell nothing", "give a value that JSON can carry")
        edits += _around(source, node, "str(", ")" if name in _SHORT else f"){_LIMIT}")
    return edits


def _is_an_error_in_a_sentence(finding: Finding) -> bool:
    """Say whether an exception stands for a text that everybody reads: its type may be told, its message holds data."""
    is_error = any(fact.name == "an-exception-itself" for fact in finding.evidence)
    return is_error and finding.captures["argument"] in ("summary", "reason")


def limit_values(source: Source, finding: Finding) -> list[Edit]:
    """``{"result": str(result)}`` -> ``{"result": str(result)[:200]}``."""
    edits = []
    for node in _values(source, finding):
        if isinstance(node, ast.Call) and method_of(node) in _TEXTS:
            edits.append(insertion(source.end(node), _LIMIT))
        elif isinstance(node, ast.Attribute):
            edits += _around(source, node, "str(", f' or ""){_LIMIT}')
        else:
            edits += _around(source, node, "str(", f"){_LIMIT}")
    return edits


def _around(source: Source, node: ast.expr, before: str, after: str) -> list[Edit]:
    _check_builtin(source, before.removesuffix("("))
    return [insertion(source.start(node), before), insertion(source.end(node), after)]


def _check_builtin(source: Source, name: str) -> None:
    """Refuse a file in which the name of a builtin may be something else."""
    for node in ast.walk(source.tree):
        bound = getattr(node, "arg", None) or getattr(node, "asname", None) or getattr(node, "name", None)
        stored = isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        if bound in (name, "*") or stored:
            raise Refusal(f"{name!r} may be something else in this file", "make it a text by hand")


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


def _values(source: Source, finding: Finding) -> list[ast.expr]:
    """Return the values of the call that read as the finding's; refuse where it has none: it is made elsewhere."""
    call, text = call_at(source, finding.span), str(finding.captures["value"])
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    leaves = [leaf for value in given for leaf in _leaves(value)]
    found = [leaf for leaf in leaves if source.segment(leaf) == text]
    if not found and text.endswith(_CUT):
        found = [leaf for leaf in leaves if source.segment(leaf).startswith(text.removesuffix(_CUT))]
        found = found if len(found) == 1 else []
    if not found:
        raise Refusal("the value is made in front of the call", "mend it where it is made")
    return found


def _leaves(node: ast.expr | None) -> Iterator[ast.expr]:
    """Yield the single values that a value is made of."""
    if isinstance(node, ast.Dict):
        parts: list[ast.expr] = list(node.values)
    elif isinstance(node, (ast.List, ast.Tuple)):
        parts = list(node.elts)
    elif isinstance(node, ast.DictComp):
        parts = [node.value]
    elif isinstance(node, ast.ListComp):
        parts = [node.elt]
    elif isinstance(node, ast.BoolOp):
        parts = list(node.values)
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    else:
        if node is not None:
            yield node
        return
    for part in parts:
        yield from _leaves(part)
