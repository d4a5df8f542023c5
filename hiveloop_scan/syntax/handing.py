"""The words by which code hands work on: verbs of functions, and names of the fields that say who has it."""

from __future__ import annotations

from functools import lru_cache

from hiveloop_scan.syntax.names import words

HANDING_VERBS = frozenset(
    {
        "escalate", "page", "hand", "handoff", "handover", "transfer", "notify", "alert", "assign", "reassign",
        "forward", "refer", "flag", "defer", "summon", "involve",
    }
)  # fmt: skip
"""Verbs that hand work on whatever stands beside them: ``notify_manager``, but not ``add_manager``."""

GIVING_VERBS = frozenset(
    {
        "queue", "enqueue", "send", "submit", "route", "push", "put", "park", "raise", "contact", "call",
        "dispatch", "file", "drop", "move", "request", "post", "kick", "ping", "connect", "leave", "delegate",
        "pass", "give", "hold", "involve", "block",
    }
)  # fmt: skip
"""Verbs that hand work on where people stand beside them: ``route_to_human``, but not ``route_request``."""

RUNS = ("run", "arun", "_run", "invoke", "ainvoke", "execute", "call", "forward")
"""Methods that run a tool."""

CALLBACKS = ("callback", "cb", "handler", "hook", "fn", "func")
"""Last words of the names of callbacks."""

STATE_FIELDS = (
    "status", "state", "stage", "queue", "mode", "route", "next", "disposition", "action", "decision", "outcome",
    "verdict", "agent_type", "handled_by", "handler", "step", "next_agent", "next_node", "goto", "destination",
    "target", "routed_to", "route_to", "assigned_agent",
)  # fmt: skip
"""Names of fields that say where work stands."""

ASSIGNEE_FIELDS = (
    "assignee", "assignees", "assigned_to", "assign_to", "owner", "assigned", "team", "group",
    "escalated_to", "escalate_to", "responsible",
)  # fmt: skip
"""Names of fields that say who has the work."""

ADDRESS_FIELDS = (
    "to", "channel", "recipient", "recipients", "queue", "target", "url", "topic", "destination", "queue_name",
    "mailbox", "topic_arn",
)  # fmt: skip
"""Names of arguments that say where something is sent."""


@lru_cache(maxsize=32768)
def is_called(name: str, fields: tuple[str, ...]) -> bool:
    """Say whether a field is called by one of `fields`: ``ticket_status`` by ``status``, but not ``status_code``."""
    joined = "_" + "_".join(words(name))
    return any(joined.endswith(f"_{field}") for field in fields)
