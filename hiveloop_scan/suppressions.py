"""Comments that silence a finding: ``# hiveloop: ignore[rule, ...] -- reason``."""

from __future__ import annotations

import re
import tokenize
from collections import defaultdict
from collections.abc import Mapping, Sequence

_COMMENT = re.compile(r"#\s*hiveloop:\s*ignore(?:\[(?P<rules>[^\]]*)\]|(?!\S))")
_ANY_RULE = "*"
_NO_CODE = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def suppressions(lines: Sequence[str]) -> Mapping[int, frozenset[str]]:
    """Return the rules silenced at each line (1-based) of a source; ``*`` stands for every rule.

    A comment counts for its own line, at the end of a statement for all its lines; one that stands alone
    for the next line of code, and above decorators for the definition too.
    """
    silenced: dict[int, frozenset[str]] = defaultdict(frozenset)
    if not any("hiveloop:" in line for line in lines):
        return silenced
    waiting: frozenset[str] = frozenset()  # from comments between statements
    trailing: frozenset[str] = frozenset()  # from a comment behind the last code so far
    first = 0  # the line on which the current statement began; 0 between statements
    code = 0  # the line on which the last code ended
    try:
        for token in tokenize.generate_tokens(iter([line + "\n" for line in lines]).__next__):
            line = token.start[0]
            if token.type == tokenize.COMMENT:
                rules = _rules_of(token.string)
                if not first:
                    waiting |= rules
                elif code < line:
                    silenced[line + 1] |= rules
                else:
                    silenced[line] |= rules
                    trailing = rules
            elif token.type == tokenize.NEWLINE:
                for above in range(first, line):
                    silenced[above] |= trailing
                first = 0
            elif token.type not in _NO_CODE:
                if not first:
                    first = line
                    silenced[line] |= waiting
                    if token.string != "@":
                        waiting = frozenset()
                trailing = frozenset()
                code = token.end[0]
    except (tokenize.TokenError, SyntaxError):
        return silenced
    return silenced


def _rules_of(comment: str) -> frozenset[str]:
    found = _COMMENT.search(comment)
    if found is None:
        return frozenset()
    names = _ANY_RULE if found["rules"] is None else found["rules"]
    return frozenset(name.strip() for name in names.split(","))


def is_silenced(silenced: Mapping[int, frozenset[str]], line: int, rule: str) -> bool:
    """Say whether `rule` is silenced at `line`."""
    rules = silenced.get(line, frozenset())
    return rule in rules or _ANY_RULE in rules
