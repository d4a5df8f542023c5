"""Write the comments that silence findings: a line above each statement, and nothing else is changed."""

from __future__ import annotations

import ast
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Sequence

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.lines import lines_of
from hiveloop_scan.model import Finding
from hiveloop_scan.suppressions import silencing, suppressions

_NO_CODE = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def with_ignores(data: bytes, findings: Sequence[Finding], reason: str) -> bytes:
    """Return the file with a comment for each of its findings; Refusal where the outcome is not what was meant."""
    source = Source(data)
    starts = dict(_logical_lines(source))
    rules: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        start = starts.get(finding.span.line)
        if start is None:
            raise Refusal(f"line {finding.span.line} is no line of code", "write the comment yourself")
        rules[start].add(finding.rule)
    written = list(source.lines)
    for line, names in rules.items():
        code = source.lines[line - 1]
        indent = code[: len(code) - len(code.lstrip(" \t\f"))].rpartition("\f")[2]
        comment = f"{indent}# hiveloop: ignore[{', '.join(sorted(names))}] -- {reason}{source.newline}"
        written[line - 1] = comment + code
    after = source.with_text("".join(written)).data
    _prove(data, after, findings, sorted(rules))
    return after


def _logical_lines(source: Source) -> Iterator[tuple[int, int]]:
    """Yield every line of code with the first line of its statement, or of the head of a block."""
    first = 0
    lines = lines_of(source.data)
    try:
        for token in tokenize.generate_tokens(iter([line + "\n" for line in lines]).__next__):
            if token.type == tokenize.NEWLINE:
                for line in range(first, token.start[0] + 1):
                    yield line, first
                first = 0
            elif not first and token.type not in _NO_CODE:
                first = token.start[0]
    except (tokenize.TokenError, SyntaxError):
        return


def _prove(before: bytes, after: bytes, findings: Sequence[Finding], added: Sequence[int]) -> None:
    """Check that the code is the same, and that every finding is silenced where it stands now."""
    try:
        same = ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    except (SyntaxError, ValueError, RecursionError):
        same = False
    if not same:
        raise Refusal("a comment would change the code", "write it yourself")
    known = suppressions(lines_of(after))
    for finding in findings:
        line = finding.span.line + sum(start <= finding.span.line for start in added)
        if not silencing(known, line, finding.rule):
            raise Refusal(f"a comment above line {finding.span.line} would not silence it", "write it yourself")
