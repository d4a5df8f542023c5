"""Retries that count wrong, or that no attempt follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hiveloop_scan.verify.events import Event, Story, Task, as_text, text_in
from hiveloop_scan.verify.judging.problem import Problem, misread


def miscounted(story: Story) -> Iterator[Problem]:
    """Yield retries whose number says nothing, and those that were told although nothing was tried again."""
    for event in story.of("retry_started"):
        attempt = event.data.get("attempt")
        number = event.whole("attempt")
        if attempt is not None and number is None:
            yield misread("unknown-attempt", event, f"the attempt is {as_text(attempt)!r:.40}, no whole number")
        elif number is not None and number < 1:
            yield misread("zero-based-attempt", event, f"the attempt is {number}: attempts are counted from 1")
    last_starts = _last_starts(story)
    for task in story.tasks:
        yield from _without_another_attempt(task, last_starts)


def _without_another_attempt(task: Task, last_starts: dict[tuple[str, str], Event]) -> Iterator[Problem]:
    """Yield the retry behind the last failure of an action, where earlier ones in the same task were followed by a try.

    One that stands alone may be tried again by another task, or by another process, so nothing is said of it.
    """
    if not task.has_ended:
        return
    retries: dict[str, list[Event]] = defaultdict(list)
    before: Event | None = None
    for event in task.events:
        if event.kind == "retry_started" and before is not None and before.kind == "action_failed":
            retries[text_in(before.payload, "action_name")].append(event)
        before = event
    places = {id(event): place for place, event in enumerate(task.events)}
    for name, told in retries.items():
        last = last_starts.get((told[-1].agent, name))
        if len(told) < 2 or last is None or not _gave_up(task, told[-1]):
            continue
        if places.get(id(last), len(places)) < places[id(told[-1])]:
            message = f"a retry of {name!r:.60} was told that never came: not after the last attempt"
            yield misread("retry-on-final-attempt", told[-1], message)


def _gave_up(task: Task, retry: Event) -> bool:
    """Say whether a task has ended of itself, or with the exception that was to be retried: nobody has stopped it."""
    failures = task.of("action_failed", "retry_started", "task_failed")
    if failures[-1].kind != "task_failed":
        return True
    failed = failures[failures.index(retry) - 1]
    return bool(failures[-1].payload.get("exception_type") == failed.payload.get("exception_type"))


def _last_starts(story: Story) -> dict[tuple[str, str], Event]:
    """Return the last start of each action, by agent and name."""
    return {(event.agent, text_in(event.payload, "action_name")): event for event in story.of("action_started")}
