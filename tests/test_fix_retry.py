"""What `apply` writes for retries."""

from pathlib import Path

from hiveloop_scan.fix.calls import Style
from hiveloop_scan.model import Confidence
from tests.fixing import GETTERS, applied

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
        "import time\n", "import time\n\nfrom observability import get_current_task\n"
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


def test_the_lambda_of_a_helper_does_not_hide_the_user_s_task(tmp_path: Path) -> None:
    helpers = f"{GETTERS}\n\ndef tell_task(tell): ...\n"
    source = LOOP.replace("max_retries=3", "task").replace("max_retries", "task.tries")
    source = source.replace("            if attempt == task.tries - 1:\n                raise\n", "")
    after = applied(source, "retry", tmp_path, helpers, Style.HELPER)
    assert "_hl_tell_task(lambda _hl_task: attempt + 1 < task.tries and _hl_task.retry(" in after


def test_a_file_without_a_getter_in_reach_stays_as_it_is(tmp_path: Path) -> None:
    assert applied(LOOP, "retry", tmp_path, getters="") == LOOP


def test_a_call_inside_the_users_own_guard_is_taken_out_alone(tmp_path: Path) -> None:
    source = LOOP.replace(
        "            time.sleep(2**attempt)\n",
        """\
            try:
                client.warm_up()
                time.sleep(2**attempt)
            except Exception:
                pass
""",
    )
    assert "_hl_task.retry(" in applied(source, "retry", tmp_path)


def test_a_test_around_the_wait_makes_another_one_needless(tmp_path: Path) -> None:
    source = """\
import time


def fetch(client, retries=3):
    for attempt in range(retries):
        if client.get("/orders").ok:
            return True
        if attempt < retries - 1:
            time.sleep(2)
    return False
"""
    assert "            if _hl_task:\n" in applied(source, "retry", tmp_path)


def test_locals_may_be_asked_for_one_name(tmp_path: Path) -> None:
    source = LOOP.replace("    for attempt", '    print(locals().get("client"))\n    for attempt')
    assert "_hl_task.retry(" in applied(source, "retry", tmp_path)
    assert applied(source.replace('.get("client")', ""), "retry", tmp_path) == source.replace('.get("client")', "")


def test_several_types_of_exceptions_are_named(tmp_path: Path) -> None:
    source = LOOP.replace("except TimeoutError as exc", "except (TimeoutError, ConnectionError)")
    assert '"Retrying client.get after TimeoutError or ConnectionError"' in applied(source, "retry", tmp_path)


AGAIN = """\
async def list_events(client, calendar):
    try:
        return await client.fetch(calendar)
    except Unauthorized:
        await client.refresh_token()
        return await client.fetch(calendar)
"""


def test_a_second_try_is_told_in_front_of_it(tmp_path: Path) -> None:
    after = applied(AGAIN, "retry", tmp_path, at_least=Confidence.MEDIUM)
    assert '_hl_task.retry("Retrying client.fetch after Unauthorized", attempt=1)' in after
    assert after.index("refresh_token()") < after.index("_hl_task.retry") < after.rindex("client.fetch(")


ONE_BY_ONE = """\
def to_plain(value, retry=True):
    try:
        return value.dump()
    except TypeError:
        if not retry:
            raise
        return [to_plain(part, retry=False) for part in value]
"""


def test_a_function_that_goes_into_the_parts_of_a_value_is_not_told_of(tmp_path: Path) -> None:
    assert applied(ONE_BY_ONE, "retry", tmp_path, at_least=Confidence.MEDIUM) == ONE_BY_ONE
