"""The plans of a task, each with what was told of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hiveloop_scan.verify.events import Event, Task, entries, text_in


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and the events of its steps that came while it was in force; a step without a text is ""."""

    event: Event
    steps: tuple[str, ...]
    told: list[Event] = field(default_factory=list)


def plans_of(task: Task) -> Iterator[Plan]:
    """Yield the plans of a task, first to last; what is told of steps before the first belongs to none."""
    plan: Plan | None = None
    for event in task.of("plan_created", "plan_step"):
        if event.kind == "plan_created":
            if plan is not None:
                yield plan
            plan = Plan(event, tuple(_text_of(step) for step in entries(event.data.get("steps"))))
        elif plan is not None:
            plan.told.append(event)
    if plan is not None:
        yield plan


def _text_of(step: object) -> str:
    return text_in(step, "description") if isinstance(step, dict) else ""
