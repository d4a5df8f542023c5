"""Where generated calls get the task and the agent from."""

from pathlib import Path

import pytest

from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.offers import find_plumbing
from hiveloop_scan.fix.plumbing import accessor_of
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

HERE = "def go():\n    here()\n"
SETUP = "import hiveloop\n\nhb = hiveloop.init('hb_test', endpoint='http://localhost')\nagent = hb.agent('helper')\n"
OPEN = f"{SETUP}def go():\n    with agent.task('t') as run:\n"
OWN = f"{SETUP}class A:\n    def __init__(self):\n        self._own = hb.agent('x')\n"
GETTERS = """\
from contextvars import ContextVar

_task = ContextVar("hiveloop_task", default=None)


def get_current_task():
    return _task.get()


def get_hiveloop_agent(name=None):
    return None
"""


def accessor(folder: Path, source: str, handle: str = "task", **files: str) -> str:
    """Return how code in front of the line ``here()`` of ``agent.py`` gets a handle, with its imports behind a bar."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = folder / "agent.py"
    path.write_text(source)
    known = Source(source.encode())
    line = next(number for number, text in enumerate(source.splitlines(), 1) if text.strip() == "here()")
    plumbing = find_plumbing(sorted(folder.rglob("*.py")))
    found = accessor_of(Handle(handle), known.statement_at(line), known, path, plumbing)
    return " | ".join([found.expression, *(item.line for item in sorted(found.imports))])


def refusal(folder: Path, source: str, handle: str = "task", **files: str) -> str:
    with pytest.raises(Refusal) as caught:
        accessor(folder, source, handle, **files)
    return caught.value.reason


@pytest.mark.parametrize(
    ("source", "handle", "expected"),
    [
        (f"{OPEN}        here()\n", "task", "run"),
        (f"{OPEN}        for _ in x:\n            here()\n", "task", "run"),
        (f"{OPEN}        def inner():\n            here()\n", "task", "run"),
        (f"{OPEN}        later(run)\n\ndef later(piece):\n    here()\n", "task", "piece"),
        ("import hiveloop\n\ndef go(run: hiveloop.Task | None):\n    here()\n", "task", "run"),
        ("def go(hl_task=None):\n    here()\n", "task", "hl_task"),
        ("from hiveloop import Agent\n\ndef go(own: Agent):\n    here()\n", "agent", "own"),
        (f"{SETUP}def go():\n    run = agent.start_task('t')\n    here()\n", "task", "run"),
        ("import hiveloop\n\ndef go(key):\n    own = hiveloop.init(key).agent('x')\n    here()\n", "agent", "own"),
        (f"{SETUP}{HERE}", "agent", "agent"),
        (f"{OWN}    def go(self):\n        here()\n", "agent", "self._own"),
        (f"{OWN}    def go(self):\n        here()\n".replace("__init__", "start"), "agent",
         'getattr(self, "_own", None)'),
        ("class A:\n    def __init__(self, x):\n        self._hiveloop = x\n    def go(self):\n        here()\n",
         "agent", "self._hiveloop"),
    ],
)  # fmt: skip
def test_what_is_at_hand_is_used(source: str, handle: str, expected: str, tmp_path: Path) -> None:
    assert accessor(tmp_path, source, handle) == expected


@pytest.mark.parametrize(
    "source",
    [
        f"{OPEN}        pass\n    here()\n",
        f"{SETUP}def go(flag):\n    if flag:\n        run = agent.start_task('t')\n    here()\n",
        f"{SETUP}def go():\n    run = agent.start_task('t')\n    del run\n    here()\n",
        f"{OPEN}        def inner(run):\n            here()\n",
        f"{OPEN}        run = other()\n        here()\n",
        "import hiveloop\nfrom crewai import Task\n\ndef go(task: Task):\n    here()\n",
        "import hiveloop\n\nclass A:\n    def go(self):\n        self.hl_task_id = '4711'\n        here()\n",
        "import hiveloop\n\ndef go(tracker):\n    with tracker.task('x') as task:\n        here()\n",
        "from celery import current_task\nimport hiveloop\n\ndef go():\n    here()\n",
    ],
    ids=["behind the with", "bound on one way", "deleted", "hidden", "bound again", "of crewai", "an id", "a tracker's",
         "of celery"],
)  # fmt: skip
def test_what_is_no_task_or_may_be_missing_is_not_used(source: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, source) == "nothing gives the task here"


def test_the_project_s_getter_is_imported(tmp_path: Path) -> None:
    expected = "get_current_task() | from observability import get_current_task"
    assert accessor(tmp_path, HERE, observability_py=GETTERS) == expected


def test_the_task_of_the_function_goes_before_the_getter(tmp_path: Path) -> None:
    source = f"{SETUP}def go():\n    with agent.task('t') as run:\n        here()\n"
    assert accessor(tmp_path, source, observability_py=GETTERS) == "run"


def test_the_getter_goes_before_an_agent_of_the_module(tmp_path: Path) -> None:
    assert accessor(tmp_path, f"{SETUP}{HERE}", "agent", observability_py=GETTERS).startswith("get_hiveloop_agent() | ")


def test_a_getter_that_must_be_told_which_is_told_as_its_class_does_it(tmp_path: Path) -> None:
    getters = GETTERS.replace("name=None", "name")
    source = (
        "from observability import get_hiveloop_agent\n"
        "class A:\n    def __init__(self, name):\n        self.name = name\n"
        "    def stop(self):\n        get_hiveloop_agent(self.name).flush()\n    def go(self):\n        here()\n"
    )
    assert accessor(tmp_path, source, "agent", observability_py=getters) == "get_hiveloop_agent(self.name)"


def test_a_getter_that_must_be_told_which_is_not_called_where_nothing_tells(tmp_path: Path) -> None:
    getters = GETTERS.replace("name=None", "name")
    said = refusal(tmp_path, HERE, "agent", observability_py=getters)
    assert said == "get_hiveloop_agent() wants to be told which agent, and nothing around here tells"


def test_a_getter_without_a_word_of_hiveloop_counts_where_the_project_uses_the_sdk(tmp_path: Path) -> None:
    getters = (
        "from contextvars import ContextVar\n_t = ContextVar('t')\ndef get_current_task():\n    return _t.get(None)\n"
    )
    source = "def go():\n    here()\n"
    assert refusal(tmp_path, source, runtime_py=getters) == "nothing gives the task here"
    assert accessor(tmp_path, source, runtime_py=getters, setup_py=SETUP).startswith("get_current_task()")


def test_the_getters_of_the_sdk_s_integration_are_used(tmp_path: Path) -> None:
    hooks = "from hiveloop.integrations.claude_agent_sdk import hiveloop_hooks\n"
    found = accessor(tmp_path, HERE, "agent", main_py=hooks)
    assert found == "get_current_agent() | from hiveloop.integrations.claude_agent_sdk import get_current_agent"


@pytest.mark.parametrize(
    ("source", "handle", "expected"),
    [
        ("def old(request: Request):\n    request.state.hiveloop_task.plan('g', [])\n\n"
         "def go(request: Request):\n    here()\n", "task", 'getattr(request.state, "hiveloop_task", None)'),
        ("def go(agent):\n    if getattr(agent, '_hiveloop', None):\n        pass\n    here()\n",
         "agent", 'getattr(agent, "_hiveloop", None)'),
        (f"{SETUP}BY_NAME = {{}}\nBY_NAME['x'] = hb.agent('x')\n\n"
         "def go(name):\n    BY_NAME.get(name).flush()\n    here()\n", "agent", "BY_NAME.get(name)"),
        ("def go(ctx):\n    ctx.run.hiveloop_task.plan('g', [])\n    here()\n",
         "task", 'getattr(getattr(ctx, "run", None), "hiveloop_task", None)'),
    ],
)  # fmt: skip
def test_a_look_up_of_the_code_around_is_repeated(source: str, handle: str, expected: str, tmp_path: Path) -> None:
    assert accessor(tmp_path, source, handle) == expected


def test_an_agent_of_another_module_is_imported(tmp_path: Path) -> None:
    assert accessor(tmp_path, HERE, "agent", hive_py=SETUP) == "agent | from hive import agent"
    source = "def go(agent):\n    agent.run()\n    here()\n"
    assert (
        accessor(tmp_path, source, "agent", hive_py=SETUP)
        == "_hl_made_agent | from hive import agent as _hl_made_agent"
    )


def test_a_task_begun_with_an_agent_of_another_module_is_used(tmp_path: Path) -> None:
    source = "from hive import agent\n\ndef go():\n    with agent.task('t') as run:\n        here()\n"
    assert accessor(tmp_path, source, hive_py=SETUP) == "run"


def test_of_several_getters_that_which_the_file_imports_counts(tmp_path: Path) -> None:
    source = "import two\n\ndef go():\n    here()\n"
    assert "several functions give the task: in one.py, two.py" in refusal(
        tmp_path, source, one_py=GETTERS, two_py=GETTERS
    )
    source = "from two import get_hiveloop_agent\n\ndef go():\n    here()\n"
    found = accessor(tmp_path, source, one_py=GETTERS, two_py=GETTERS)
    assert found == "get_current_task() | from two import get_current_task"


def test_nothing_gives_a_task_where_only_a_word_speaks_of_it(tmp_path: Path) -> None:
    assert refusal(tmp_path, "# hiveloop\ndef get_current_tasks():\n    here()\n") == "nothing gives the task here"
