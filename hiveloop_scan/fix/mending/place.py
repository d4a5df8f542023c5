"""Where in the standard parser's tree a finding about misuse stands."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Function, Source
from hiveloop_scan.model import Finding, Span


def node_at(source: Source, span: Span) -> ast.expr:
    """Return the expression that a finding is about; refuse where the two parsers do not agree on its place."""
    try:
        start = source.line_start(span.line) + span.column - 1
        end = source.line_start(span.end_line) + span.end_column - 1
    except IndexError:
        raise Refusal("its place is not there any more", "run the command again") from None
    found = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.expr) and (source.start(node), source.end(node)) == (start, end)
    ]
    if len(found) != 1:
        raise Refusal("it cannot be told apart from what stands around it")
    return found[0]


def call_at(source: Source, span: Span) -> ast.Call:
    """Return the call that a finding is about."""
    found = node_at(source, span)
    if not isinstance(found, ast.Call):
        raise Refusal("no call stands at its place")
    return found


def changed_part(source: Source, finding: Finding) -> ast.Call | Function:
    """Return all that the mending of a finding may change: the call around it, or the function that it decorates."""
    node = node_at(source, finding.span)
    parent = source.parents.get(node)
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and node in parent.decorator_list:
        return parent
    if isinstance(node, ast.Call) and method_of(node) == finding.captures.get("method"):
        return node
    call = next((outer for outer in source.ancestors(node) if isinstance(outer, ast.Call)), None)
    if call is None or method_of(call) != finding.captures.get("method"):
        raise Refusal("no call of the SDK stands around it")
    return call


def method_of(call: ast.Call) -> str:
    """Return the name of what is called, without the object."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
