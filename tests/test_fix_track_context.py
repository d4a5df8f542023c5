"""What `apply` writes around the run of a tool, where it refuses, and that the tool runs once whatever the SDK does."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from textwrap import dedent, indent
from types import ModuleType
from typing import Any

import pytest

from hiveloop_scan.fix.starting import new_module
from tests.fixing import applied, proposed

HELPERS = new_module(Path("agent"), "observability").text
LOOP = """\
import json


def run_turn(registry, reply, history):
    for tool_call in reply.tool_calls:
        arguments = json.loads(tool_call.function.arguments)
        output = registry.execute(tool_call.function.name, arguments)
        history.append({"role": "tool", "tool_call_id": tool_call.id, "content": output})
"""
RUN = "        output = registry.execute(tool_call.function.name, arguments)\n"


def tracked(source: str, folder: Path) -> str:
    """Return `source` as `apply` leaves it in a project that has the helper."""
    return applied(source, "track_context", folder, HELPERS)


def with_run(run: str) -> str:
    """Return the loop with other code in the place of the statement that runs the tool."""
    return LOOP.replace(RUN, indent(dedent(run).strip("\n") + "\n", "        "))


def reason(source: str, folder: Path) -> str:
    """Return why nothing is written."""
    proposal = proposed(source, "track_context", folder, HELPERS)
    assert not proposal.changed
    (outcome,) = proposal.outcomes
    return outcome.reason


def test_the_helper_of_the_project_opens_the_block(tmp_path: Path) -> None:
    assert tracked(LOOP, tmp_path) == LOOP.replace(
        "import json\n", "import json\n\nfrom observability import track as _hl_track\n"
    ).replace(
        RUN,
        "        with _hl_track(lambda: tool_call.function.name):\n"
        "            output = registry.execute(tool_call.function.name, arguments)\n",
    )


def test_without_a_helper_the_guard_stands_where_the_tool_runs(tmp_path: Path) -> None:
    block = """\
        with ExitStack() as _hl_stack:
            _hl_agent = get_hiveloop_agent()
            if _hl_agent:
                try:
                    _hl_action = _hl_agent.track_context(str(tool_call.function.name)[:200])
                    _hl_action.__enter__()

                    @_hl_stack.push
                    def _hl_leave(*error):
                        try:
                            _hl_action.__exit__(*error)
                        except Exception:
                            pass
                except Exception:
                    pass
            output = registry.execute(tool_call.function.name, arguments)
"""
    after = applied(LOOP, "track_context", tmp_path)
    assert after == LOOP.replace(
        "import json\n",
        "import json\nfrom contextlib import ExitStack\n\nfrom observability import get_hiveloop_agent\n",
    ).replace(RUN, block)


WRAPPED = {
    "a call over several lines": """
        output = registry.execute(
            tool_call.function.name,  # what it is called
            arguments,
        )
        """,
    "a line that goes on behind a backslash": """
        output = \\
            registry.execute(tool_call.function.name, arguments)
        """,
    "a comment behind it": "output = registry.execute(tool_call.function.name, arguments)  # may take a while",
    "a name for the result within": "history.append(output := registry.execute(tool_call.function.name, arguments))",
    "a return": "return registry.execute(tool_call.function.name, arguments)",
    "an annotation": "output: str = registry.execute(tool_call.function.name, arguments)",
    "one that is over when its result is there": """
        pending = registry.submit(registry.execute, tool_call.function.name, arguments)
        output = pending.result(timeout=5)
        """,
}


@pytest.mark.parametrize("run", WRAPPED.values(), ids=WRAPPED)
def test_what_is_wrapped_is_indented_and_nothing_else_changes(run: str, tmp_path: Path) -> None:
    before = with_run(run)
    head, _, tail = tracked(before, tmp_path).partition("        with _hl_track(lambda: tool_call.function.name):\n")
    assert head + dedented(tail) == before.replace(
        "import json\n", "import json\n\nfrom observability import track as _hl_track\n"
    )


def dedented(tail: str) -> str:
    """Take a level from the lines that have one more than a loop's body."""
    return "".join(line.removeprefix("    ") if line.startswith(" " * 12) else line for line in tail.splitlines(True))


def test_the_inside_of_a_text_stays_where_it_is(tmp_path: Path) -> None:
    text = '"""\n    - one\n  - two\n"""'
    before = LOOP.replace("name, arguments)", f"name, {text})")
    assert f"            output = registry.execute(tool_call.function.name, {text})\n" in tracked(before, tmp_path)


AROUND = {
    "an else": "if tool_call.ready:\n    pass\nelse:\n    {run}",
    "an elif": "if not tool_call:\n    pass\nelif tool_call.ready:\n    {run}",
    "a try with groups": "try:\n    {run}\nexcept* ValueError:\n    output = None",
    "a finally": "try:\n    pass\nfinally:\n    {run}",
    "a case": "match tool_call.kind:\n    case 'function':\n        {run}",
    "comments above and below": "if tool_call:\n    # first\n    {run}\n    # last",
    "a with": "with open('log') as log:\n    {run}",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_the_block_stands_in_every_kind_of_block(around: str, tmp_path: Path) -> None:
    before = with_run(around.format(run=RUN.strip()))
    after = tracked(before, tmp_path)
    lines = after.splitlines()
    place = next(index for index, line in enumerate(lines) if line.lstrip().startswith("with _hl_track("))
    assert lines[place + 1].strip() == RUN.strip()
    assert len(lines) == len(before.splitlines()) + 3


FILES = {
    "tabs": LOOP.replace("    ", "\t"),
    "two spaces": LOOP.replace("    ", "  "),
    "line ends of another system": LOOP.replace("\n", "\r\n"),
    "no end of the last line": LOOP[: LOOP.index("        history")].rstrip("\n"),
    "a form feed between functions": LOOP.replace("\n\n\ndef", "\n\f\ndef"),
    "an encoding of its own": "# -*- coding: latin-1 -*-\n" + LOOP.replace("import json", "import json  # Überblick"),
    "a docstring": LOOP.replace("history):\n", 'history):\n    """Run a turn."""\n'),
    "a decorator": LOOP.replace("def run", "@traced\ndef run"),
    "a function inside a function": "def make():\n"
    + indent(LOOP.partition("\n\n\n")[2], "    ")
    + "    return run_turn\n",
}


@pytest.mark.parametrize("source", FILES.values(), ids=FILES)
def test_a_file_keeps_its_ways(source: str, tmp_path: Path) -> None:
    after = tracked(source, tmp_path)
    level = "\t" if "\t" in source else "  " if "\n  for" in source else "    "
    block = rf"\n([ \t]+)with _hl_track\(lambda: tool_call\.function\.name\):\r?\n\1{level}output"
    assert re.search(block, after)
    assert ("\r\n" in after) == ("\r\n" in source)
    assert after.endswith("\n") == source.endswith("\n")


REFUSED = {
    "several tools run in one expression": """
        outputs = keep([registry.execute_async(call.function.name, call.arguments) for call in reply.tool_calls])
        """,
    "the tool runs in the head of a statement": """
        if registry.execute(tool_call.function.name, arguments):
            output = "done"
        """,
    "the statement shares its line with other code": f"if arguments: {RUN.strip()}",
    "the statement shares its last line with other code": f"{RUN.strip()}; print(output)",
    "the statement yields, and what takes its values would count as the tool's work": """
        yield registry.execute(tool_call.function.name, arguments)
        """,
    "the loop over the tool's results would count as its work": """
        for output in registry.execute(tool_call.function.name, arguments):
            history.append(output)
        """,
    "the tool runs in another thread or task": """
        output = registry.submit(registry.execute, tool_call.function.name, arguments)
        """,
}


@pytest.mark.parametrize(("why", "run"), REFUSED.items(), ids=REFUSED)
def test_what_is_not_certain_is_refused(why: str, run: str, tmp_path: Path) -> None:
    assert reason(with_run(run), tmp_path) == why


def test_a_result_that_may_have_to_be_awaited_is_awaited_inside(tmp_path: Path) -> None:
    source = """\
        import inspect


        async def run_turn(registry, tool_call):
            tool = registry.tools[tool_call.name]
            result = tool(**tool_call.arguments)
            if inspect.isawaitable(result):
                result = await result
            return result
        """
    after = tracked(dedent(source), tmp_path)
    assert "        if inspect.isawaitable(result):\n            result = await result\n    return" in after


def test_a_name_with_a_default_keeps_it(tmp_path: Path) -> None:
    source = LOOP.replace("tool_call.function.name", 'tool_call.get("name", "unknown")')
    assert 'with _hl_track(lambda: tool_call.get("name", "unknown")):' in tracked(source, tmp_path)


def test_an_import_that_is_there_is_used(tmp_path: Path) -> None:
    after = applied(LOOP.replace("import json", "import contextlib\nimport json"), "track_context", tmp_path)
    assert "with contextlib.ExitStack() as _hl_stack:" in after
    assert "from contextlib" not in after


class BrokenError(Exception):
    """What the stand-ins for the SDK raise."""


class Action:
    """A stand-in for a tracked context: it raises where it is told to, and keeps how it was left."""

    def __init__(self, broken: str) -> None:
        self.broken = broken
        self.left: list[Any] = []

    def __enter__(self) -> Action:
        if self.broken == "enter":
            raise BrokenError
        return self

    def __exit__(self, *error: Any) -> bool:
        self.left.append(error[0])
        if self.broken == "exit":
            raise BrokenError
        return True


class Agent:
    def __init__(self, broken: str) -> None:
        self.broken = broken
        self.action = Action(broken)

    def track_context(self, name: str) -> Action:
        assert isinstance(name, str)
        if self.broken == "call":
            raise BrokenError
        return self.action


class Name:
    def __str__(self) -> str:
        raise BrokenError


TOOL = """\
def run_tool(tools, tool_call):
    return tools[tool_call.name](*tool_call.arguments)
"""
ASYNC_TOOL = TOOL.replace("def", "async def").replace("return ", "return await ")


def running(source: str, agent: Agent | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Execute `source` with its calls in a project whose getter gives `agent`."""
    module = ModuleType("observability")
    module.get_hiveloop_agent = lambda: agent  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "observability", module)
    after = applied(source, "track_context", folder)
    assert "_hl_stack" in after
    names: dict[str, Any] = {}
    exec(after, names)
    return names


@pytest.mark.parametrize("broken", ["", "call", "enter", "exit", "name", "no agent"])
@pytest.mark.parametrize("fails", [False, True])
def test_a_tool_runs_once_and_its_outcome_goes_on_whatever_the_sdk_does(
    broken: str, fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = Agent(broken)
    names = running(TOOL, None if broken == "no agent" else agent, tmp_path, monkeypatch)
    runs: list[int] = []

    def tool(number: int) -> int:
        runs.append(number)
        if fails:
            raise KeyError(number)
        return number + 1

    name = Name() if broken == "name" else "count"
    request = type("Request", (), {"name": name, "arguments": [1]})
    if fails:
        with pytest.raises(KeyError):
            names["run_tool"]({name: tool}, request)
    else:
        assert names["run_tool"]({name: tool}, request) == 2
    assert runs == [1]
    if broken in ("", "exit"):
        assert agent.action.left == [KeyError if fails else None]


def test_a_tool_that_is_awaited_ends_inside_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = Agent("")
    names = running(ASYNC_TOOL, agent, tmp_path, monkeypatch)

    async def tool() -> str:
        await asyncio.sleep(0)
        assert agent.action.left == []
        return "done"

    request = type("Request", (), {"name": "wait", "arguments": []})
    assert asyncio.run(names["run_tool"]({"wait": tool}, request)) == "done"
    assert agent.action.left == [None]
