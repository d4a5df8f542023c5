"""Issues that stay on the agent's card, or come as many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from hiveloop_scan.verify.events import Event, Story, text_in
from hiveloop_scan.verify.judging.problem import Problem, misread, note
from hiveloop_scan.verify.open_issues import issues_of


def standing(story: Story) -> Iterator[Problem]:
    """Yield issues that were not resolved, and reports that HiveBoard cannot recognise as the same issue."""
    for issue in issues_of(story):
        if issue.resolved is None:
            message = f"the issue {_shown(issue.reports[0])} was reported and not resolved: its badge stays"
            yield note("issue-never-resolved", issue.reports[-1], message)
    resolved = {id(issue.resolved) for issue in issues_of(story)}
    for event in story.of("issue"):
        if event.data.get("action") == "resolved" and id(event) not in resolved:
            message = f"the issue {_shown(event)} is resolved, and no report of it stands"
            yield note("resolve-without-report", event, message)
        if _is_random(text_in(event.data, "issue_id")):
            yield misread("unstable-issue-id", event, "the issue's id is a random one: each report makes a new issue")
    yield from _ever_new_texts(story)


def _ever_new_texts(story: Story) -> Iterator[Problem]:
    """Yield reports of one call that have no id and differ in their texts."""
    by_site: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in story.of("issue"):
        if event.data.get("action") == "reported" and event.site and not text_in(event.data, "issue_id"):
            by_site[event.site.path, event.site.line].append(event)
    for events in by_site.values():
        seen: set[str] = set()
        for event in events:
            if seen and event.summary not in seen:
                message = "it has no issue_id, and another text than the reports of this call before: a new issue each"
                yield misread("missing-issue-id", event, message)
            seen.add(event.summary)


def _shown(event: Event) -> str:
    name = text_in(event.data, "issue_id") or event.summary
    return f"{name!r:.80}"


def _is_random(name: str) -> bool:
    try:
        return UUID(name[-36:]).version == 4
    except ValueError:
        return False
