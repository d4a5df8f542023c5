"""What a rule needs of a file and of a function to be of use there: plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Need:
    """One way a rule can match: the shape of a function, words in its text, an import in its file.

    A word out of `words` and one out of `also` are needed. What is `beside` cannot match; matches elsewhere in the file
    may depend on it.
    """

    shape: str
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    beside: bool = False

    @cached_property
    def import_bytes(self) -> re.Pattern[bytes] | None:
        """What a file must hold to import one of the names; None when it need not."""
        if not self.imports:
            return None
        names = b"|".join(re.escape(name.lower()).encode() for name in self.imports)
        return re.compile(
            rb"(?:^|[;:\r])[ \t\f]*(?:from\s+|import\b(?:[^\n\\]|\\\s+)*?(?<![.\w]))(?:" + names + rb")\b",
            re.MULTILINE,
        )
