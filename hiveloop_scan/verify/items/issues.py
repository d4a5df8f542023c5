"""Section 11.3: issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hiveloop_scan.sdk.signatures import CATEGORIES, SEVERITIES
from hiveloop_scan.verify.events import Event, Story, text_in
from hiveloop_scan.verify.items.item import Item
from hiveloop_scan.verify.items.saying import some
from hiveloop_scan.verify.open_issues import issues_of

_BRING = "let a thing fail until the agent calls it a lasting problem"
_BOTH = ("report_issue", "resolve_issue")


def _reported(story: Story) -> Iterator[Event]:
    return (event for event in story.of("issue") if event.data.get("action") == "reported")


def _of_an_agent(story: Story) -> Iterator[Event]:
    return (event for event in _reported(story) if event.agent and event.summary)


def _classified(story: Story) -> Iterator[Event]:
    return (
        event
        for event in _reported(story)
        if event.data.get("severity") in SEVERITIES and event.data.get("category") in CATEGORIES
    )


def _resolved(story: Story) -> Iterator[Event]:
    return (issue.resolved for issue in issues_of(story) if issue.resolved is not None)


def _both(story: Story) -> Iterator[Event]:
    """Yield reports and resolutions, where there are both."""
    told = story.of("issue")
    actions = {event.data.get("action") for event in told if isinstance(event.data.get("action"), str)}
    return iter(told if actions >= {"reported", "resolved"} else ())


def _say_ids(reports: Sequence[Event]) -> str:
    return some(text_in(report.data, "issue_id") or report.summary for report in reports)


def _say_classes(reports: Sequence[Event]) -> str:
    return some(f"{report.data['severity']} {report.data['category']}" for report in reports)


ITEMS = (
    Item(
        "issue-reported",
        "11.3",
        "A lasting problem is reported",
        ("report_issue",),
        _BRING,
        "the problem among the active issues of the Pipeline tab",
        _reported,
        says=_say_ids,
    ),
    Item(
        "issue-of-agent",
        "11.3",
        "The report names the problem, and counts for its agent",
        ("report_issue",),
        _BRING,
        "a red badge with the number of issues on the agent's card",
        _of_an_agent,
    ),
    Item(
        "issue-classified",
        "11.3",
        "Severity and category are ones that HiveBoard knows",
        ("report_issue",),
        f"{_BRING}, and give severity and category",
        "both of them in the issue's row of the Pipeline tab",
        _classified,
        says=_say_classes,
    ),
    Item(
        "issue-resolved",
        "11.3",
        "A reported problem is resolved, under the same id",
        _BOTH,
        "let the thing work again after the report",
        "the badge goes away, and so does the row of the Pipeline tab",
        _resolved,
    ),
    Item(
        "issue-told-twice",
        "11.3",
        "Both report and resolution are told",
        _BOTH,
        "let the thing work again after the report",
        "one event for each in the Activity Stream",
        _both,
    ),
)
