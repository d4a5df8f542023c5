"""Events that hang under no task, under two, or under one that is over."""

from __future__ import annotations

from collections.abc import Iterator

from hiveloop_scan.verify.actions import actions_of
from hiveloop_scan.verify.events import TASK_ENDS, Story, Task
from hiveloop_scan.verify.judging.problem import Problem, misread, note

_OF_A_TASK = ("escalated", "retry_started", "approval_requested", "approval_received")


def misplaced(story: Story) -> Iterator[Problem]:
    """Yield the events that the timelines of tasks do not show where they belong."""
    for event in story.of(*_OF_A_TASK):
        if not event.task:
            yield misread("task-never-started", event, "it belongs to no task, so no timeline can show it")
    for task in story.tasks:
        yield from _after_the_end(task)
    for action in actions_of(story.events):
        if not action.start.task:
            message = "the action belongs to no task, so no timeline shows it: no task was active in its thread"
            yield note("action-outside-task", action.start, message)
        elif action.end is not None and action.end.task != action.start.task:
            message = (
                "the action began under one task and ended under another, or none: tasks that take turns in one thread"
                " get mixed up"
            )
            yield misread("action-changes-task", action.end, message)
        elif action.end is None and _is_over(action.start.task, story):
            yield note("action-left-open", action.start, "the action has begun, and its task is over without its end")


def _after_the_end(task: Task) -> Iterator[Problem]:
    over = False
    for event in task.events:
        if over and event.kind not in TASK_ENDS:
            yield misread("task-used-after-its-end", event, "it comes after the end of its task")
        over = over or event.kind in TASK_ENDS


def _is_over(name: str, story: Story) -> bool:
    return all(task.has_ended for task in story.tasks if task.name == name)
