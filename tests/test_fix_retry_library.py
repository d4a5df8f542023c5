"""What `apply` writes where a library does the retrying, run with the libraries themselves."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hiveloop_scan.fix.calls import Style
from tests.fixing import GETTERS, applied, proposed

HELPERS = f"{GETTERS}\n\ndef tell_task(tell): ...\n"
DECORATED = """\
import tenacity


@tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_fixed(0))
def fetch(client):
    return client.get("/orders")
"""
HOOK = """\
def _hl_before_sleep(retry_state):
    _hl_task = get_current_task()
    if _hl_task:
        try:
            _hl_task.retry(
                f"Retrying {getattr(retry_state.fn, '__name__', 'the operation')}"
                f" after {type(retry_state.outcome.exception()).__name__}",
                attempt=retry_state.attempt_number,
                backoff_seconds=round(retry_state.next_action.sleep * 1000) / 1000,
            )
        except Exception:
            pass


"""


class Task:
    """A task that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []

    def retry(self, summary: str, **details: Any) -> None:
        self.told.append((summary, details))


class Failing:
    """A client that answers at the third time."""

    def __init__(self) -> None:
        self.asked = 0

    def get(self, path: str) -> str:
        self.asked += 1
        if self.asked < 3:
            raise TimeoutError
        return path

    async def get_later(self, path: str) -> str:
        return self.get(path)


def told(source: str, monkeypatch: pytest.MonkeyPatch, name: str = "fetch") -> list[tuple[str, dict[str, Any]]]:
    """Run `source` until the client answers, and return what its task was told."""
    task, board = Task(), ModuleType("observability")
    board.get_current_task = lambda: task  # type: ignore[attr-defined]
    board.tell_task = lambda tell: tell(task)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "observability", board)
    space: dict[str, Any] = {}
    exec(compile(source, "agent.py", "exec"), space)
    answer = space[name](Failing())
    assert (asyncio.run(answer) if asyncio.iscoroutine(answer) else answer) == "/orders"
    return task.told


def retried(source: str, folder: Path, style: Style = Style.INLINE) -> str:
    return applied(source, "retry", folder, HELPERS, style)


def reasons(source: str, folder: Path) -> set[str]:
    return {outcome.reason for outcome in proposed(source, "retry", folder, HELPERS).outcomes}


TWICE = [
    ("Retrying fetch after TimeoutError", {"attempt": 1, "backoff_seconds": 0.0}),
    ("Retrying fetch after TimeoutError", {"attempt": 2, "backoff_seconds": 0.0}),
]


def test_a_decorated_function_tells_by_a_callback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = retried(DECORATED, tmp_path)
    assert after == DECORATED.replace(
        "import tenacity\n", "import tenacity\n\nfrom observability import get_current_task\n"
    ).replace("wait_fixed(0))", "wait_fixed(0), before_sleep=_hl_before_sleep)").replace(
        "@tenacity", f"{HOOK}@tenacity"
    )
    assert told(after, monkeypatch) == TWICE


def test_a_helper_tells_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = retried(DECORATED, tmp_path, Style.HELPER)
    assert "_hl_tell_task(lambda task: task.retry(" in after
    assert told(after, monkeypatch) == TWICE


@pytest.mark.parametrize(
    "callback",
    ["tenacity.before_sleep_log(LOG, 30)", "note", "lambda state: note(state)"],
    ids=["a maker", "own", "lambda"],
)
def test_the_user_s_callback_runs_as_well(callback: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = (
        'import logging\nLOG = logging.getLogger("x")\nNOTED = []\n\n\ndef note(state):\n    NOTED.append(state)\n\n\n'
    )
    source = DECORATED.replace("@", f"{own}@").replace("wait_fixed(0))", f"wait_fixed(0), before_sleep={callback})")
    after = retried(source, tmp_path)
    assert f"before_sleep=_hl_chained(_hl_before_sleep, {callback})" in after
    assert told(after, monkeypatch) == TWICE


def test_a_coroutine_tells_by_the_same_callback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DECORATED.replace("def fetch", "async def fetch").replace("client.get(", "await client.get_later(")
    assert told(retried(source, tmp_path), monkeypatch) == TWICE


def test_functions_of_one_file_share_the_callback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DECORATED + "\n\n" + DECORATED.partition("\n\n\n")[2].replace("fetch", "send")
    after = retried(source, tmp_path)
    assert (after.count("def _hl_before_sleep"), after.count("before_sleep=_hl_before_sleep")) == (1, 2)
    assert told(after, monkeypatch, "send")[0][0] == "Retrying send after TimeoutError"


BACKOFF = """\
import backoff


@backoff.on_exception(
    backoff.constant,
    TimeoutError,
    max_tries=4,
    interval=0,
    jitter=None,
)
def fetch(client):
    return client.get("/orders")
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    jitter=None,\n", "    jitter=None,\n    on_backoff=_hl_on_backoff,\n"),
        ("    jitter=None,\n    on_backoff=[print],\n", "    jitter=None,\n    on_backoff=[_hl_on_backoff, print],\n"),
        ("    jitter=None,\n    on_backoff=lambda details: print(details),\n",
         "    jitter=None,\n    on_backoff=_hl_chained(_hl_on_backoff, lambda details: print(details)),\n"),
        ("    jitter=None\n", "    jitter=None, on_backoff=_hl_on_backoff\n"),
        ("    jitter=(None)\n", "    jitter=(None), on_backoff=_hl_on_backoff\n"),
    ],
    ids=["none", "a list", "one", "no comma", "brackets"],
)  # fmt: skip
def test_backoff_tells_by_its_callback(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = retried(BACKOFF.replace("    jitter=None,\n", before), tmp_path)
    assert after in written
    assert told(written, monkeypatch) == TWICE


LOOPS = {
    "stamina": "stamina.retry_context(on=TimeoutError, wait_max=0)",
    "tenacity": "tenacity.Retrying(stop=tenacity.stop_after_attempt(3))",
}


@pytest.mark.parametrize("library", LOOPS)
def test_a_loop_of_attempts_tells_when_the_next_begins(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = retried(
        f"import {library}\n\n\ndef fetch(client):\n    for attempt in {LOOPS[library]}:\n"
        '        with attempt:\n            return client.get("/orders")\n',
        tmp_path,
    )
    assert told(after, monkeypatch) == [("Retrying client.get after a failure", {"attempt": count}) for count in (1, 2)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("stop=tenacity.stop_after_attempt(3)", "**SETTINGS"),
         "the settings are unpacked, and may hold a before_sleep of their own"),
        (("wait_fixed(0))", "wait_fixed(0), before_sleep=hooks.note)"),
         "there is a callback already, which may have to be awaited"),
        (("import tenacity\n", "import retrying\n"), "retrying has no callback for a retry"),
    ],
    ids=["unpacked", "unknown", "no hook"],
)  # fmt: skip
def test_where_nothing_is_certain_nothing_is_written(change: tuple[str, str], reason: str, tmp_path: Path) -> None:
    source = DECORATED.replace(*change)
    if "retrying" in source:
        source = source.replace(
            "@tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_fixed(0))",
            "@retrying.retry(stop_max_attempt_number=3)",
        )
    assert reasons(source, tmp_path) == {reason}


def test_the_callback_stands_above_what_retries_and_not_among_constants(tmp_path: Path) -> None:
    constants = "WAIT = tenacity.wait_fixed(0)\nCODES = {429}\n\n\n"
    source = DECORATED.replace("@tenacity", f"{constants}@tenacity", 1).replace("\n\n\nWAIT", "\n\nWAIT")
    after = applied(source, "retry", tmp_path)
    assert f"{constants}{HOOK}@tenacity.retry(" in after
