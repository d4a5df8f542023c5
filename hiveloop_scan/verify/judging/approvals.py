"""Approvals that nobody answers."""

from __future__ import annotations

from collections.abc import Iterator

from hiveloop_scan.verify.events import Event, Story
from hiveloop_scan.verify.judging.problem import Problem, misread, note


def unanswered(story: Story) -> Iterator[Problem]:
    """Yield requests without an answer: the agent's card says that it waits; and answers that nobody asked for."""
    for task in story.tasks:
        waiting: list[Event] = []
        for event in task.of("approval_requested", "approval_received"):
            if event.kind == "approval_requested":
                waiting.append(event)
            elif waiting:
                waiting.pop(0)
            else:
                yield note("approval-without-request", event, "the task has not asked for what was approved")
        for event in waiting:
            if task.has_ended:
                message = "the task is over, and no answer was told: it reads as waiting for ever"
                yield misread("approval-without-answer", event, message)
            else:
                yield note("approval-without-answer", event, "no answer was told before the run was over")
