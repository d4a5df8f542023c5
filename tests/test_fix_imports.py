"""Where the import of a getter goes, and how it is spelled; what `remove` takes out is what `apply` has put in."""

import importlib
from pathlib import Path

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.codemod import Proposal, Wish, propose
from hiveloop_scan.config import Config
from hiveloop_scan.files import discover
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.fix.removal import without_calls
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan
from tests.fixing import GETTERS

LOOP = """

def fetch(client):
    for attempt in range(3):
        try:
            return client.get("/orders")
        except TimeoutError:
            if attempt == 2:
                raise
            time.sleep(2)
"""
WAIT = "            time.sleep(2)\n"
IN_PLACE = """\
            try:
                from app.observability import get_current_task as _hl_get_current_task

                _hl_task = _hl_get_current_task()
            except ImportError:
                _hl_task = None
"""
GUARDED = """\
            if _hl_task:
                try:
                    _hl_task.retry(
                        "Retrying client.get after TimeoutError",
                        attempt=attempt + 1,
                        backoff_seconds=2,
                    )
                except Exception:
                    pass
"""
AT_ONCE = """\
import time

from client import client

for attempt in range(3):
    try:
        client.get("/orders")
        break
    except TimeoutError:
        if attempt == 2:
            raise
        time.sleep(2)
"""
RULES = tuple(rule for rule in load_rules() if rule.method == "retry")


def proposed(folder: Path, files: dict[str, str], style: Style = Style.INLINE) -> Proposal:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return propose(discover([folder]), [], Plan(RULES, Config(folder), Confidence.HIGH), Wish(style))


def head(folder: Path, files: dict[str, str]) -> str:
    """Return what stands in front of the first function of the one file that `apply` changes."""
    (change,) = proposed(folder, files).changed
    assert without_calls(Source(change.after)).data == change.before
    return change.after.decode().partition("\n\n\ndef ")[0]


def reasons(folder: Path, files: dict[str, str]) -> set[str]:
    return {outcome.reason for outcome in proposed(folder, files).outcomes}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import time\n", "import time\n\nfrom observability import get_current_task"),
        ("import time\nfrom observability import a\n",
         "import time\nfrom observability import a, get_current_task"),
        ("import time\nfrom observability import start_all\n",
         "import time\nfrom observability import get_current_task, start_all"),
        ("import time\nfrom observability import (a, z)\n",
         "import time\nfrom observability import (a, get_current_task, z)"),
        ("import time\nfrom observability import (\n    a,\n    z,\n)\n",
         "import time\nfrom observability import (\n    a,\n    get_current_task,\n    z,\n)"),
        ("import time\nfrom observability import (\n    a,\n)\n",
         "import time\nfrom observability import (\n    a,\n    get_current_task,\n)"),
        ("import time\nfrom observability import get_current_task\nget_current_task()\n",
         "import time\nfrom observability import get_current_task\nget_current_task()"),
        ("import time\nfrom observability import get_current_task\n",
         "import time\nfrom observability import get_current_task\n"
         "from observability import get_current_task as _hl_get_current_task"),
        ("import time\nimport observability\n", "import time\nimport observability"),
        ("import time\nfrom observability import a as b\n",
         "import time\nfrom observability import get_current_task\nfrom observability import a as b"),
        ('"""Text."""\nimport time\n', '"""Text."""\nimport time\n\nfrom observability import get_current_task'),
        ('"""Text."""\n\ntime = clock()\n',
         '"""Text."""\n\nfrom observability import get_current_task\n\ntime = clock()'),
        ("#!/usr/bin/env python\n# Licence.\n\n# A clock.\ntime = clock()\n",
         "#!/usr/bin/env python\n# Licence.\n\nfrom observability import get_current_task\n\n"
         "# A clock.\ntime = clock()"),
        ("#!/usr/bin/env python\ntime = clock()\n",
         "#!/usr/bin/env python\nfrom observability import get_current_task\n\ntime = clock()"),
        ("def now(): ...\n", "from observability import get_current_task"),
        ("import requests\n", "import requests\n\nfrom observability import get_current_task"),
        ("time = clock()\n", "from observability import get_current_task\n\ntime = clock()"),
        ("from __future__ import annotations\n\nimport time\n",
         "from __future__ import annotations\n\nimport time\n\nfrom observability import get_current_task"),
        ("from __future__ import annotations\n\ntime = clock()\n",
         "from __future__ import annotations\n\nfrom observability import get_current_task\n\ntime = clock()"),
        ("import time\nif TYPE_CHECKING:\n    from observability import get_current_task\n",
         "import time\n\nfrom observability import get_current_task as _hl_get_current_task\nif TYPE_CHECKING:\n"
         "    from observability import get_current_task"),
        ("import time\ntry:\n    from observability import get_current_task\nexcept ImportError:\n"
         "    get_current_task = None\n",
         "import time\ntry:\n    from observability import get_current_task\nexcept ImportError:\n"
         "    get_current_task = None"),
        ("import time\nfrom helpers import *\n",
         "import time\nfrom helpers import *\n\nfrom observability import get_current_task as _hl_get_current_task"),
        ("import time\nget_current_task = 3\n",
         "import time\n\nfrom observability import get_current_task as _hl_get_current_task\nget_current_task = 3"),
        ("import time  # a clock\n", "import time  # a clock\n\nfrom observability import get_current_task"),
    ],
)  # fmt: skip
def test_the_import_goes_where_its_kind_stands(before: str, after: str, tmp_path: Path) -> None:
    assert head(tmp_path, {"agent.py": before + LOOP, "observability.py": GETTERS}) == after


PACKAGE = {"app/__init__.py": "", "app/observability.py": GETTERS, "app/tools.py": "", "app/flows/__init__.py": ""}


@pytest.mark.parametrize(
    ("path", "before", "line"),
    [
        ("app/agent.py", "import time\nfrom .tools import x\n", "from .observability import get_current_task"),
        ("app/flows/agent.py", "import time\nfrom ..tools import x\n", "from ..observability import get_current_task"),
        ("app/agent.py", "import time\nfrom app.tools import x\n", "from app.observability import get_current_task"),
        ("app/agent.py", "import time\n", "from app.observability import get_current_task"),
        ("main.py", "import time\n", "from app.observability import get_current_task"),
        ("scripts/run.py", "import time\nimport app.tools\n", "from app.observability import get_current_task"),
    ],
)
def test_the_import_is_spelled_as_the_file_spells_its_own(path: str, before: str, line: str, tmp_path: Path) -> None:
    assert line in head(tmp_path, {**PACKAGE, path: before + LOOP}).splitlines()


def test_a_file_without_a_word_does_it_as_its_neighbours(tmp_path: Path) -> None:
    files = {**PACKAGE, "app/tools.py": "from .flows import x\n", "app/agent.py": "import time\n" + LOOP}
    assert "from .observability import get_current_task" in head(tmp_path, files)


def test_imports_of_the_package_stay_sorted(tmp_path: Path) -> None:
    before = "import time\n\nfrom app.flows import x\nfrom app.tools import y\n"
    files = {**PACKAGE, "app/agent.py": before + LOOP}
    assert head(tmp_path, files) == before.replace(
        "from app.tools", "from app.observability import get_current_task\nfrom app.tools"
    ).rstrip("\n")


def test_a_full_name_stands_above_relative_imports(tmp_path: Path) -> None:
    before = "import time\n\nfrom . import tools\nfrom .tools import x\n"
    files = {"observability.py": GETTERS, "app/__init__.py": "", "app/tools.py": "x = 1\n"}
    after = head(tmp_path, {**files, "app/agent.py": before + LOOP.replace("fetch(client)", "fetch(client, t=tools)")})
    assert (
        after
        == "import time\n\nfrom observability import get_current_task\n\nfrom . import tools\nfrom .tools import x"
    )


def test_behind_other_code_imports_are_sorted_among_themselves(tmp_path: Path) -> None:
    before = """\
import time
from app.zoo import y

if time:
    import re

from app.models import m
from app.tools import x
"""
    names = {name: f"{name[0]} = y = 1\n" for name in ("zoo", "models", "tools")}
    files = {f"app/{name}.py": text for name, text in names.items()}
    after = head(tmp_path, {**PACKAGE, **files, "app/tools.py": "x = 1\n", "app/agent.py": before + LOOP})
    assert after.endswith(
        "from app.models import m\nfrom app.observability import get_current_task\nfrom app.tools import x"
    )


def test_a_src_layout_counts_from_src(tmp_path: Path) -> None:
    files = {f"src/{name}": text for name, text in PACKAGE.items()} | {"src/app/agent.py": "import time\n" + LOOP}
    assert "from app.observability import get_current_task" in head(tmp_path, files)


def test_a_package_without_init_is_known_by_what_its_files_import(tmp_path: Path) -> None:
    files = {"team/bot/observability.py": GETTERS, "team/bot/tools.py": "", "team/bot/flows/agent.py": "import time\n"}
    relative = files | {"team/bot/flows/agent.py": "import time\nfrom ..tools import x\n" + LOOP}
    assert "from ..observability import get_current_task" in head(tmp_path, relative)
    full = files | {"team/bot/flows/agent.py": "import time\nfrom team.bot.tools import x\n" + LOOP}
    assert "from team.bot.observability import get_current_task" in head(tmp_path, full)


def test_where_no_import_leads_nothing_is_written(tmp_path: Path) -> None:
    files = {**PACKAGE, "scripts/run.py": "import time\n" + LOOP}
    assert reasons(tmp_path, files) == {"no import leads from here to observability.py"}


@pytest.mark.parametrize(
    "files",
    [
        {"app/observability.py": f"from app import agent\n{GETTERS}"},
        {"app/observability.py": f"from .tools import x\n{GETTERS}", "app/tools.py": "import app.agent\n"},
        {"app/observability.py": f"from .flows.steps import x\n{GETTERS}", "app/flows/steps.py": "",
         "app/flows/__init__.py": "from ..agent import y"},
    ],
    ids=["itself", "by another module", "by a package"],
)  # fmt: skip
def test_a_module_that_imports_the_file_is_imported_where_it_is_used(files: dict[str, str], tmp_path: Path) -> None:
    project = {**PACKAGE, **files, "app/agent.py": "import time\n" + LOOP}
    (after,) = (change.after.decode() for change in proposed(tmp_path, project).changed)
    after = after.replace("from .observability", "from app.observability")  # as the neighbours do it
    assert after == "import time\n" + LOOP.replace(WAIT, f"{IN_PLACE}{GUARDED}{WAIT}")


def test_the_import_in_place_stands_in_a_guard_of_its_own_for_helpers_too(tmp_path: Path) -> None:
    getters = f"from app import agent\n{GETTERS}\n\ndef tell_task(tell): ...\n"
    files = {**PACKAGE, "app/observability.py": getters, "app/agent.py": "import time\n" + LOOP}
    (change,) = proposed(tmp_path, files, Style.HELPER).changed
    assert without_calls(Source(change.after)).data == change.before
    assert change.after.decode() == "import time\n" + LOOP.replace(
        WAIT,
        """\
            try:
                from app.observability import tell_task as _hl_tell_task

                _hl_tell_task(lambda task: task.retry(
                    "Retrying client.get after TimeoutError",
                    attempt=attempt + 1,
                    backoff_seconds=2,
                ))
            except ImportError:
                pass
"""
        + WAIT,
    )


TELLING = """\
from contextvars import ContextVar

import hiveloop
from round_trip import agent

current = ContextVar("hiveloop_task", default=None)


def get_current_task():
    return current.get()
"""


class Task:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, float]] = []

    def retry(self, summary: str, **details: float) -> None:
        self.told.append(details)


def test_the_import_in_place_finds_the_task_when_the_circle_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = "import time\n" + LOOP.replace("time.sleep(2)", "time.sleep(0.01)")
    names = {"__init__": "", "observability": TELLING, "agent": quick}
    files = {f"round_trip/{name}.py": text for name, text in names.items()}
    (change,) = proposed(tmp_path, files).changed
    change.path.write_bytes(change.after)
    monkeypatch.syspath_prepend(tmp_path)
    errors = iter([TimeoutError, TimeoutError, None])

    class Client:
        def get(self, address: str) -> None:
            if error := next(errors):
                raise error

    task = Task()
    importlib.import_module("round_trip.observability").current.set(task)
    importlib.import_module("round_trip.agent").fetch(Client())
    assert task.told == [{"attempt": 1, "backoff_seconds": 0.01}, {"attempt": 2, "backoff_seconds": 0.01}]


def test_code_that_runs_while_the_circle_is_imported_imports_nothing(tmp_path: Path) -> None:
    files = {**PACKAGE, "app/observability.py": f"from app import agent\n{GETTERS}", "app/agent.py": AT_ONCE}
    assert reasons(tmp_path, files) == {"observability.py imports this file itself, so this file cannot import it"}


@pytest.mark.parametrize(
    "text",
    ["if TYPE_CHECKING:\n    from app.agent import fetch\n", "def late():\n    from app.agent import fetch\n"],
    ids=["for type checkers", "when it is called"],
)
def test_an_import_that_is_not_run_at_once_makes_no_circle(text: str, tmp_path: Path) -> None:
    files = {**PACKAGE, "app/observability.py": text + GETTERS, "app/agent.py": "import time\n" + LOOP}
    assert "from app.observability import get_current_task" in head(tmp_path, files)


def test_the_init_of_a_package_can_import_what_stands_in_it(tmp_path: Path) -> None:
    files = {**PACKAGE, "app/__init__.py": "import time\n" + LOOP}
    assert "from app.observability import get_current_task" in head(tmp_path, files)
