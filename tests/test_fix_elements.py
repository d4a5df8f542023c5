"""What `apply` writes where one expression runs several tools, or has them run in threads and tasks."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent
from types import ModuleType
from typing import Any

import pytest

from hiveloop_scan.fix.removal import without_calls
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.starting import new_module
from tests.fixing import GETTERS, proposed

HELPERS = new_module(Path("agent"), "observability").text
RUN = "registry.execute(call.function.name, call.function.arguments)"


def code(body: str, is_async: bool = False, top: str = "") -> str:
    """Return a function with this body that is given a registry of tools and the reply of a model."""
    word = "async def" if is_async else "def"
    head = f"import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\n\n\n{dedent(top)}"
    return f"{head}{word} run_turn(registry, reply):\n{indent(dedent(body).strip(), '    ')}\n"


def tracked(source: str, folder: Path) -> str:
    """Return the function as `apply` leaves it in a project whose module init has written."""
    (change,) = proposed(source, "track_context", folder, HELPERS).changed
    assert [outcome.is_written for outcome in change.outcomes] == [True]
    assert without_calls(Source(change.after)).data == source.encode()
    text = change.after.decode()
    return text[text.index("def run_turn") :].partition("\n")[2]


def reasons(source: str, folder: Path, getters: str = HELPERS) -> set[str]:
    proposal = proposed(source, "track_context", folder, getters)
    assert not proposal.changed
    return {outcome.reason for outcome in proposal.outcomes}


CALL = "_hl_track_call(lambda: call.function.name, registry.execute)(call.function.name, call.function.arguments)"
AWAITED = f"_hl_track_awaitable(lambda call=call: call.function.name, {RUN})"
AT_ONCE = {
    "a comprehension": ("return [{run} for call in reply.tool_calls]", CALL),
    "a dictionary": ("return {{call.id: {run} for call in reply.tool_calls}}", CALL),
    "a generator": ("return list({run} for call in reply.tool_calls if call.ready)", CALL),
    "a loop over a comprehension": ("for output in [{run} for call in reply.tool_calls]:\n    print(output)", CALL),
}


@pytest.mark.parametrize(("body", "run"), AT_ONCE.values(), ids=AT_ONCE)
def test_each_run_of_a_comprehension_goes_through_the_helper(body: str, run: str, tmp_path: Path) -> None:
    after = tracked(code(body.format(run=RUN)), tmp_path)
    assert after == indent(body.format(run=run), "    ") + "\n"


AWAITING = {
    "gather": "return await asyncio.gather(*[{run} for call in reply.tool_calls])",
    "gather with a limit of time": """
        return await asyncio.gather(*(asyncio.wait_for({run}, 5) for call in reply.tool_calls))
        """,
    "a list that is gathered": """
        pending = [{run} for call in reply.tool_calls]
        return await asyncio.gather(*pending, return_exceptions=True)
        """,
    "a task for each": """
        tasks = []
        for call in reply.tool_calls:
            tasks.append(asyncio.create_task({run}))
        return [await task for task in tasks]
        """,
    "a group of tasks": """
        async with asyncio.TaskGroup() as group:
            for call in reply.tool_calls:
                group.create_task({run})
        """,
}


@pytest.mark.parametrize("body", AWAITING.values(), ids=AWAITING)
def test_what_is_awaited_elsewhere_is_awaited_by_the_helper(body: str, tmp_path: Path) -> None:
    after = tracked(code(body.format(run=RUN), is_async=True), tmp_path)
    assert after == indent(dedent(body.format(run=AWAITED)).strip(), "    ") + "\n"


def test_a_comprehension_that_awaits_tells_when_it_does(tmp_path: Path) -> None:
    body = "return [await {run} for call in reply.tool_calls]"
    awaited = AWAITED.replace(" call=call", "")
    assert tracked(code(body.format(run=RUN), is_async=True), tmp_path) == f"    {body.format(run=awaited)}\n"


def test_a_thread_gets_a_function_that_knows_the_task(tmp_path: Path) -> None:
    body = """
        with ThreadPoolExecutor() as pool:
            for call in reply.tool_calls:
                pending.append(pool.submit({run}, call.function.name, call.function.arguments))
        return [item.result() for item in pending]
        """
    source = code("pending = []\n" + dedent(body.format(run="registry.execute")))
    after = tracked(source, tmp_path)
    assert "pool.submit(_hl_track_call(lambda call=call: call.function.name, registry.execute), call" in after


def test_a_lambda_that_is_awaited_in_a_thread_is_in_the_block_of_its_statement(tmp_path: Path) -> None:
    run = f"await asyncio.wait_for(loop.run_in_executor(None, lambda: {RUN}), timeout=5)"
    body = f"loop = asyncio.get_running_loop()\nfor call in reply.tool_calls:\n    output = {run}\n    print(output)"
    after = tracked(code(body, is_async=True), tmp_path)
    assert f"        with _hl_track(lambda: call.function.name):\n            output = {run}\n" in after


REFUSED = {
    "a pool that may be one of processes": (
        """
        pending = []
        for call in reply.tool_calls:
            pending.append(registry.pool.submit(registry.execute, call.function.name, call.function.arguments))
        return [item.result() for item in pending]
        """,
        False,
    ),
    "a gather of somebody else": ("return await registry.gather(*[{run} for call in reply.tool_calls])", True),
    "a list that goes elsewhere, too": (
        """
        pending = [{run} for call in reply.tool_calls]
        registry.note(pending)
        return await asyncio.gather(*pending)
        """,
        True,
    ),
    "what may have to be awaited": ("return [{run} for call in reply.tool_calls]", True),
}


@pytest.mark.parametrize(("body", "is_async"), REFUSED.values(), ids=REFUSED)
def test_where_it_is_not_certain_how_the_tool_runs_nothing_is_written(
    body: str, is_async: bool, tmp_path: Path
) -> None:
    assert reasons(code(body.format(run=RUN), is_async), tmp_path)


def test_a_project_without_the_helper_is_told_how_to_get_it(tmp_path: Path) -> None:
    source = code(f"return [{RUN} for call in reply.tool_calls]")
    assert reasons(source, tmp_path, GETTERS) == {"the project has no track_call()"}


class Registry:
    """Runs tools, and keeps how often."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    def execute(self, name: str, arguments: str) -> str:
        self.runs.append(name)
        if name == "broken":
            raise LookupError(name)
        return f"{name}({arguments})"


class AsyncRegistry(Registry):
    """The same for tools that are awaited."""

    async def execute(self, name: str, arguments: str) -> str:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().execute(name, arguments)


class Thing:
    """What has the attributes that it is given."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


def reply_with(*names: str) -> Thing:
    return Thing(tool_calls=[Thing(id=name, function=Thing(name=name, arguments="x")) for name in names])


class Failing:
    """An agent whose every method raises."""

    def __getattr__(self, name: str) -> Any:
        raise OSError(name)


class Noting:
    """An agent that keeps the actions it is told of, and how they end."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def track_context(self, name: str) -> Any:
        return Noted(self, name)


class Noted:
    """One action."""

    def __init__(self, agent: Noting, name: str) -> None:
        self.agent, self.name = agent, name

    def __enter__(self) -> None:
        self.agent.told.append((self.name, "started"))

    def __exit__(self, kind: type | None, *_: object) -> None:
        self.agent.told.append((self.name, "completed" if kind is None else "failed"))


def run_with(source: str, agent: Any, folder: Path, registry: Registry, *names: str) -> Any:
    """Run the changed function in a project whose module knows `agent`; return what it gives or raises."""
    (change,) = proposed(source, "track_context", folder, HELPERS).changed
    board = ModuleType("observability")
    exec(compile(HELPERS, "observability", "exec", dont_inherit=True), vars(board))
    board.set_hiveloop_agent(agent)
    scope: dict[str, Any] = {}
    before = sys.modules.get("observability")
    sys.modules["observability"] = board
    try:
        exec(compile(change.after, "agent", "exec", dont_inherit=True), scope)
        outcome = scope["run_turn"](registry, reply_with(*names))
        return asyncio.run(outcome) if asyncio.iscoroutine(outcome) else outcome
    except LookupError as error:
        return error
    finally:
        del sys.modules["observability"]
        if before is not None:
            sys.modules["observability"] = before


THREADS = """
    with ThreadPoolExecutor(1) as pool:
        pending = []
        for call in reply.tool_calls:
            pending.append(pool.submit(registry.execute, call.function.name, call.function.arguments))
        return [item.result() for item in pending]
    """
WAYS: dict[str, tuple[str, Callable[[], Registry]]] = {
    "a comprehension": (code(f"return [{RUN} for call in reply.tool_calls]"), Registry),
    "threads": (code(THREADS), Registry),
    "gather": (code(AWAITING["gather"].format(run=RUN), is_async=True), AsyncRegistry),
    "tasks": (code(AWAITING["a task for each"].format(run=RUN), is_async=True), AsyncRegistry),
}


@pytest.mark.parametrize("agent", [None, Failing()], ids=["no agent", "an agent that fails"])
@pytest.mark.parametrize(("source", "registry"), WAYS.values(), ids=WAYS)
def test_each_tool_runs_once_whatever_the_sdk_does(
    source: str, registry: Callable[[], Registry], agent: Any, tmp_path: Path
) -> None:
    tools = registry()
    assert run_with(source, agent, tmp_path, tools, "one", "two") == ["one(x)", "two(x)"]
    assert tools.runs == ["one", "two"]


@pytest.mark.parametrize(("source", "registry"), WAYS.values(), ids=WAYS)
def test_each_tool_is_told_under_its_own_name(source: str, registry: Callable[[], Registry], tmp_path: Path) -> None:
    agent = Noting()
    run_with(source, agent, tmp_path, registry(), "one", "two")
    assert sorted(agent.told) == [(name, end) for name in ("one", "two") for end in ("completed", "started")]


@pytest.mark.parametrize(("source", "registry"), WAYS.values(), ids=WAYS)
def test_a_failure_of_a_tool_goes_on(source: str, registry: Callable[[], Registry], tmp_path: Path) -> None:
    agent = Noting()
    assert isinstance(run_with(source, agent, tmp_path, registry(), "broken"), LookupError)
    assert agent.told == [("broken", "started"), ("broken", "failed")]
