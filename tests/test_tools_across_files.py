"""A tool's run is reported where it happens: not in the callers of the function that runs it, in whatever file."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.scan import Plan

DESK = """
    class Desk:
        def __init__(self, tools):
            self.tools = tools

        def execute_tool(self, request):
            tool = self.tools[request.tool_name]
            return tool.run(**request.arguments)
    """
LOOP = """
    def turn(desk: Desk, reply):
        for tool_call in reply.tool_calls:
            print(desk.execute_tool(tool_call))
    """
CLOSURE = """
    def execute_tool(tools, request):
        def work():
            return tools[request.tool_name](**request.arguments)

        return in_time(work)
    """
PASSED = """
    def turn(tools, reply):
        for tool_call in reply.tool_calls:
            print(execute_tool(tools, tool_call))
    """
OTHER = """
    class Desk:
        def execute_tool(self, request):
            return self.address + request.path
    """


def places(folder: Path, **files: str) -> list[str]:
    """Scan files; return where tools are said to be run."""
    for name, source in files.items():
        (folder / f"{name}.py").write_text(dedent(source), "utf-8")
    report = scan(discover([folder]), Plan(tuple(load_rules()), Config(folder)))
    return [
        f"{Path(finding.path).stem}: {finding.symbol}"
        for finding in report.findings
        if finding.method == "track_context"
    ]


def test_the_caller_in_the_same_file_is_silent(tmp_path: Path) -> None:
    assert places(tmp_path, agent=dedent(DESK) + dedent(LOOP)) == ["agent: Desk.execute_tool"]


def test_the_caller_in_another_file_is_silent(tmp_path: Path) -> None:
    caller = "from desk import Desk\n" + dedent(LOOP)
    assert places(tmp_path, desk=DESK, agent=caller) == ["desk: Desk.execute_tool"]


def test_a_function_that_runs_the_tool_in_one_of_its_own_counts(tmp_path: Path) -> None:
    caller = "from desk import execute_tool\n" + dedent(PASSED)
    assert places(tmp_path, desk=CLOSURE, agent=caller) == ["desk: execute_tool.work"]


@pytest.mark.parametrize("desk", [OTHER, "class Desk: ..."], ids=["runs nothing", "is not there"])
def test_the_caller_is_told_where_the_function_runs_no_tool_that_we_see(desk: str, tmp_path: Path) -> None:
    caller = "from desk import Desk\n" + dedent(LOOP)
    assert places(tmp_path, desk=desk, agent=caller) == ["agent: turn"]


def test_a_name_that_a_user_gives_to_a_helper_is_a_run(tmp_path: Path) -> None:
    source = "def turn(reply):\n    for wish in reply.bot_wishes:\n        reply.keep(carry_out_for(wish))\n"
    (tmp_path / "agent.py").write_text(source, "utf-8")
    words = {"request_words": ["bot_wish", "bot_wishes"], "tool_calls": ["carry_out_for"]}
    rules = tuple(load_rules(vocabulary={"unreported-tool-call": words}))
    report = scan(discover([tmp_path]), Plan(rules, Config(tmp_path)))
    assert [finding.rule for finding in report.findings] == ["unreported-tool-call"]
