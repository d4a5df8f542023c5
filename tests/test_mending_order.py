"""What `lint --fix` does around a call: a check, a try, another order; and the layouts that it leaves."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from tests.mended import change_of, mended

GETTERS = """\
import asyncio
import time

import app.observability
from app.observability import get_hiveloop_agent, get_hiveloop_task


"""


def function(body: str, head: str = "def work(item, reply, steps, delay):") -> str:
    """Return a program with one function; levels of four spaces."""
    return f"{GETTERS}{head}\n{indent(body, '    ')}\n"


def changed(body: str, tmp_path: Path, head: str = "def work(item, reply, steps, delay):", unsafe: bool = False) -> str:
    """Return the body as `lint --fix` leaves it; a second run finds nothing to do."""
    after = mended(function(body, head), tmp_path, unsafe)
    assert mended(after, tmp_path, unsafe) == after
    return after.removeprefix(f"{GETTERS}{head}\n")


def same(body: str) -> str:
    return indent(body, "    ") + "\n"


ASKED = [
    pytest.param(
        'get_hiveloop_task().retry("again", attempt=1)',
        'if task := get_hiveloop_task():\n    task.retry("again", attempt=1)',
        id="a getter",
    ),
    pytest.param(
        'app.observability.get_hiveloop_task().retry(\n    "again",  # why\n    attempt=1,\n)  # told',
        "if task := app.observability.get_hiveloop_task():\n"
        '    task.retry(\n        "again",  # why\n        attempt=1,\n    )  # told',
        id="over several lines",
    ),
    pytest.param(
        'task = item.task\nget_hiveloop_task().retry("again", attempt=task)',
        'task = item.task\nif hiveloop_task := get_hiveloop_task():\n    hiveloop_task.retry("again", attempt=task)',
        id="a name that is taken",
    ),
    pytest.param(
        'task = get_hiveloop_task()\ntask.plan("all", ["a"])\nitem.run()\ntask.plan_step(0, "completed", "a")',
        'task = get_hiveloop_task()\nif task:\n    task.plan("all", ["a"])\nitem.run()\n'
        'if task:\n    task.plan_step(0, "completed", "a")',
        id="each call on a name",
    ),
    pytest.param(
        'task = get_hiveloop_task()\n\n# tell it\ntask.retry("""again\nand again""", attempt=1)',
        'task = get_hiveloop_task()\n\n# tell it\nif task:\n    task.retry("""again\nand again""", attempt=1)',
        id="a text over two lines",
    ),
]


@pytest.mark.parametrize(("before", "after"), ASKED)
def test_what_a_getter_gives_is_asked_for_first(before: str, after: str, tmp_path: Path) -> None:
    assert changed(before, tmp_path) == same(after)


def test_tabs_stay_tabs(tmp_path: Path) -> None:
    before = f'{GETTERS}def work(item):\n\tfor part in item:\n\t\tget_hiveloop_task().retry("again", attempt=part)\n'
    after = before.replace("\t\tget_hiveloop_task().", "\t\tif task := get_hiveloop_task():\n\t\t\ttask.")
    assert mended(before, tmp_path) == after


def test_an_async_function_of_a_class_is_no_other(tmp_path: Path) -> None:
    head = "class Desk:\n    @staticmethod\n    async def work(item):"
    before = "    await item\n    get_hiveloop_agent().queue_snapshot(3)"
    after = "    await item\n    if agent := get_hiveloop_agent():\n        agent.queue_snapshot(3)"
    assert changed(before, tmp_path, head) == same(after)


CAUGHT = [
    pytest.param(
        'if task := get_hiveloop_task():\n    task.plan("all", reply["steps"])',
        'if task := get_hiveloop_task():\n    try:\n        task.plan("all", reply["steps"])\n'
        "    except Exception:\n        pass",
        id="in a check",
    ),
    pytest.param(
        'get_hiveloop_task().plan("all", reply["steps"])',
        'if task := get_hiveloop_task():\n    try:\n        task.plan("all", reply["steps"])\n'
        "    except Exception:\n        pass",
        id="without a check",
    ),
    pytest.param(
        'task = get_hiveloop_task()\nif task:\n    task.plan("all", reply["steps"])\n'
        '    task.plan_step(0, "started", reply["first"])',
        'task = get_hiveloop_task()\nif task:\n    try:\n        task.plan("all", reply["steps"])\n'
        "    except Exception:\n        pass\n    try:\n"
        '        task.plan_step(0, "started", reply["first"])\n    except Exception:\n        pass',
        id="two of them",
    ),
    pytest.param(
        'task = get_hiveloop_task()\nif task:\n    task.plan(\n        "all",\n        reply["steps"],\n    )\n'
        "else:\n    item()",
        'task = get_hiveloop_task()\nif task:\n    try:\n        task.plan(\n            "all",\n'
        '            reply["steps"],\n        )\n    except Exception:\n        pass\nelse:\n    item()',
        id="in front of an else",
    ),
]


@pytest.mark.parametrize(("before", "after"), CAUGHT)
def test_a_call_whose_arguments_can_raise_gets_a_try(before: str, after: str, tmp_path: Path) -> None:
    assert changed(before, tmp_path) == same(after)


def test_a_file_without_an_end_of_line_goes_on_so(tmp_path: Path) -> None:
    source = function('if task := get_hiveloop_task():\n    task.plan("all", reply["steps"])').rstrip("\n")
    assert mended(source, tmp_path).endswith("        except Exception:\n            pass")


TOLD = (
    'if task:\n    try:\n        task.retry("again", attempt=1, backoff_seconds=delay)\n'
    "    except Exception:\n        pass"
)
MOVED = [
    pytest.param(f"time.sleep(delay)\n{TOLD}", f"{TOLD}\ntime.sleep(delay)", id="right in front"),
    pytest.param(
        f"# wait\n# a while\ntime.sleep(min(delay, 60))  # seconds\n\n# tell\n{TOLD}\nitem()",
        f"# tell\n{TOLD}\n\n# wait\n# a while\ntime.sleep(min(delay, 60))  # seconds\nitem()",
        id="with comments",
    ),
    pytest.param(
        f"time.sleep(\n    delay\n    * 2\n)\ntask = get_hiveloop_task()\n{TOLD}",
        f"task = get_hiveloop_task()\n{TOLD}\ntime.sleep(\n    delay\n    * 2\n)",
        id="over the getter",
    ),
    pytest.param(
        f"if item:\n{indent('time.sleep(delay)', '    ')}\n{indent(TOLD, '    ')}\nelse:\n    item()",
        f"if item:\n{indent(TOLD, '    ')}\n{indent('time.sleep(delay)', '    ')}\nelse:\n    item()",
        id="in a branch",
    ),
]


@pytest.mark.parametrize(("before", "after"), MOVED)
def test_a_retry_is_told_before_the_wait(before: str, after: str, tmp_path: Path) -> None:
    getter = "task = get_hiveloop_task()\n" if "task = " not in before else ""
    assert changed(getter + before, tmp_path) == same(getter + after)


def test_a_wait_of_an_async_function_is_moved_too(tmp_path: Path) -> None:
    head = "async def work(item, delay):"
    getter = "task = get_hiveloop_task()\n"
    before = changed(f"{getter}await asyncio.sleep(delay)\n{TOLD}", tmp_path, head)
    assert before == same(f"{getter}{TOLD}\nawait asyncio.sleep(delay)")


@pytest.mark.parametrize(
    "between",
    [
        "time.sleep(delay)\ndelay *= 2",
        "time.sleep(delay)\nitem.log('again')",
        "delay = time.sleep(delay)",
        "time.sleep(item.next())",
        "time.sleep(delay); item()",
        "item(); time.sleep(delay)",
        "if item: time.sleep(delay)\ntime.sleep(delay)\ndel steps",
    ],
)
def test_a_wait_that_does_more_stays(between: str, tmp_path: Path) -> None:
    body = f"task = get_hiveloop_task()\n{between}\n{TOLD}"
    assert changed(body, tmp_path) == same(body)


@pytest.mark.parametrize(
    "body",
    [
        'if item: get_hiveloop_task().retry("again", attempt=1)',
        'item(); get_hiveloop_task().retry("again", attempt=1)',
        'get_hiveloop_task().retry("again", attempt=1); item()',
        'done = get_hiveloop_task().retry("again", attempt=1)',
        'return get_hiveloop_task().retry("again", attempt=1)',
        '[get_hiveloop_task().retry("again", attempt=part) for part in steps]',
        'with get_hiveloop_agent().track_context("read"):\n    item()',
        'task = hiveloop_task = item\nget_hiveloop_task().retry("again", attempt=task)',
        'get_hiveloop_task(\n).retry("again", attempt=1)',
        'if item:\n    pass\nelif item: get_hiveloop_task().retry("again", attempt=1)',
        'item() \\\n    ; get_hiveloop_task().retry("again", attempt=1)',
    ],
)
def test_what_cannot_get_a_check_stays(body: str, tmp_path: Path) -> None:
    change = change_of(function(body), tmp_path)
    assert (change.is_change, [outcome.is_written for outcome in change.outcomes]) == (False, [False])


def test_a_module_gets_no_new_name(tmp_path: Path) -> None:
    source = f'{GETTERS}get_hiveloop_task().retry("again", attempt=1)\n'
    assert mended(source, tmp_path) == source


@pytest.mark.parametrize(
    "call",
    [
        'task.plan("all", await reply())',
        'task.plan("all", steps := reply["steps"])',
        'task.plan("all", [(yield part) for part in [1]] + reply["steps"])',
    ],
)
def test_work_of_the_agent_among_the_arguments_is_not_caught(call: str, tmp_path: Path) -> None:
    body = f"task = get_hiveloop_task()\nif task:\n    {call}"
    if "yield" in call:
        body = body.replace("[(yield part) for part in [1]]", "(yield)")
    assert changed(body, tmp_path, "async def work(item, reply, steps):") == same(body)


def test_an_exception_of_another_meaning_is_not_caught(tmp_path: Path) -> None:
    body = 'Exception = OSError\ntask = get_hiveloop_task()\nif task:\n    task.plan("all", reply["steps"])'
    assert changed(body, tmp_path) == same(body)


def test_a_hand_over_moves_behind_the_escalation_only_when_asked(tmp_path: Path) -> None:
    told = 'if task:\n    task.escalate("too hard", assigned_to="desk")'
    before = f"task = get_hiveloop_task()\nqueue_for_review(item)\n{told}"
    assert changed(before, tmp_path) == same(before)
    assert changed(before, tmp_path, unsafe=True) == same(f"task = get_hiveloop_task()\n{told}\nqueue_for_review(item)")


def test_a_hand_over_whose_answer_is_told_stays(tmp_path: Path) -> None:
    body = (
        "task = get_hiveloop_task()\nticket = queue_for_review(item)\n"
        'if task:\n    task.escalate(f"too hard: {ticket}", assigned_to="desk")'
    )
    assert changed(body, tmp_path, unsafe=True) == same(body)
