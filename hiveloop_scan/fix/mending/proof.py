"""What must hold before a mended call is written."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Callable, Iterable

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding

Key = tuple[str, int, int, tuple[tuple[str, str], ...]]
Forget = Callable[[ast.Module], None]
"""Takes out of a tree what a mended text may have otherwise."""


def key_of(finding: Finding) -> Key:
    """Return what tells a finding from the others of its file."""
    captures = tuple(sorted((name, repr(value)) for name, value in finding.captures.items()))
    return finding.rule, finding.span.line, finding.span.column, captures


def check_text(before: Source, after: Source, forget: Forget) -> None:
    """Refuse a text that does not compile, or that differs in more than what `forget` takes out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(after.data, "<proof>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Refusal(f"the mended file would not compile: {error}") from None
    if _comments(before) != _comments(after):
        raise Refusal("a comment would be lost", "mend it by hand")
    try:
        is_same = _without(before, forget) == _without(after, forget)
    except LookupError:
        is_same = False
    if not is_same:
        raise Refusal("more than this call would change", "mend it by hand")


def _comments(source: Source) -> Counter[str]:
    """Return the comments of a text, however often each is there."""
    tokens = tokenize.generate_tokens(io.StringIO(source.text, newline="").readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def _without(source: Source, forget: Forget) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source.data)
    forget(tree)
    return ast.dump(tree)


def check_findings(before: Iterable[Finding], after: Iterable[Finding], mended: Key) -> None:
    """Refuse a change after which a finding of the key `mended` is there, or a rule about misuse has more to say."""
    left = [item for item in after if item.kind == "misuse"]
    if mended in {key_of(item) for item in left}:
        raise Refusal("it would still be found", "mend it by hand")
    more = Counter(item.rule for item in left) - Counter(item.rule for item in before if item.kind == "misuse")
    if more:
        raise Refusal(f"then {min(more)} would be found", "mend both by hand")
