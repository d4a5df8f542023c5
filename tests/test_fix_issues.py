"""What `apply` writes for lasting problems and their ends."""

from pathlib import Path

import pytest

from hiveloop_scan.model import Confidence
from tests.fixing import applied as applied_with
from tests.fixing import proposed

CLIENT = """\
import logging

log = logging.getLogger(__name__)


class SearchClient:
    def on_error(self):
        self.failures += 1
        if self.failures >= self.max_failures:
            log.error("search keeps failing")
            self.disabled = True

    def on_success(self):
        self.failures = 0
"""


def applied(source: str, folder: Path) -> str:
    """Return `source` with the calls for both ends of its issues."""
    return applied_with(source, "report_issue,resolve_issue", folder, unsafe=True, at_least=Confidence.MEDIUM)


def test_an_issue_is_told_of_where_the_limit_is_reached(tmp_path: Path) -> None:
    assert """\
        if self.failures >= self.max_failures:
            _hl_agent = get_hiveloop_agent()
            if _hl_agent:
                try:
                    _hl_agent.report_issue(
                        "Repeated failures have reached the limit (SearchClient.on_error)",
                        severity="high",
                        issue_id="connectivity-search-client",
                        category="connectivity",
                        context={"max_failures": str(self.max_failures)[:200]},
                        occurrence_count=int(self.failures),
                    )
                except Exception:
                    pass
            log.error("search keeps failing")
""" in applied(CLIENT, tmp_path)


def test_its_end_is_told_with_the_same_id_and_only_if_it_was_told_of(tmp_path: Path) -> None:
    assert """\
        _hl_agent = get_hiveloop_agent()
        if _hl_agent:
            try:
                if self.failures >= self.max_failures:
                    _hl_agent.resolve_issue(
                        "Back to normal (SearchClient.on_success)",
                        issue_id="connectivity-search-client",
                    )
            except Exception:
                pass
        self.failures = 0
""" in applied(CLIENT, tmp_path)


def test_an_end_without_a_beginning_is_not_told(tmp_path: Path) -> None:
    (outcome,) = proposed(CLIENT, "resolve_issue", tmp_path).outcomes
    assert outcome.reason == "the issue is not reported in this file"


def test_a_limit_that_was_met_counts_as_passed(tmp_path: Path) -> None:
    source = CLIENT.replace("self.failures >= self.max_failures", "self.failures == self.max_failures")
    assert "if self.failures >= self.max_failures:\n                    _hl_agent.resolve" in applied(source, tmp_path)


def test_a_limit_that_only_the_report_knows_is_not_repeated_elsewhere(tmp_path: Path) -> None:
    source = CLIENT.replace("on_error(self)", "on_error(self, limit)").replace("self.max_failures", "limit")
    assert "resolve_issue" not in applied(source, tmp_path)


GATES = {
    "a circuit that closes": (
        """\
class CircuitBreaker:
    def record_failure(self):
        self.state = State.OPEN

    def record_success(self):
        self.state = State.CLOSED
""",
        "if self.state != State.CLOSED:",
    ),
    "an error that is cleared": (
        """\
class Watcher:
    def tick(self):
        try:
            self.poll()
            self.last_error = None
        except OSError as error:
            self.last_error = str(error)
""",
        "if self.last_error:",
    ),
    "an error that is kept by its source": (
        """\
class Inbox:
    def fetch(self, sources):
        for source in sources:
            try:
                source.fetch()
            except OSError as error:
                self.errors[source] = str(error)
                continue
            self.errors.pop(source, None)
""",
        "if source in self.errors:",
    ),
}


@pytest.mark.parametrize(("source", "gate"), GATES.values(), ids=GATES)
def test_the_state_of_before_says_whether_an_issue_is_open(source: str, gate: str, tmp_path: Path) -> None:
    after = applied(source, tmp_path)
    assert after.count(f"{gate}\n") == 1
    assert after.partition(f"{gate}\n")[2].lstrip().startswith("_hl_agent.resolve_issue(")


MISSING = """\
import logging
import os

log = logging.getLogger(__name__)


class Weather:
    def __init__(self, api_key=None):
        self.api_key = api_key or os.getenv("WEATHER_API_KEY")
        if not self.api_key:
            log.error("WEATHER_API_KEY is not set")
"""


def test_a_secret_is_named_and_its_value_is_not_passed(tmp_path: Path) -> None:
    after = applied(MISSING, tmp_path)
    assert '"Configuration is missing: WEATHER_API_KEY"' in after
    assert "context" not in after


def test_the_other_branch_of_a_choice_counts_as_told(tmp_path: Path) -> None:
    source = MISSING.replace(
        "        if not self.api_key:\n", "        if self.api_key:\n            self.start()\n        else:\n"
    )
    after = applied(source, tmp_path)
    assert "        else:\n            _hl_agent = get_hiveloop_agent()\n" in after
    assert applied(after, tmp_path) == after


def test_what_is_in_a_list_is_counted_by_its_length(tmp_path: Path) -> None:
    source = """\
class Breaker:
    def on_failure(self):
        self.failures.append(now())
        if len(self.failures) >= self.limit:
            self.state = State.OPEN
"""
    assert "occurrence_count=len(self.failures)" in applied(source, tmp_path)


def test_a_limit_whose_test_is_the_answer_is_told_of_only_when_it_is_reached(tmp_path: Path) -> None:
    source = """\
class TimeoutBreaker:
    def record_timeout(self):
        self.failures += 1
        return self.failures >= self.max_failures
"""
    assert "if self.failures >= self.max_failures:\n                    _hl_agent.report" in applied(source, tmp_path)


def test_generated_tests_are_no_conditions_of_the_users(tmp_path: Path) -> None:
    after = applied(CLIENT, tmp_path)
    assert after.count("report_issue") == 1
    assert applied(after, tmp_path) == after


def test_a_finally_keeps_its_order(tmp_path: Path) -> None:
    source = CLIENT.replace(
        "        self.failures = 0\n",
        "        try:\n            self.warm_up()\n        finally:\n            self.failures = 0\n",
    )
    assert "        finally:\n            _hl_agent = get_hiveloop_agent()\n" in applied(source, tmp_path)


def test_a_class_body_stays_as_it_is(tmp_path: Path) -> None:
    source = """\
import logging
import os


class Weather:
    api_key = os.getenv("WEATHER_API_KEY")
    if not api_key:
        logging.error("WEATHER_API_KEY is not set")
"""
    assert applied(source, tmp_path) == source
