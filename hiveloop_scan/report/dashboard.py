"""A small picture of what an event looks like on the dashboard, in the colours that it has there."""

from __future__ import annotations

from markupsafe import Markup

_ARROW = ("", "→")
_PICTURES: dict[str, tuple[tuple[str, str], ...]] = {
    "plan": (("green", "■ search"), ("blue", "▪ score"), ("gray", "□ write")),
    "plan_step": (("green", "■ completed"), ("blue", "▪ started"), ("red", "■ failed"), ("gray", "□ skipped")),
    "escalate": (("blue", "● act"), _ARROW, ("amber", "▲ escalated")),
    "request_approval": (("blue", "● act"), _ARROW, ("amber", "◆ approval requested"), _ARROW, ("green", "✓ approved")),
    "approval_received": (("amber", "◆ approval requested"), _ARROW, ("green", "✓ approved")),
    "report_issue": (("gray", "agent"), ("red", "● 1 issue")),
    "resolve_issue": (("gray", "agent"), ("green", "✓ resolved")),
    "queue_snapshot": (("gray", "agent"), ("blue", "Q:4"), ("amber", "Q:8")),
    "queue_provider": (("gray", "agent"), ("blue", "Q:4"), ("amber", "Q:8")),
    "retry": (("red", "● call ✗"), _ARROW, ("amber", "↻ retry #1"), _ARROW, ("blue", "● call")),
    "track_context": (("purple", "■ model"), _ARROW, ("blue", "● tool 0.8 s"), _ARROW, ("purple", "■ model")),
    "llm_call": (("gray", "started"), _ARROW, ("purple", "■ model 1.2 s"), _ARROW, ("gray", "completed")),
}


def picture_of(method: str) -> Markup:
    """Return the picture of the event that `method` tells, as HTML."""
    nodes = _PICTURES[method]
    drawn = [
        Markup('<span class="node {}">{}</span>').format(colour, words)
        if colour
        else Markup('<span class="arrow">{}</span>').format(words)
        for colour, words in nodes
    ]
    said = ", ".join(words for colour, words in nodes if colour)
    return Markup('<span role="img" aria-label="{}">{}</span>').format(said, Markup(" ").join(drawn))
