"""Which function mends the findings of which rule."""

from __future__ import annotations

from hiveloop_scan.fix.mending.arguments import count_from_one, give_summary, name_arguments

MENDERS = {
    "positional-argument": name_arguments,
    "reason-without-summary": give_summary,
    "zero-based-attempt": count_from_one,
}
