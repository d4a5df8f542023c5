"""A place that tells HiveBoard already is no finding, wherever in the project its call stands; a look-alike is one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

LOOP = """\
import time

{imports}


def fetch(client{more}):
    for attempt in range(3):
        try:
            return client.load()
        except TransientError as error:
            {tell}
            time.sleep(2**attempt)
"""
OBSERVABILITY = """\
from contextvars import ContextVar

_task = ContextVar("task", default=None)


def get_current_task():
    return _task.get()
"""
WRAPPER = """\
from app.observability import get_current_task


def note_retry(error, attempt):
    task = get_current_task()
    if task is None:
        return
    try:
        task.retry(f"Retrying after {type(error).__name__}", attempt=attempt)
    except Exception:
        pass
"""
NARRATOR = """\
class Narrator:
    def __init__(self, task):
        self._task = task

    def retry(self, error, attempt):
        if self._task:
            self._task.retry(f"Retrying after {type(error).__name__}", attempt=attempt)

    def count(self, error, attempt):
        print("attempt", attempt)
"""


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def missing(run: Run, *arguments: str) -> list[str]:
    """Run a report and return the places it shows."""
    outcome = run("report", "--format", "json", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    return [f"{finding['path']} {finding['symbol']}" for finding in json.loads(outcome.out)["findings"]]


def loop(tell: str, imports: str = "", more: str = "") -> str:
    return LOOP.format(tell=tell, imports=imports, more=more)


GETTER = "from app.observability import get_current_task"
SITE = ["app/agent.py fetch"]


@pytest.mark.parametrize(
    ("tell", "imports", "more"),
    [
        ('get_current_task().retry("again", attempt=attempt)', GETTER, ""),
        ('(task := get_current_task()) and task.retry("again", attempt=attempt)', GETTER, ""),
        ('t = get_current_task()\n            t.retry(f"again {error}")', GETTER, ""),
        ('task.retry(summary="again", attempt=attempt + 1)', "", ", task"),
        ('tell = task.retry\n            tell("again", attempt=attempt)', "", ", task"),
        ('getattr(task, "retry")("again", attempt=attempt)', "", ", task"),
        ('task.retry("again") if task else None', "", ", task"),
        ('request.state.hiveloop_task.retry("again", attempt=attempt)', "", ", request"),
        ("note_retry(error, attempt)", "from app.tell import note_retry", ""),
        ("note(error, attempt)", "from app.tell import note_retry as note", ""),
        ("note_retry(error, attempt)", "from .tell import note_retry", ""),
        ("tell.note_retry(error, attempt)", "from app import tell", ""),
        ("app.tell.note_retry(error, attempt)", "import app.tell", ""),
        ("t.note_retry(error, attempt)", "import app.tell as t", ""),
        ("note_retry(error, attempt)", "from app import note_retry", ""),
        ("note_retry(error, attempt)", "from app.tell import *", ""),
        ("again(error, attempt)", "from app.hops import again", ""),
        ("narrator.retry(error, attempt)", "from app.narrator import Narrator", ", narrator: Narrator"),
        ("narrator.retry(error, attempt)", "from app.narrator import Narrator", ', narrator: "Narrator | None"'),
        ("narrator.retry(error, attempt)", "from app.shared import narrator", ""),
        ("shared.narrator.retry(error, attempt)", "from app import shared", ""),
        ("get_narrator().retry(error, attempt)", "from app.shared import get_narrator", ""),
        ("Narrator(None).retry(error, attempt)", "from app.narrator import Narrator", ""),
        ("heir.retry(error, attempt)", "from app.shared import Heir", ", heir: Heir"),
    ],
)
def test_a_call_in_the_branch_or_in_a_function_it_calls_is_enough(
    run: Run, tmp_path: Path, tell: str, imports: str, more: str
) -> None:
    files = {
        "app/__init__.py": "from app.tell import note_retry\n",
        "app/observability.py": OBSERVABILITY,
        "app/tell.py": WRAPPER,
        "app/hops.py": "from app import tell\n\n\ndef again(error, attempt):\n    tell.note_retry(error, attempt)\n",
        "app/narrator.py": NARRATOR,
        "app/shared.py": "from app.narrator import Narrator\n\nnarrator = Narrator(None)\n\n\ndef get_narrator():\n"
        "    return narrator\n\n\nclass Heir(Narrator):\n    pass\n",
        "app/agent.py": loop(tell, imports, more),
    }
    write(tmp_path, files)
    assert missing(run) == []
    assert missing(run, "app/agent.py") == []
    write(tmp_path, {"app/agent.py": loop("print(error)")})
    assert missing(run) == SITE


@pytest.mark.parametrize(
    ("tell", "imports", "more"),
    [
        ("celery_task.retry(exc=error)", "", ", celery_task"),
        ("client.retry(attempt)", "", ""),
        ("note_retry(error, attempt)", "from app.log import note_retry", ""),
        ("note_retry(error, attempt)", "from elsewhere import note_retry", ""),
        ("narrator.count(error, attempt)", "from app.narrator import Narrator", ", narrator: Narrator"),
        ('counter.retry("again", attempt=attempt)', "from app.log import Counter", ", counter: Counter"),
        ("finish(error, attempt)", "from app.log import finish", ""),
        ("fetch_more(client)", "from app.more import fetch_more", ""),
        ("late(error)", "from app.log import late", ""),
        ('print("task.retry()", attempt)', "", ""),
    ],
)
def test_what_only_looks_like_it_is_not(run: Run, tmp_path: Path, tell: str, imports: str, more: str) -> None:
    files = {
        "app/__init__.py": "",
        "app/observability.py": OBSERVABILITY,
        "app/tell.py": WRAPPER,
        "app/narrator.py": NARRATOR,
        "app/log.py": "from app.tell import note_retry as tell\n\n\n"
        "def note_retry(error, attempt):\n    print(error)\n\n\n"
        "class Counter:\n    def retry(self, text, attempt):\n        self.seen = attempt\n\n\n"
        "def finish(error, attempt):\n    if attempt > 7:\n        tell(error, attempt)\n\n\n"
        "def late(error):\n    def inside():\n        tell(error, 1)\n    print(error)\n",
        "app/more.py": loop("task.retry('again', attempt=attempt)", GETTER, ", task").replace("fetch", "fetch_more"),
        "app/agent.py": loop(tell, imports, more),
    }
    write(tmp_path, files)
    assert missing(run) == SITE


LIBRARY = """\
{imports}


{decorator}
def fetch(client):
    return client.load()
"""
HOOKS = """\
from app.tell import note_retry


def on_retry(state):
    note_retry(state.outcome.exception(), state.attempt_number)


def on_nothing(state):
    print(state)


def telling(function):
    def run(*values):
        note_retry(None, 1)
        return function(*values)

    return run
"""


@pytest.mark.parametrize(
    ("decorator", "told"),
    [
        ("@tenacity.retry(stop=tenacity.stop_after_attempt(3))", False),
        ("@tenacity.retry(stop=tenacity.stop_after_attempt(3), before_sleep=hooks.on_retry)", True),
        ("@tenacity.retry(stop=tenacity.stop_after_attempt(3), before_sleep=hooks.on_nothing)", False),
        ("@tenacity.retry(stop=tenacity.stop_after_attempt(3), before_sleep=lambda s: hooks.on_retry(s))", True),
        ("@tenacity.retry(stop=tenacity.stop_after_attempt(3), before_sleep=partial(hooks.on_retry))", True),
        ("@hooks.telling\n@tenacity.retry(stop=tenacity.stop_after_attempt(3))", True),
    ],
)
def test_a_callback_or_a_decorator_can_tell(run: Run, tmp_path: Path, decorator: str, told: bool) -> None:
    imports = "from functools import partial\n\nimport tenacity\n\nfrom app import hooks"
    files = {
        "app/__init__.py": "",
        "app/observability.py": OBSERVABILITY,
        "app/tell.py": WRAPPER,
        "app/hooks.py": HOOKS,
        "app/agent.py": LIBRARY.format(imports=imports, decorator=decorator),
    }
    write(tmp_path, files)
    assert missing(run) == ([] if told else SITE)


CIRCLE = """\
from app.tell import note_retry


def first(error, attempt):
    second(error, attempt)
    note_retry(error, attempt)


def second(error, attempt):
    third(error, attempt)


def third(error, attempt):
    if attempt > 7:
        return
    first(error, attempt)


def endless(error, attempt):
    endless(error, attempt)
"""


@pytest.mark.parametrize(("called", "told"), [("first", True), ("second", True), ("third", True), ("endless", False)])
def test_calls_that_go_round_in_circles_are_followed(run: Run, tmp_path: Path, called: str, told: bool) -> None:
    files = {
        "app/__init__.py": "",
        "app/observability.py": OBSERVABILITY,
        "app/tell.py": WRAPPER,
        "app/circle.py": CIRCLE,
        "app/agent.py": loop(f"{called}(error, attempt)", f"from app.circle import {called}"),
        "app/again.py": loop("second(error, attempt)", "from app.circle import second"),
    }
    write(tmp_path, files)
    assert missing(run, "app/agent.py", "app/again.py") == ([] if told else SITE)


def test_a_wrapper_is_named_in_the_settings(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"app/agent.py": loop("obs.note_retry(error)", "from company import obs")})
    assert missing(run) == SITE
    settings = '[tool.hiveloop-scan.wrappers]\nretry = ["obs.note_retry"]\n'
    write(tmp_path, {"pyproject.toml": settings})
    assert missing(run) == []
    write(tmp_path, {"pyproject.toml": settings.replace("obs.note", "other.note")})
    assert missing(run) == SITE


def test_a_wrapper_of_an_unknown_method_is_refused(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[tool.hiveloop-scan.wrappers]\nrety = ["obs.note"]\n', "agent.py": ""})
    outcome = run("report")
    assert (outcome.code, outcome.err.splitlines()[-1]) == (2, "Hint: did you mean 'retry'?")


DISPATCH = """\
def run_tool(registry, tool_call):
    return registry[tool_call.name](**tool_call.arguments)


def turn(registry, response, agent):
    for tool_call in response.tool_calls:
        {run}
"""
TRACKED = "with agent.track_context(tool_call.name):\n            run_tool(registry, tool_call)"


@pytest.mark.parametrize(
    ("run_it", "told"),
    [
        (TRACKED, True),
        ("run_tool(registry, tool_call)", False),
        (f"{TRACKED}\n        run_tool(registry, tool_call)", False),
        (
            "with agent.track_context('turn'):\n            print(tool_call)\n        run_tool(registry, tool_call)",
            False,
        ),
    ],
)
def test_a_tool_is_tracked_where_all_callers_track_it(run: Run, tmp_path: Path, run_it: str, told: bool) -> None:
    write(tmp_path, {"agent.py": DISPATCH.format(run=run_it)})
    assert (missing(run, "--method", "track_context") == []) is told


INBOX = """\
import queue
import threading


class Inbox:
    def __init__(self, handle):
        self.handle = handle
        self.claims = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def put(self, claim):
        self.claims.put(claim)

    def depth(self):
        return self.claims.qsize()

    def work(self):
        while True:
            claim = self.claims.get()
            self.handle(claim)
"""
APP = """\
import hiveloop

from app.inbox import Inbox
from app.other import Outbox

inbox = Inbox(print)
outbox = Outbox()
hb = hiveloop.init(api_key="hb_live_x", endpoint="https://hive.example.org")
agent = hb.agent("worker"{provider})
"""


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ("", False),
        (', queue_provider=lambda: {"depth": inbox.depth()}', True),
        (', queue_provider=lambda: {"depth": inbox.claims.qsize()}', True),
        (", queue_provider=inbox.depth", True),
        (', queue_provider=lambda: {"depth": outbox.depth()}', False),
        (")\nagent.queue_snapshot(depth=inbox.depth()", True),
        (")\nagent.queue_snapshot(depth=outbox.depth()", False),
    ],
)
def test_a_queue_is_watched_where_the_agent_is_made(run: Run, tmp_path: Path, provider: str, told: bool) -> None:
    files = {
        "app/__init__.py": "",
        "app/inbox.py": INBOX,
        "app/other.py": "class Outbox:\n    def depth(self):\n        return 0\n",
        "app/main.py": APP.format(provider=provider),
    }
    write(tmp_path, {**files, "pyproject.toml": ""})
    assert missing(run, "--method", "queue_snapshot") == ([] if told else ["app/inbox.py Inbox.__init__"])
    alone = missing(run, "--method", "queue_snapshot", "app/inbox.py")
    assert alone == ([] if told else ["app/inbox.py Inbox.__init__"])


OTHER = INBOX.replace("Inbox", "Outbox")
WATCHER = """\
def watch(agent, box):
    agent.queue_snapshot(depth=box.claims.qsize())
"""


@pytest.mark.parametrize(
    ("main", "told"),
    [
        (APP.format(provider=', queue_provider=lambda: {"depth": inbox.claims.qsize()}'), ["Inbox"]),
        (APP.format(provider=', queue_provider=lambda: {"depth": outbox.claims.qsize()}'), ["Outbox"]),
        (f"from app.inbox import Inbox\n\n\n{WATCHER.replace('box)', 'box: Inbox)')}", ["Inbox"]),
        (WATCHER, []),
        ("", []),
    ],
)
def test_a_queue_of_the_same_name_is_not_watched_with_another(
    run: Run, tmp_path: Path, main: str, told: list[str]
) -> None:
    write(tmp_path, {"app/__init__.py": "", "app/inbox.py": INBOX, "app/other.py": OTHER, "app/main.py": main})
    (tmp_path / "pyproject.toml").touch()
    places = {"Inbox": "app/inbox.py Inbox.__init__", "Outbox": "app/other.py Outbox.__init__"}
    assert missing(run, "--method", "queue_snapshot") == [place for name, place in places.items() if name not in told]


def test_the_only_queue_of_a_name_is_watched_by_it(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"app/__init__.py": "", "app/inbox.py": INBOX, "app/main.py": WATCHER})
    assert missing(run, "--method", "queue_snapshot") == []


APPROVAL = """\
def pay_out(claim, ledger, task):
    {asks}
    answer = input(f"Pay out {{claim.number}}? [y/N] ")
    granted = answer.strip().lower() == "y"
    {answered}
    if not granted:
        return False
    ledger.pay(claim)
    return True
"""


@pytest.mark.parametrize(
    ("asks", "answered", "told"),
    [
        ("pass", "pass", False),
        ("asked(task)", "answered(task)", True),
        ("asked(task)", "pass", False),
        ("pass", "answered(task)", False),
        ("task.request_approval('Pay out', approver='lead')", "answered(task)", True),
    ],
)
def test_an_approval_is_told_with_both_its_halves(
    run: Run, tmp_path: Path, asks: str, answered: str, told: bool
) -> None:
    tells = (
        "\n\ndef asked(task):\n    task.request_approval('Pay out', approver='lead')\n"
        "\n\ndef answered(task):\n    task.approval_received('Decided', approved_by='lead')\n"
    )
    write(tmp_path, {"agent.py": APPROVAL.format(asks=asks, answered=answered) + tells})
    assert missing(run) == ([] if told else ["agent.py pay_out"])
