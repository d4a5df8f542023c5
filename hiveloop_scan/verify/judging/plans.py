"""Plans and steps that the timeline shows wrong, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from hiveloop_scan.verify.events import Event, Story, Task, as_text
from hiveloop_scan.verify.judging.problem import Problem, misread, note
from hiveloop_scan.verify.planned import Plan, plans_of


def misplaced_steps(story: Story) -> Iterator[Problem]:
    """Yield what is wrong with the plans of each task, and with the steps of each plan."""
    for event in story.of("plan_created", "plan_step"):
        if not event.task:
            yield misread("task-never-started", event, "it belongs to no task, so no timeline can show it")
    for task in story.tasks:
        yield from _before_any_plan(task)
        plans = list(plans_of(task))
        yield from _same_revision(plans)
        for number, plan in enumerate(plans, 1):
            yield from _unreadable(plan)
            yield from _beyond(plan)
            if number == len(plans) and task.has_ended and not task.has_failed:
                yield from _left_open(plan)


def _before_any_plan(task: Task) -> Iterator[Problem]:
    for event in task.of("plan_created", "plan_step"):
        if event.kind == "plan_created":
            return
        yield misread("step-without-plan", event, "its task has told no plan; the timeline of this task fails")


def _same_revision(plans: list[Plan]) -> Iterator[Problem]:
    highest: int | None = None
    for plan in plans:
        revision = plan.event.whole("revision") or 0
        if highest is not None and revision <= highest:
            message = f"a plan of revision {revision} follows one of revision {highest}: their steps get mixed"
            yield misread("replan-without-revision", plan.event, message)
        highest = revision if highest is None else max(highest, revision)


def _unreadable(plan: Plan) -> Iterator[Problem]:
    if not plan.steps:
        yield misread("plan-steps-not-texts", plan.event, "the plan has no steps, so there is no bar")
    elif not all(plan.steps):
        yield misread("plan-steps-not-texts", plan.event, "the plan has steps that are no texts, or empty ones")
    elif len(plan.steps) > 1 and all(len(step) == 1 for step in plan.steps):
        message = "each step is a single letter: a text was given where a list of texts belongs"
        yield misread("plan-steps-not-texts", plan.event, message)


def _beyond(plan: Plan) -> Iterator[Problem]:
    many = len(plan.steps)
    for event in plan.told:
        index = event.whole("step_index")
        if index is None:
            told = as_text(event.data.get("step_index")) or "missing"
            yield misread("step-index-beyond-plan", event, f"the index of the step is {told!r:.40}, no whole number")
        elif index not in range(many):
            message = f"there is no step {index} in a plan of {many}: its steps are counted from 0"
            yield misread("step-index-beyond-plan", event, message)


def _left_open(plan: Plan) -> Iterator[Problem]:
    """Yield the steps that were still under way when their task came to its end without an exception."""
    under_way: dict[int, Event] = {}
    for event in plan.told:
        index, action = event.whole("step_index"), event.data.get("action")
        if index is None:
            continue
        if action == "started":
            under_way[index] = event
        else:
            under_way.pop(index, None)
    for event in under_way.values():
        yield note("step-left-open", event, "the step was started, and its task has ended without a word about its end")
