"""Section 11.6: tools that are carried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hiveloop_scan.verify.actions import Action, actions_of
from hiveloop_scan.verify.events import Event, Story, Task, text_in, whole_number
from hiveloop_scan.verify.items.item import Item
from hiveloop_scan.verify.items.saying import some, span

_TRACKED = ("track_context",)
_BRING = "run a task in which a tool is used"


def _actions(story: Story) -> Iterator[Action]:
    for task in story.tasks:
        yield from actions_of(task.events)


def _started(story: Story) -> Iterator[Event]:
    return (action.start for action in _actions(story))


def _named(story: Story) -> Iterator[Event]:
    return (action.start for action in _actions(story) if text_in(action.start.payload, "action_name"))


def _timed(story: Story) -> Iterator[Event]:
    for action in _actions(story):
        if action.end is not None and whole_number(action.end.get("duration_ms")) is not None:
            yield action.end


def _failed(story: Story) -> Iterator[Event]:
    for action in _actions(story):
        if action.end is not None and action.end.kind == "action_failed" and action.end.payload.get("exception_type"):
            yield action.end


def _paired(story: Story) -> Iterator[Event]:
    for action in _actions(story):
        if action.end is not None:
            yield action.start
            yield action.end


def _between_model_calls(story: Story) -> Iterator[Event]:
    for task in story.tasks:
        yield from _enclosed(task)


def _enclosed(task: Task) -> Iterator[Event]:
    """Yield the starts of actions that have a call of the model before and behind them."""
    waiting: list[Event] = []
    asked = False
    for event in task.of("llm_call", "action_started"):
        if event.kind == "llm_call":
            yield from waiting
            waiting, asked = [], True
        elif asked:
            waiting.append(event)


def _say_names(starts: Sequence[Event]) -> str:
    return some(start.payload.get("action_name") for start in starts)


def _say_times(ends: Sequence[Event]) -> str:
    return f"{span([whole_number(end.get('duration_ms')) or 0 for end in ends])} ms"


def _say_exceptions(ends: Sequence[Event]) -> str:
    return some(end.payload.get("exception_type") for end in ends)


ITEMS = (
    Item(
        "tool-used",
        "11.6",
        "A task uses a tool",
        _TRACKED,
        _BRING,
        "the tool on the task's timeline",
        _started,
    ),
    Item(
        "tool-named",
        "11.6",
        "The tool is told by its name",
        _TRACKED,
        _BRING,
        "a blue node with the tool's own name",
        _named,
        says=_say_names,
    ),
    Item(
        "tool-timed",
        "11.6",
        "Its duration is told",
        _TRACKED,
        _BRING,
        "the duration on the node",
        _timed,
        says=_say_times,
    ),
    Item(
        "tool-failed",
        "11.6",
        "A tool fails, with the type of the exception",
        _TRACKED,
        "let a tool raise an exception",
        "a red node; clicked on, it names the exception",
        _failed,
        says=_say_exceptions,
    ),
    Item(
        "tool-begins-and-ends",
        "11.6",
        "Start and end are told, as a pair",
        _TRACKED,
        _BRING,
        "`action_started`, and `action_completed` or `action_failed`, in the Activity Stream",
        _paired,
    ),
    Item(
        "tool-between-model-calls",
        "11.6",
        "Tools stand between the calls of the model that they belong to",
        ("track_context", "llm_call"),
        "run a task in which the model is asked, a tool is used, and the model is asked again",
        "blue nodes between the purple ones of the model, in the order in which they ran",
        _between_model_calls,
    ),
)
