"""What must hold before a changed file is written."""

from __future__ import annotations

import warnings

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.removal import without_calls
from hiveloop_scan.fix.source import Source


def check_change(before: Source, after: Source) -> None:
    """Refuse a change that does not compile, or that is more than calls which can be taken out again."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(after.data, "<proof>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise Refusal(f"the changed file would not compile: {error}") from None
    if without_calls(after).data != without_calls(before).data:
        raise Refusal("taking the call out again would not give the same bytes")
