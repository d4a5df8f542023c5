"""What must hold before a mended call is written."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterable

from hiveloop_scan.fix.mending.place import changed_part
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding

Key = tuple[str, int, int, tuple[tuple[str, str], ...]]


def key_of(finding: Finding) -> Key:
    """Return what tells a finding from the others of its file; what ends later has moved no key before it."""
    captures = tuple(sorted((name, repr(value)) for name, value in finding.captures.items()))
    return finding.rule, finding.span.line, finding.span.column, captures


def check_text(before: Source, after: Source, finding: Finding) -> None:
    """Refuse a text that does not compile, or that differs in more than the call or the decorators of one function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(after.data, "<proof>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Refusal(f"the mended file would not compile: {error}") from None
    part = changed_part(before, finding)
    place = next(index for index, node in enumerate(ast.walk(before.tree)) if node is part)
    if _around(before, place) != _around(after, place):
        raise Refusal("more than this call would change", "mend it by hand")


def _around(source: Source, place: int) -> str:
    """Return all of a tree but the arguments of a call, or the order of decorators, at a place of its levels.

    Level by level, no node comes behind those that it is made of: its place is the same before and after.
    """
    tree = ast.parse(source.data)
    node = next((node for index, node in enumerate(ast.walk(tree)) if index == place), None)
    if isinstance(node, ast.Call):
        node.args, node.keywords = [], []
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        node.decorator_list.sort(key=ast.dump)
    return ast.dump(tree)


def check_findings(before: Iterable[Finding], after: Iterable[Finding], finding: Finding) -> None:
    """Refuse a change after which the finding is still there, or another rule about misuse has more to say."""
    left = [item for item in after if item.kind == "misuse"]
    if key_of(finding) in {key_of(item) for item in left}:
        raise Refusal("it would still be found", "mend it by hand")
    more = Counter(item.rule for item in left) - Counter(item.rule for item in before if item.kind == "misuse")
    if more:
        raise Refusal(f"then {min(more)} would be found", "mend both by hand")
