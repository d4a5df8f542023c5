"""Which function mends the findings of which rule, and what it may change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.mending import forgetting
from hiveloop_scan.fix.mending.arguments import count_from_one, give_summary, name_arguments
from hiveloop_scan.fix.mending.decorators import track_below
from hiveloop_scan.fix.mending.guards import ask_first, catch_errors
from hiveloop_scan.fix.mending.items import show_the_first
from hiveloop_scan.fix.mending.names import rename_argument
from hiveloop_scan.fix.mending.order import hand_over_later, the_handing_over, the_wait, wait_later
from hiveloop_scan.fix.mending.plans import count_from_nought, list_steps
from hiveloop_scan.fix.mending.proof import Forget
from hiveloop_scan.fix.mending.tools import name_the_tool
from hiveloop_scan.fix.mending.values import limit_values, make_id_a_text, make_values_texts
from hiveloop_scan.fix.mending.words import write_known_word
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding


@dataclass(frozen=True, slots=True)
class Mender:
    """What mends a finding, and what may be otherwise afterwards: all else stays as it was."""

    write: Callable[[Source, Finding], list[Edit]]
    forget: Callable[[Source, Finding], Forget] = forgetting.arguments


_KNOWN_WORD = Mender(write_known_word, forgetting.values)

MENDERS = {
    "call-without-try": Mender(catch_errors, forgetting.guard),
    "escalation-after-handoff": Mender(hand_over_later, forgetting.place(the_handing_over)),
    "fixed-name-for-dynamic-tool": Mender(name_the_tool),
    "getter-used-without-guard": Mender(ask_first, forgetting.guard),
    "one-based-step-index": Mender(count_from_nought),
    "payload-without-limit": Mender(limit_values, forgetting.values),
    "plan-steps-not-texts": Mender(list_steps),
    "positional-argument": Mender(name_arguments),
    "reason-without-summary": Mender(give_summary),
    "retry-after-sleep": Mender(wait_later, forgetting.place(the_wait)),
    "task-id-not-a-text": Mender(make_id_a_text),
    "too-many-queue-items": Mender(show_the_first, forgetting.limit),
    "track-above-classmethod": Mender(track_below, forgetting.decorators),
    "unknown-argument": Mender(rename_argument),
    "unknown-category": _KNOWN_WORD,
    "unknown-decision": _KNOWN_WORD,
    "unknown-event-type": _KNOWN_WORD,
    "unknown-priority": _KNOWN_WORD,
    "unknown-severity": _KNOWN_WORD,
    "unknown-source": _KNOWN_WORD,
    "unknown-step-action": _KNOWN_WORD,
    "unserializable-payload": Mender(make_values_texts, forgetting.values),
    "zero-based-attempt": Mender(count_from_one),
}
