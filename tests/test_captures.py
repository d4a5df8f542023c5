"""What a finding captures for the call that will be written: the attempt, the wait, the exception, the place."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.textbook import scanned

CASES = {
    "a counter that starts at zero holds one attempt fewer": (
        """
        def fetch(api):
            for attempt in range(5):
                try:
                    return api.load()
                except OSError as error:
                    delay = 2 ** attempt
                    time.sleep(delay)
        """,
        {
            "operation": "api.load",
            "attempt": "attempt + 1",
            "attempt_base": 0,
            "backoff_seconds": "delay",
            "backoff_has_call": False,
            "exception": "error",
            "exception_type": "OSError",
            "another_attempt": "conditional",
            "another_attempt_if": "attempt + 1 < 5",
            "insert_line": 8,
        },
    ),
    "a counter that starts at one is the attempt": (
        """
        def fetch(api):
            for attempt in range(1, 4):
                try:
                    return api.load()
                except OSError as error:
                    if attempt == 3:
                        raise
                    time.sleep(random.uniform(1, attempt))
        """,
        {
            "attempt": "attempt",
            "attempt_base": 1,
            "backoff_seconds": "random.uniform(1, attempt)",
            "backoff_has_call": True,
            "another_attempt": "certain",
            "another_attempt_if": None,
            "insert_line": 9,
        },
    ),
    "a while counter that is counted before the sleep holds the failures": (
        """
        def fetch(api):
            retries = 0
            while retries <= 3:
                try:
                    return api.load()
                except OSError:
                    retries += 1
                    time.sleep(1)
        """,
        {
            "attempt": "retries",
            "exception": None,
            "another_attempt": "conditional",
            "another_attempt_if": "retries <= 3",
            "insert_line": 9,
        },
    ),
    "a while counter that is counted after the sleep lacks this failure": (
        """
        def fetch(api):
            retries = 0
            while retries < 3:
                try:
                    return api.load()
                except OSError:
                    time.sleep(1)
                    retries += 1
        """,
        {"attempt": "retries + 1", "another_attempt_if": "retries + 1 < 3", "insert_line": 8},
    ),
    "no counter is invented": (
        """
        def fetch(api):
            delay = 1
            while True:
                try:
                    return api.load()
                except OSError as error:
                    print("retrying", error)
                    time.sleep(delay)
                    delay *= 2
        """,
        {"attempt": None, "attempt_base": None, "backoff_seconds": "delay", "another_attempt": "certain"},
    ),
    "an exception is not bound behind its handler": (
        """
        def fetch(api):
            for attempt in range(3):
                try:
                    return api.load()
                except OSError as error:
                    log.warning("attempt failed: %s", error)
                time.sleep(3)
        """,
        {"exception": None, "exception_type": "OSError", "backoff_seconds": "3", "insert_line": 8},
    ),
    "the call goes before the continue that leads back": (
        """
        def fetch(api):
            for attempt in range(3):
                try:
                    return api.load()
                except OSError as error:
                    if is_transient(error):
                        continue
                    raise
        """,
        {"insert_line": 8, "backoff_seconds": None},
    ),
    "a name that merely holds the counter's letter is no guard": (
        """
        def fetch(api):
            for i in range(3):
                try:
                    return api.load()
                except OSError as error:
                    if isinstance(error, PermissionError):
                        raise
                    time.sleep(1)
        """,
        {"another_attempt": "conditional", "another_attempt_if": "i + 1 < 3", "attempt": "i + 1"},
    ),
    "a helper that works the wait out is not the wait": (
        """
        async def fetch(api):
            for attempt in range(3):
                try:
                    return await api.load()
                except OSError:
                    delay = compute_backoff(attempt)
                    await asyncio.sleep(delay)
        """,
        {"backoff_seconds": "delay", "backoff_has_call": False, "insert_line": 8},
    ),
    "what a wrapper runs is the operation": (
        """
        async def fetch(loop, api):
            for attempt in range(3):
                try:
                    return await asyncio.wait_for(api.load(), 5)
                except TimeoutError:
                    await asyncio.sleep(1)
        """,
        {"operation": "api.load"},
    ),
    "what gets something ready is not the operation": (
        """
        for attempt in range(tries):
            try:
                key = os.getenv("KEY")
                prompt = build_prompt(question)
                client = Anthropic(api_key=key)
                reply = client.messages.create(messages=prompt)
                return parse_reply(reply)
            except APIError:
                time.sleep(1)
        """,
        {"operation": "client.messages.create", "attempt": "attempt + 1", "backoff_seconds": "1"},
    ),
    "reading a reply is not the operation": (
        """
        def fetch(session, url):
            for attempt in range(3):
                try:
                    response = session.get(url)
                    return response.json()
                except OSError:
                    time.sleep(1)
        """,
        {"operation": "session.get"},
    ),
    "a recursion that counts from one passes on the next attempt": (
        """
        def ask(llm, text, attempt=1):
            try:
                return parse(llm.complete(text))
            except ValueError as error:
                if attempt == 3:
                    raise
                time.sleep(attempt)
                return ask(llm, text, attempt + 1)
        """,
        {"attempt": "attempt", "attempt_base": 1, "backoff_seconds": "attempt", "exception": "error", "insert_line": 8},
    ),
    "an attempt of tenacity knows its number": (
        """
        from tenacity import Retrying, stop_after_attempt

        def fetch(api):
            retrying = Retrying(stop=stop_after_attempt(3), before_sleep=tell)
            for attempt in retrying:
                with attempt:
                    return api.load()
        """,
        {
            "operation": "api.load",
            "library": "tenacity",
            "attempt": "attempt.retry_state.attempt_number",
            "hook": "before_sleep",
            "hook_value": "tell",
        },
    ),
    "an item that goes back counts its own tries": (
        """
        def work(queue):
            job = queue.get()
            try:
                run(job)
            except JobError as error:
                job["retries"] += 1
                queue.put(job)
        """,
        {"item": "job", "attempt": 'job["retries"]', "exception": "error", "insert_line": 8},
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_finding_captures(source: str, expected: dict[str, object]) -> None:
    (finding,) = (found for found in scanned(dedent(source), True).findings if found.method == "retry")
    assert {name: finding.captures[name] for name in expected} == expected
