"""What holds for an agent as a whole: its lasting problems, and the work that waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hiveloop_scan.timeline.amounts import duration, figure
from hiveloop_scan.timeline.events import Event, mapping, number, shown
from hiveloop_scan.timeline.model import Depth, Issue, sites_of
from hiveloop_scan.verify.events import entries

_MOST_ITEMS = 20


def issues_of(events: Iterable[Event]) -> tuple[Issue, ...]:
    """Return the issues in the order of their first reports; what is reported again is the same issue."""
    issues: list[Issue] = []
    latest: dict[str, int] = {}
    for event in events:
        key = event.say("issue_id") or event.summary
        known = latest.get(key)
        if event.say("action") == "resolved":
            if known is not None and issues[known].is_open:
                issues[known] = _ended(issues[known], event)
            else:
                nothing = "it ends what was never reported"
                issues.append(_ended(replace(_reported(event), at=None, facts=(), problems=(nothing,)), event))
        elif known is not None and issues[known].is_open:
            issues[known] = _again(issues[known], event)
        else:
            latest[key] = len(issues)
            issues.append(_reported(event))
    return tuple(issues)


def _reported(event: Event) -> Issue:
    count = figure(event.data.get("occurrence_count"))
    facts = [event.say("severity"), event.say("category"), f"×{count}" if count else "", event.say("issue_id")]
    title = event.summary or event.say("issue_id") or "an issue without a name"
    return Issue(title, tuple(filter(None, facts)), event.at, sites=sites_of([event.site]), problems=event.problems)


def _again(issue: Issue, event: Event) -> Issue:
    newer = _reported(event)
    problems = tuple(dict.fromkeys([*issue.problems, *newer.problems]))
    return replace(newer, at=issue.at, sites=sites_of([*issue.sites, event.site]), problems=problems)


def _ended(issue: Issue, event: Event) -> Issue:
    sites, problems = sites_of([*issue.sites, event.site]), tuple(dict.fromkeys([*issue.problems, *event.problems]))
    return replace(issue, is_open=False, ended=event.at, ending=event.summary, sites=sites, problems=problems)


def queue_of(events: Iterable[Event]) -> tuple[Depth, ...]:
    """Return how much work was waiting, at each moment at which this was told."""
    return tuple(_depth(event) for event in events)


def _depth(event: Event) -> Depth:
    depth, age = number(event.data.get("depth")), number(event.data.get("oldest_age_seconds"))
    facts = [
        f"oldest {duration(age)}" if age is not None and age >= 0 else "",
        f"at work on {said}" if (said := _item(event.data.get("processing"))) else "",
    ]
    return Depth(
        at=event.at,
        depth=max(depth or 0, 0),
        facts=tuple(filter(None, facts)),
        items=tuple(filter(None, map(_item, entries(event.data.get("items"))[:_MOST_ITEMS]))),
        sites=sites_of([event.site]),
        problems=event.problems,
    )


def _item(item: object) -> str:
    """Return an item of a queue in one line: what it is, and the rest that is known of it."""
    if not isinstance(item, dict):
        return shown(item)
    known = mapping(item)
    parts = [shown(known.get(key)) for key in ("id", "priority", "source", "summary")]
    return ", ".join(part for part in parts if part) or shown(item)
