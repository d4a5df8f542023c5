"""What the events of an item say, in a few words: people compare it with what they meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hiveloop_scan.report.quoting import cut, one_line

_MOST = 4
_LONGEST = 50


def some(values: Iterable[object]) -> str:
    """Return the first few texts among `values`, each once; "" without any."""
    texts = list(dict.fromkeys(one_line(value) for value in values if isinstance(value, str) and value.strip()))
    shown = ", ".join(cut(text, _LONGEST) for text in texts[:_MOST])
    return f"{shown} and {len(texts) - _MOST:,} more" if len(texts) > _MOST else shown


def span(numbers: Sequence[int]) -> str:
    """Return ``3`` or ``1 to 3``; "" without numbers."""
    if not numbers:
        return ""
    least, most = min(numbers), max(numbers)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
