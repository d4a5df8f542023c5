"""The SDK's methods that a rule can ask for."""

from __future__ import annotations

METHODS = (
    "report_issue",
    "resolve_issue",
    "plan",
    "plan_step",
    "escalate",
    "request_approval",
    "approval_received",
    "queue_snapshot",
    "queue_provider",
    "retry",
    "track_context",
    "llm_call",
)
"""In the order in which the guide (section 10.3) would have them added: the most telling for the least work first."""

MISUSED = (*METHODS, "init", "agent", "task", "track", "event", "set_payload", "any")
"""What a rule about misuse can be about: the methods above, what else the SDK has, or ``any`` of it."""

_SAME_EVENT = (
    ("request_approval", "approval_received"),
    ("queue_snapshot", "queue_provider"),
)


def companions(method: str) -> tuple[str, ...]:
    """Return the methods that tell the same event as `method`, itself included: one is enough."""
    return next((methods for methods in _SAME_EVENT if method in methods), (method,))
