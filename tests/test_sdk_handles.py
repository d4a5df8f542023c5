"""Expressions are traced to the SDK by data flow; tasks and agents of other libraries are none of it."""

from __future__ import annotations

import ast

import libcst as cst
import pytest

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_calls
from hiveloop_scan.sdk.handles import handle_of
from hiveloop_scan.sdk.plumbing import getters, holders_at
from hiveloop_scan.syntax.tree import is_name
from hiveloop_scan.triage import anchor_lines

MADE = "import hiveloop\nhb = hiveloop.init('hb_test', endpoint='http://localhost')\nagent = hb.agent('a')\n"
GETTER = "from app.observability import get_hiveloop_agent, get_hiveloop_task\n"


def parsed(source: str) -> ParsedModule:
    return ParsedModule(cst.parse_module(source), anchor_lines(ast.parse(source)))


def receivers(source: str) -> list[str]:
    """Return each call of an SDK method as ``kind.method``, marked with a ? where it is not sure."""
    calls = [call for call in sdk_calls(parsed(source)) if not call.guessed]
    return [f"{call.handle.kind}.{call.method}{'' if call.sure else '?'}" for call in calls]


def last(source: str) -> str:
    return receivers(source)[-1]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("with agent.task('t') as run:\n    run.retry('again')\n", "task.retry"),
        ("def work():\n    with agent.task('t') as run:\n        run.retry('again')\n", "task.retry"),
        ("run = agent.start_task('t')\nrun.escalate('help')\n", "task.escalate"),
        ("run = agent.task('t')\nwith run:\n    run.escalate('help')\n", "task.escalate"),
        ("hb.get_agent('a').report_issue('down', 'high')\n", "agent.report_issue"),
        ("with agent.track_context('x') as ctx:\n    ctx.set_payload({})\n", "action.set_payload"),
        ("def work():\n    global agent\n    agent.queue_snapshot(3)\n", "agent.queue_snapshot"),
        ("other = agent if agent else None\nother.queue_snapshot(3)\n", "agent.queue_snapshot"),
        ("if (found := hb.get_agent('a')):\n    found.queue_snapshot(3)\n", "agent.queue_snapshot"),
        ("agents = {}\nagents['x'] = hb.agent('x')\nagents.get('x').queue_snapshot(3)\n", "agent.queue_snapshot"),
        ("agents = {n: hb.agent(n) for n in names}\nagents['x'].queue_snapshot(3)\n", "agent.queue_snapshot"),
        ("def helper(run):\n    run.plan('g', [])\nwith agent.task('t') as t:\n    helper(t)\n", "task.plan"),
    ],
)
def test_a_value_is_followed_through_a_file(source: str, expected: str) -> None:
    assert expected in receivers(MADE + source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import hiveloop\nclass A:\n    def __init__(self):\n        self.hb = hiveloop.init('k')\n"
         "        self.own = self.hb.agent('x')\n    def go(self):\n        self.own.resolve_issue('up')\n",
         "agent.resolve_issue"),
        ("class A:\n    def go(self):\n        getattr(self.agent, '_hiveloop', None).resolve_issue('up')\n",
         "agent.resolve_issue"),
        ("def go(request):\n    task = request.state.hiveloop_task\n    task.plan('g', [])\n", "task.plan"),
        ("from hiveloop import Task\ndef go(t: Task | None):\n    t.plan('g', [])\n", "task.plan"),
        ("import hiveloop\ndef go(t: 'hiveloop.Task'):\n    t.plan('g', [])\n", "task.plan"),
        ("from hiveloop.integrations.claude_agent_sdk import get_current_task\nget_current_task().plan('g', [])\n",
         "task.plan"),
        (GETTER + "def go():\n    task = get_hiveloop_task()\n    if task:\n        task.plan('g', [])\n", "task.plan"),
        ("from app.observability import get_current_task\nget_current_task().plan('g', [])\n", "task.plan?"),
        ("import hiveloop\nfrom app.tracing import get_current_task\nget_current_task().plan('g', [])\n", "task.plan"),
        ("def go(task):\n    task.plan_step(0, 'started', 'x')\n    task.plan('g', [])\n", "task.plan?"),
        ("def go(all):\n    agent = all.agent('a')\n    agent.queue_snapshot(3, items=[])\n", "agent.queue_snapshot?"),
        ("def go(agent):\n    agent.report_issue(summary=text, severity='high')\n", "agent.report_issue?"),
    ],
)  # fmt: skip
def test_a_handle_is_known_by_attribute_getter_annotation_or_use(source: str, expected: str) -> None:
    assert last(source) == expected


def test_a_getter_of_this_file_is_known_by_its_body() -> None:
    source = (
        "import contextvars\nimport hiveloop\n_running = contextvars.ContextVar('task', default=None)\n"
        "def running():\n    return _running.get()\nrunning().plan('g', [])\n"
    )
    assert receivers(source) == ["task.plan"]


@pytest.mark.parametrize(
    "source",
    [
        "import hiveloop\nfrom app.crew import get_current_agent\nget_current_agent().plan('g', [])\n",
        "from crewai import Task\ntask = Task()\ntask.retry()\n",
        "from celery import current_task\ncurrent_task.retry(countdown=3)\n",
        "import asyncio\ntask = asyncio.current_task()\ntask.set_payload({})\n",
        "class Job:\n    def run(self):\n        self.retry(exc=error)\n",
        "def go(agent):\n    agent.run('x')\n    agent.plan('x', ['y'])\n    agent.task('x')\n",
        "def go(task):\n    task.escalate(reason='x')\n",
        "def go(db):\n    db.report_issue(issue_id=3)\n",
        "def go(all):\n    for agent in all.agents():\n        agent.queue_snapshot(3, items=[])\n",
        "from jira import client\nclient.escalate('x', assigned_to='me')\n",
        "with tracker.task('x') as task:\n    task.plan('g', [])\n",
    ],
)
def test_tasks_and_agents_of_others_are_none(source: str) -> None:
    assert receivers(source) == []


def test_a_name_that_also_holds_something_else_is_none() -> None:
    source = MADE + "def go(flag):\n    a = hb.agent('x')\n    if flag:\n        a = make()\n    a.queue_snapshot(1)\n"
    assert "agent.queue_snapshot" not in receivers(source)


def test_arguments_are_bound_by_position_and_by_name() -> None:
    (call,) = sdk_calls(parsed(MADE + "agent.report_issue('down', severity='high', issue_id='x')\n"), "report_issue")
    assert set(call.arguments) == {"summary", "severity", "issue_id"}


def test_a_handle_says_whether_it_may_be_none() -> None:
    module = parsed(MADE + "found = hb.get_agent('b')\nfound.flush()\nagent.flush()\n")
    names = [node for node in module.nodes(cst.Attribute) if node.attr.value == "flush"]
    known = [handle_of(node.value, module) for node in names]
    assert [handle and handle.may_be_none for handle in known] == [True, False]


PLACE = "def work(item):\n    with agent.task('t') as run:\n        first()\n    second()\n"


@pytest.mark.parametrize(("called", "expected"), [("first", {"run", "agent", "hb"}), ("second", {"agent", "hb"})])
def test_a_place_knows_what_it_can_read(called: str, expected: set[str]) -> None:
    module = parsed(MADE + PLACE)
    (place,) = [call for call in module.nodes(cst.Call) if is_name(call.func, called)]
    assert {holder.name for holder in holders_at(place, module)} == expected


def test_getters_are_those_of_the_file_and_those_it_imports() -> None:
    source = (
        "import contextvars\nimport hiveloop\nfrom app.observability import get_hiveloop_agent\n"
        "_running = contextvars.ContextVar('task', default=None)\ndef running(name):\n    return _running.get()\n"
    )
    found = {(getter.name, getter.kind.value, getter.needs) for getter in getters(parsed(source))}
    assert found == {("running", "task", 1), ("get_hiveloop_agent", "agent", None)}


@pytest.mark.parametrize("line", ["d[a] = d[b]", "d[a] = d.get(b)", "d[a] = d[b] or d.get(a)"])
def test_an_entry_that_is_given_another_of_the_same_table_is_nothing(line: str) -> None:
    assert receivers(f"import hiveloop\n\nd = {{}}\n{line}\nd[a].retry('x')\n") == []
