"""Make text of unknown origin safe to show."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What moves the cursor, starts an escape sequence, turns the reading direction, or cannot be encoded."""


def visible(text: str) -> str:
    r"""Return `text` with control characters spelled out (``\x1b``): a terminal cannot act on them."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def escaped_json(document: str) -> str:
    r"""Do the same to a JSON document, in JSON's own spelling (``\u001b``); line ends stay."""
    return _UNSAFE.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", document)
