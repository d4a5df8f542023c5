"""The issues of a run: what was reported, how often, and whether it was resolved."""

from __future__ import annotations

from dataclasses import dataclass, field

from hiveloop_scan.verify.events import Event, Story, text_in


@dataclass(slots=True)
class Issue:
    """One problem of one agent from its first report on; `resolved` is what ended it."""

    reports: list[Event] = field(default_factory=list)
    resolved: Event | None = None


def issues_of(story: Story) -> list[Issue]:
    """Return the issues in the order of their reports; one that comes back after its end is another one."""
    issues: list[Issue] = []
    open_now: dict[tuple[str, str], Issue] = {}
    for event in story.of("issue"):
        key = (event.agent, identity_of(event))
        action = event.data.get("action")
        if action == "reported":
            if key not in open_now:
                open_now[key] = Issue()
                issues.append(open_now[key])
            open_now[key].reports.append(event)
        elif action == "resolved" and key in open_now:
            open_now.pop(key).resolved = event
    return issues


def identity_of(event: Event) -> str:
    """Return what HiveBoard knows an issue by: its id, without one its text."""
    return text_in(event.data, "issue_id") or f"text: {event.summary}"
