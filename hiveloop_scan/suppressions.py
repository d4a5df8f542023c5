"""Comments that silence a finding: ``# hiveloop: ignore[rule, ...] until=2027-01-31 -- reason``."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hiveloop_scan.model import Span, Suppression

ANY_RULE = "*"
_COMMENT = re.compile(
    r"#\s*hiveloop:\s*ignore(?P<file>-file)?(?:\[(?P<rules>[^\]]*)\]|(?!\S))"
    r"(?:\s+until=(?P<until>\S+))?(?:\s*(?:--|:)\s*(?P<reason>[^#]*))?"
)
_NO_CODE = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


@dataclass(eq=False, slots=True)
class _Comment:
    """A comment that was read, while it is found out which lines it speaks of."""

    found: re.Match[str]
    line: int
    column: int
    lines: set[int] = field(default_factory=set)


def suppressions(lines: Sequence[str]) -> tuple[Suppression, ...]:
    """Return the suppressions in a source, in its order.

    A comment counts for its own line, at the end of a statement for all its lines; one that stands alone
    for the next statement, and above decorators for the definition too.
    """
    if not any("hiveloop:" in line for line in lines):
        return ()
    comments: list[_Comment] = []
    waiting: list[_Comment] = []  # between statements
    trailing: list[_Comment] = []  # behind the last code so far
    first = 0  # the line on which the current statement began; 0 between statements
    code = 0  # the line on which the last code ended
    decorated = False
    try:
        for token in tokenize.generate_tokens(iter([line + "\n" for line in lines]).__next__):
            line = token.start[0]
            if token.type == tokenize.COMMENT:
                found = _COMMENT.search(token.string)
                if found is None:
                    continue
                comment = _Comment(found, line, token.start[1] + found.start() + 1)
                comments.append(comment)
                if not first:
                    waiting.append(comment)
                elif code < line:
                    comment.lines.add(line + 1)
                else:
                    comment.lines.add(line)
                    trailing.append(comment)
            elif token.type == tokenize.NEWLINE:
                for comment in (*trailing, *waiting):
                    comment.lines.update(range(first, line + 1))
                if not decorated:
                    waiting = []
                first = 0
                trailing = []
            elif token.type not in _NO_CODE:
                if not first:
                    first = line
                    decorated = token.string == "@"
                trailing = []
                code = token.end[0]
    except (tokenize.TokenError, SyntaxError):
        pass
    return tuple(_suppression(comment, lines[comment.line - 1]) for comment in comments)


def _suppression(comment: _Comment, source_line: str) -> Suppression:
    found = comment.found
    names = ANY_RULE if found["rules"] is None else found["rules"]
    width = len(found[0].rstrip())
    return Suppression(
        span=Span(comment.line, comment.column, comment.line, comment.column + width),
        rules=tuple(name for part in names.split(",") if (name := part.strip())),
        reason=(found["reason"] or "").strip(),
        until=found["until"] or "",
        lines=frozenset(comment.lines),
        is_for_file=found["file"] is not None,
        source_line=source_line,
    )


def silencing(known: Iterable[Suppression], line: int, rule: str) -> list[Suppression]:
    """Return the suppressions that speak of `rule` at `line`."""
    names = {rule, ANY_RULE}
    return [item for item in known if (item.is_for_file or line in item.lines) and not names.isdisjoint(item.rules)]


def has_expired(item: Suppression, today: date) -> bool:
    """Say whether the last day of a suppression is over; one whose date is none has never begun."""
    if not item.until:
        return False
    try:
        return date.fromisoformat(item.until) < today
    except ValueError:
        return True
