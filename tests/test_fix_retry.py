"""What `apply` writes for retries."""

from pathlib import Path

from tests.fixing import applied

LOOP = """\
import time


def fetch(client, max_retries=3):
    for attempt in range(max_retries):
        try:
            return client.get("/orders")
        except TimeoutError as exc:
            if attempt == max_retries - 1:
                raise
            time.sleep(2**attempt)
"""


def test_the_call_stands_in_front_of_the_wait(tmp_path: Path) -> None:
    assert applied(LOOP, "retry", tmp_path) == LOOP.replace(
        "import time\n", "import time\nfrom observability import get_current_task\n"
    ).replace(
        "            time.sleep",
        """\
            _hl_task = get_current_task()
            if _hl_task:
                try:
                    _hl_task.retry(
                        f"Retrying client.get after {type(exc).__name__}",
                        attempt=attempt + 1,
                        backoff_seconds=2**attempt,
                    )
                except Exception:
                    pass
            time.sleep""",
    )


def test_a_random_wait_is_worked_out_once(tmp_path: Path) -> None:
    source = LOOP.replace("2**attempt", "backoff(attempt)")
    after = applied(source, "retry", tmp_path)
    assert after.count("backoff(attempt)") == 1
    assert "time.sleep(_hl_backoff)" in after


def test_the_last_attempt_is_no_retry(tmp_path: Path) -> None:
    source = LOOP.replace("            if attempt == max_retries - 1:\n                raise\n", "")
    assert "if _hl_task and attempt + 1 < max_retries:" in applied(source, "retry", tmp_path)


def test_a_file_without_a_getter_in_reach_stays_as_it_is(tmp_path: Path) -> None:
    assert applied(LOOP, "retry", tmp_path, getters="") == LOOP
