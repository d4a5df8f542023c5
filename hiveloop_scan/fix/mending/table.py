"""Which function mends the findings of which rule."""

from __future__ import annotations

from hiveloop_scan.fix.mending.arguments import count_from_one, give_summary, name_arguments
from hiveloop_scan.fix.mending.decorators import track_below
from hiveloop_scan.fix.mending.values import limit_values, make_id_a_text, make_values_texts
from hiveloop_scan.fix.mending.words import write_known_word

MENDERS = {
    "payload-without-limit": limit_values,
    "positional-argument": name_arguments,
    "reason-without-summary": give_summary,
    "task-id-not-a-text": make_id_a_text,
    "track-above-classmethod": track_below,
    **dict.fromkeys(
        (
            "unknown-category",
            "unknown-decision",
            "unknown-event-type",
            "unknown-priority",
            "unknown-severity",
            "unknown-source",
            "unknown-step-action",
        ),
        write_known_word,
    ),
    "unserializable-payload": make_values_texts,
    "zero-based-attempt": count_from_one,
}
