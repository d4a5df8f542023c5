"""Section 11.1: plans and their steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hiveloop_scan.verify.events import Event, Story, Task, entries, text_in
from hiveloop_scan.verify.items.item import Item
from hiveloop_scan.verify.items.saying import some, span
from hiveloop_scan.verify.planned import Plan, plans_of

_STEPS = ("plan", "plan_step")


def _plans(story: Story) -> Iterator[Plan]:
    for task in story.tasks:
        yield from plans_of(task)


def _made(story: Story) -> Iterator[Event]:
    return (plan.event for plan in _plans(story))


def _drawn(story: Story) -> Iterator[Event]:
    return (plan.event for plan in _plans(story) if plan.steps and all(plan.steps))


def _with_goal(story: Story) -> Iterator[Event]:
    return (plan.event for plan in _plans(story) if plan.steps and text_in(plan.event.data, "goal"))


def _steps_of(task: Task) -> Iterator[Event]:
    for plan in plans_of(task):
        yield from (event for event in plan.told if event.whole("step_index") in range(len(plan.steps)))


def _steps(story: Story) -> Iterator[Event]:
    for task in story.tasks:
        yield from _steps_of(task)


def _failed(story: Story) -> Iterator[Event]:
    return (event for event in _steps(story) if event.data.get("action") == "failed")


def _from_start_to_end(story: Story) -> Iterator[Event]:
    """Yield the start and the end of each step that has both."""
    for plan in _plans(story):
        started: dict[int | None, Event] = {}
        for event in plan.told:
            index, action = event.whole("step_index"), event.data.get("action")
            if action == "started":
                started[index] = event
            elif action in ("completed", "failed") and index in started:
                yield started.pop(index)
                yield event


def _say_steps(plans: Sequence[Event]) -> str:
    return f"steps: {span([len(entries(plan.data.get('steps'))) for plan in plans])}"


def _say_goals(plans: Sequence[Event]) -> str:
    return some(plan.data.get("goal") for plan in plans)


def _say_actions(steps: Sequence[Event]) -> str:
    return some(step.data.get("action") for step in steps)


def _say_summaries(steps: Sequence[Event]) -> str:
    return some(step.summary for step in steps)


ITEMS = (
    Item(
        "plan-made",
        "11.1",
        "A task tells its plan",
        ("plan",),
        "run a task that settles on several steps",
        "the task's timeline and the Activity Stream have the plan",
        _made,
    ),
    Item(
        "plan-drawn",
        "11.1",
        "The plan has steps, each with a text",
        ("plan",),
        "run a task whose plan has steps, and give them as a list of texts",
        "a bar above the task's timeline, with one segment for each step",
        _drawn,
        says=_say_steps,
    ),
    Item(
        "step-begins-and-ends",
        "11.1",
        "A step is begun, and brought to its end",
        _STEPS,
        "let a step begin and end while a plan is in force",
        "its segment turns from grey to blue, then to green, or to red",
        _from_start_to_end,
        says=_say_actions,
    ),
    Item(
        "plan-with-goal",
        "11.1",
        "The plan says what it is for",
        ("plan",),
        "give the plan a goal",
        "`plan_created` in the Activity Stream, with the goal and the number of steps",
        _with_goal,
        says=_say_goals,
    ),
    Item(
        "steps-told",
        "11.1",
        "Steps of the plan are told as they go",
        _STEPS,
        "carry out steps of a plan that was told before",
        "`plan_step` in the Activity Stream, again and again as the task goes on",
        _steps,
    ),
    Item(
        "step-failed",
        "11.1",
        "A step fails",
        _STEPS,
        "let a step fail: take away what it needs, or cut the network",
        "its segment in the bar is red",
        _failed,
        says=_say_summaries,
    ),
)
