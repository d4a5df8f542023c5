"""What a finding captures for the calls that report an issue and resolve it: the id, the kind, the count, the place."""

from __future__ import annotations

from textwrap import dedent

import pytest

from hiveloop_scan.model import Capture, Finding
from tests.textbook import scanned

ISSUES = {
    "a counter is the count of occurrences and its class the subject": (
        """
        class SearchClient:
            def on_error(self):
                self.failures += 1
                if self.failures >= self.max_failures:
                    log.error("search keeps failing")
                    self.disabled = True

            def on_success(self):
                self.failures = 0
        """,
        {
            "severity": "high",
            "category": "connectivity",
            "issue_id": '"connectivity-search-client"',
            "occurrence_count": "self.failures",
            "context": "self.failures, self.max_failures",
            "condition": "self.failures >= self.max_failures",
            "insert_line": 6,
        },
    ),
    "failures counted one by one have an id of their own": (
        """
        class Tools:
            def on_error(self, tool_name):
                failures = self.failures.get(tool_name, 0) + 1
                self.failures[tool_name] = failures
                if self.failures[tool_name] >= 3:
                    log.error("a tool keeps failing")
        """,
        {"issue_id": 'f"other-{tool_name}"', "occurrence_count": "self.failures[tool_name]", "insert_line": 7},
    ),
    "a key that differs with each occurrence is no part of an id": (
        """
        class Tools:
            def on_error(self, request_id):
                self.failures[request_id] += 1
                if self.failures[request_id] >= 3:
                    log.error("it keeps failing")
        """,
        {"issue_id": '"other-tools"'},
    ),
    "a service that could not be set up is the subject": (
        """
        class Memory:
            def _init_redis(self):
                try:
                    self._redis = connect(self.url)
                except OSError as error:
                    log.warning("redis is unavailable: %s", error)
                    self._redis = None
        """,
        {
            "operation": "self._redis",
            "severity": "high",
            "category": "connectivity",
            "issue_id": '"connectivity-redis"',
            "occurrence_count": None,
            "insert_line": 7,
        },
    ),
    "an answer that a connection test does not like is told in its branch": (
        """
        class Tickets:
            def test_connection(self):
                answer = self.session.get(self.url)
                if answer.status_code == 200:
                    return True
                else:
                    log.error("the ticket system refuses us")
                    return False
        """,
        {"category": "connectivity", "context": "answer.status_code", "insert_line": 8},
    ),
    "a measure beyond its limit is described by both": (
        """
        class Janitor:
            def tick(self):
                if self.disk_percent > MAX_DISK_PERCENT:
                    log.warning("the disk fills up")
        """,
        {
            "severity": "medium",
            "issue_id": '"other-disk-percent"',
            "condition": "self.disk_percent > MAX_DISK_PERCENT",
            "context": "self.disk_percent, MAX_DISK_PERCENT",
            "insert_line": 5,
        },
    ),
    "steps that are all alike have no count": (
        """
        class Driver:
            def step(self, call):
                self.calls.append(call)
                if len(set(self.calls[-3:])) == 1:
                    log.warning("the same call again")
                    self.stop()
        """,
        {"issue_id": '"stuck-driver"', "occurrence_count": None, "insert_line": 6},
    ),
    "configuration that cannot be read is one of configuration": (
        """
        def load_settings(path):
            try:
                return tomllib.loads(path.read_text())
            except ValueError as error:
                log.error("settings are broken: %s", error)
                return {}
        """,
        {"category": "configuration", "severity": "high", "insert_line": 6},
    ),
    "an agent that ends its process cannot work at all": (
        """
        class Worker:
            def on_error(self):
                self.crashes += 1
                if self.crashes > CRASH_LIMIT:
                    log.critical("giving up")
                    sys.exit(1)
        """,
        {"severity": "critical", "insert_line": 6},
    ),
    "a variable of the environment names what is missing": (
        """
        class Weather:
            def __init__(self, api_key=None):
                self.api_key = api_key or os.getenv("WEATHER_API_KEY")
                if not self.api_key:
                    log.error("WEATHER_API_KEY is not set")
        """,
        {
            "severity": "high",
            "category": "configuration",
            "issue_id": '"configuration-WEATHER_API_KEY"',
            "occurrence_count": None,
            "condition": "not self.api_key",
            "insert_line": 6,
        },
    ),
    "a warning about configuration weighs less than an error": (
        """
        class Weather:
            def __init__(self, api_key=None):
                self.api_key = api_key or os.getenv("WEATHER_API_KEY")
                if not self.api_key:
                    log.warning("WEATHER_API_KEY is not set")
        """,
        {"severity": "medium"},
    ),
    "a rate limit is told from other refusals": (
        """
        class Api:
            def after(self, reply):
                if reply.status_code == 429:
                    self.paused = True
                    log.warning("slower from now on")
        """,
        {"category": "rate_limit", "issue_id": '"rate-limit-api"', "condition": "reply.status_code == 429"},
    ),
    "refused credentials are a question of permissions": (
        """
        class Relay:
            def after(self, reply):
                if reply.status_code == 403:
                    self.usable = False
                    log.error("no access any more")
        """,
        {"category": "permissions", "severity": "high", "issue_id": '"permissions-relay"'},
    ),
    "a share of bad records is a question of data": (
        """
        def check(records, invalid):
            if invalid / len(records) > 0.1:
                log.warning("many records are invalid")
        """,
        {"category": "data_quality", "severity": "medium", "occurrence_count": None, "insert_line": 4},
    ),
    "a text above the branch is no place for a call": (
        """
        class Runner:
            def step(self):
                if self.detector.is_stuck():
                    "the agent repeats itself"
                    log.warning("stuck")
        """,
        {"category": "other", "issue_id": '"stuck-runner"', "insert_line": 6},
    ),
}

PAIRS = {
    "a counter and its reset": """
        class SearchClient:
            def on_error(self):
                self.failures += 1
                if self.failures >= self.max_failures:
                    log.error("search keeps failing")

            def on_success(self):
                self.failures = 0
        """,
    "a circuit that opens and closes": """
        class CircuitBreaker:
            def record_failure(self):
                self.state = State.OPEN

            def record_success(self):
                self.state = State.CLOSED
        """,
    "an error that is kept and cleared": """
        class Watcher:
            def tick(self):
                try:
                    self.poll()
                    self.last_error = None
                except OSError as error:
                    self.last_error = str(error)
        """,
    "errors that are kept by source": """
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
    "failures counted by name": """
        class Tools:
            def on_error(self, name):
                self.failures[name] += 1
                if self.failures[name] >= 3:
                    log.error("a tool keeps failing")

            def on_success(self, name):
                self.failures[name] = 0
        """,
}


def finding_of(source: str, method: str) -> Finding:
    (finding,) = [finding for finding in scanned(dedent(source)).findings if finding.method == method]
    return finding


@pytest.mark.parametrize(("source", "expected"), ISSUES.values(), ids=ISSUES)
def test_an_issue_is_described(source: str, expected: dict[str, Capture]) -> None:
    captures = finding_of(source, "report_issue").captures
    assert {name: captures[name] for name in expected} == expected


@pytest.mark.parametrize("source", PAIRS.values(), ids=PAIRS)
def test_an_issue_and_its_end_have_one_id(source: str) -> None:
    reported = finding_of(source, "report_issue").captures
    resolved = finding_of(source, "resolve_issue").captures
    assert reported["issue_id"] is not None
    assert (reported["issue_id"], reported["category"]) == (resolved["issue_id"], resolved["category"])


def fetched_with(told: str) -> set[str]:
    source = f"""
        def fetch(session, url):
            for attempt in range(3):
                if session.get(url).status_code == 429:
                    {told}
                    continue
                return True
        """
    return {finding.method for finding in scanned(dedent(source)).findings}


def test_a_rate_limit_that_a_retry_loop_sits_out_is_an_issue_where_somebody_is_told() -> None:
    assert fetched_with('log.warning("rate limited, trying again")') == {"retry", "report_issue"}
    assert fetched_with("rotate_key(session)") == {"retry"}


def test_branches_inside_each_other_tell_one_issue() -> None:
    source = """
        class Api:
            def after(self, reply):
                if reply.status_code in (403, 429):
                    if reply.status_code == 429:
                        self.rate_limited = True
                        log.warning("slower from now on")
        """
    assert finding_of(source, "report_issue").span.line == 5
