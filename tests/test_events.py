"""The words about HiveLoop's events: complete, in order, and asked only where something is open."""

from dataclasses import fields, replace

import pytest

from hiveloop_scan.methods import METHODS, companions
from hiveloop_scan.model import Capture
from hiveloop_scan.report.events import Event, OpenQuestion, all_events, events_of
from tests.test_text_report import FINDING

ATTEMPT = OpenQuestion(("attempt", "tries"), "Which?")
LAST = OpenQuestion(("another_attempt",), "Where?", value="conditional")


def test_every_method_belongs_to_one_event_in_the_order_of_value() -> None:
    assert [method for event in all_events() for method in event.methods] == list(METHODS)


@pytest.mark.parametrize("event", all_events(), ids=lambda event: event.name)
def test_an_event_tells_with_all_methods_that_are_enough_for_it(event: Event) -> None:
    assert event.methods == companions(event.name)


@pytest.mark.parametrize("event", all_events(), ids=lambda event: event.name)
def test_nothing_is_missing_of_an_event(event: Event) -> None:
    assert all(getattr(event, field.name) for field in fields(event))
    assert all(f".{method}(" in event.call or f"{method}=" in event.call for method in event.methods)


def test_an_event_is_asked_for_by_any_of_its_methods() -> None:
    assert [event.name for event in events_of({"approval_received", "retry"})] == ["request_approval", "retry"]


@pytest.mark.parametrize(
    ("captures", "is_open"),
    [
        ({}, True),
        ({"attempt": None}, True),
        ({"attempt": "n"}, False),
        ({"tries": "n"}, False),
        ({"attempt": 0}, False),
    ],
)
def test_a_question_is_open_when_nothing_that_answers_it_was_seen(captures: dict[str, Capture], is_open: bool) -> None:
    assert ATTEMPT.is_open_at(replace(FINDING, captures=captures)) is is_open


@pytest.mark.parametrize(("seen", "is_open"), [("conditional", True), ("certain", False), (None, False)])
def test_a_question_about_a_value_is_open_where_that_value_was_seen(seen: Capture, is_open: bool) -> None:
    assert LAST.is_open_at(replace(FINDING, captures={"another_attempt": seen})) is is_open
