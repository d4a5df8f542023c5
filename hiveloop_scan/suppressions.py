"""Comments that silence a finding: ``# hiveloop: ignore[rule, ...] -- reason``."""

from __future__ import annotations

import re
import tokenize
from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO

_COMMENT = re.compile(r"#\s*hiveloop:\s*ignore(?:\[(?P<rules>[^\]]*)\])?(?:\s|$)")
_ANY_RULE = "*"


def suppressions(source: bytes) -> Mapping[int, frozenset[str]]:
    """Return the rules silenced at each line (1-based); ``*`` stands for every rule.

    A comment counts for its own line and, where it stands alone, for the next line of code.
    """
    if b"hiveloop:" not in source:
        return {}
    silenced: dict[int, frozenset[str]] = defaultdict(frozenset)
    waiting: frozenset[str] = frozenset()
    alone = True
    try:
        for token in tokenize.tokenize(BytesIO(source).readline):
            if token.type == tokenize.COMMENT and (found := _COMMENT.match(token.string)):
                rules = frozenset(name.strip() for name in (found["rules"] or _ANY_RULE).split(","))
                if alone:
                    waiting |= rules
                else:
                    silenced[token.start[0]] |= rules
            elif token.type in (tokenize.NEWLINE, tokenize.NL):
                alone = True
            elif token.type not in (tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING):
                alone = False
                if waiting:
                    silenced[token.start[0]] |= waiting
                    waiting = frozenset()
    except (tokenize.TokenError, SyntaxError):
        return silenced
    return silenced


def is_silenced(silenced: Mapping[int, frozenset[str]], line: int, rule: str) -> bool:
    """Say whether `rule` is silenced at `line`."""
    rules = silenced.get(line, frozenset())
    return rule in rules or _ANY_RULE in rules
