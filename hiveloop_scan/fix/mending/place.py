"""Where in the standard parser's tree a finding about misuse stands."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding, Span

_CUT = "..."


def node_at(source: Source, span: Span) -> ast.expr:
    """Return the expression that a finding is about; refuse where the two parsers do not agree on its place."""
    try:
        start = source.line_start(span.line) + span.column - 1
        end = source.line_start(span.end_line) + span.end_column - 1
    except IndexError:
        raise Refusal("its place is not there any more", "run the command again") from None
    found = [node for node in ast.walk(source.tree) if isinstance(node, ast.expr) and _stands(node, start, end, source)]
    if len(found) != 1:
        raise Refusal("it cannot be told apart from what stands around it")
    return found[0]


def _stands(node: ast.expr, start: int, end: int, source: Source) -> bool:
    """Say whether a node stands there; the brackets of a generator are a part of it for one parser only."""
    around = 1 if isinstance(node, ast.GeneratorExp) else 0
    return (source.start(node), source.end(node)) in ((start, end), (start - around, end + around))


def call_at(source: Source, span: Span) -> ast.Call:
    """Return the call that a finding is about."""
    found = node_at(source, span)
    if not isinstance(found, ast.Call):
        raise Refusal("no call stands at its place")
    return found


def call_around(source: Source, finding: Finding) -> ast.Call:
    """Return the call of the SDK that a finding is about: the node itself, or the call that it is given to."""
    node = node_at(source, finding.span)
    if isinstance(node, ast.Call) and method_of(node) == finding.captures.get("method"):
        return node
    call = next((outer for outer in source.ancestors(node) if isinstance(outer, ast.Call)), None)
    if call is None or method_of(call) != finding.captures.get("method"):
        raise Refusal("no call of the SDK stands around it")
    return call


def statement_of(call: ast.Call, source: Source) -> ast.Expr:
    """Return the statement that a call is; refuse where it is a part of one."""
    outer = source.parents[call]
    if not isinstance(outer, ast.Expr):
        raise Refusal("the call is a part of a statement that does more", "give it a statement of its own")
    return outer


def reads_as(node: ast.AST, text: str, source: Source) -> bool:
    """Say whether a node is what a finding shows as `text`: on one line, and cut where it is long."""
    written, shown = "".join(source.segment(node).split()), "".join(text.split())
    return written.startswith(shown.removesuffix(_CUT)) if shown.endswith(_CUT) else written == shown


def check_builtin(source: Source, name: str) -> None:
    """Refuse a file in which the name of a builtin may be something else."""
    for node in ast.walk(source.tree):
        bound = getattr(node, "arg", None) or getattr(node, "asname", None) or getattr(node, "name", None)
        stored = isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
        if bound in (name, "*") or stored:
            raise Refusal(f"{name!r} may be something else in this file", "mend it by hand")


def method_of(call: ast.Call) -> str:
    """Return the name of what is called, without the object."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
