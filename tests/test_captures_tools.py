"""What a tool finding captures for the block that will be written: the tool's name, the call, its place."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.textbook import scanned

CASES = {
    "the name in the tool call that a loop gives": (
        """
        def turn(registry, reply):
            outputs = []
            for call in reply.tool_calls:
                outputs.append(registry.execute(call.function.name, call.function.arguments))
            return outputs
        """,
        {
            "operation": "registry.execute",
            "tool_name": "call.function.name",
            "tool_name_has_call": False,
            "call": "registry.execute(call.function.name, call.function.arguments)",
            "awaited": False,
            "position": "loop",
            "in_generator": False,
            "insert_line": 5,
            "end_line": 5,
        },
    ),
    "the local that holds the name, when the whole tool call is given": (
        """
        async def turn(desk, reply):
            for tool_call in reply.tool_calls:
                name = tool_call.name
                log(name)
                output = await desk.run_tool(
                    tool_call,
                )
                yield output
        """,
        {"tool_name": "name", "awaited": True, "in_generator": True, "insert_line": 6, "end_line": 8},
    ),
    "a local that was given the same expression": (
        """
        def turn(toolbox, block):
            if block.type == "tool_use":
                chosen = block.name
                return toolbox.invoke(block.name, block.input)
        """,
        {"tool_name": "chosen", "position": "single"},
    ),
    "no name where the function never reads it": (
        """
        def turn(desk, reply):
            call = reply.tool_calls[0]
            return desk.run_tool(call)
        """,
        {"tool_name": None, "tool_name_has_call": False, "operation": "desk.run_tool"},
    ),
    "a name with a default keeps it": (
        """
        def turn(desk, reply):
            for tool_call in reply.tool_calls:
                result = desk.execute(tool_call.get("name", "unknown"), tool_call.get("args"))
                keep(result)
        """,
        {"tool_name": 'tool_call.get("name", "unknown")', "tool_name_has_call": True},
    ),
    "the key of a look-up": (
        """
        def turn(self, action):
            tool = self.tools[action.tool]
            return tool.run(action.tool_input)
        """,
        {"tool_name": "action.tool", "operation": "tool.run"},
    ),
    "the name inside of the name of a method": (
        """
        def dispatch(self, tool_name, arguments):
            method = getattr(self, f"tool_{tool_name}")
            return method(**arguments)
        """,
        {"tool_name": "tool_name", "operation": "method"},
    ),
    "what a search compares with": (
        """
        async def carry_out(tools, request):
            tool = next((one for one in tools if one.name == request.tool_name), None)
            return await tool.arun(**request.tool_args)
        """,
        {"tool_name": "request.tool_name", "awaited": True},
    ),
    "no name where an argument may be the tool itself": (
        """
        def act(self, action):
            observation = self.tool_executor.execute(action.tool, action.tool_input)
            return observation
        """,
        {"tool_name": None},
    ),
    "calls that are gathered": (
        """
        async def act(desk, reply):
            return await asyncio.gather(*[desk.execute_tool(call) for call in reply.tool_calls])
        """,
        {"position": "gather", "awaited": False, "insert_line": 3},
    ),
    "a tool that a thread runs": (
        """
        async def act(tools, tool_call):
            tool = tools[tool_call.name]
            return await asyncio.to_thread(tool.run, tool_call.args)
        """,
        {"position": "executor", "awaited": True, "operation": "tool.run", "tool_name": "tool_call.name"},
    ),
    "a task of its own": (
        """
        async def act(desk, reply):
            for call in reply.tool_calls:
                self.tasks.append(asyncio.create_task(desk.execute_tool(call)))
        """,
        {"position": "task", "awaited": False},
    ),
    "a tool that gives its output bit by bit": (
        """
        async def act(tools, tool_call):
            async for piece in tools[tool_call.name].run(tool_call.args):
                yield piece
        """,
        {"awaited": True, "in_generator": True, "insert_line": 3, "end_line": 4},
    ),
    "a branch has the compared name": (
        """
        def execute_tool(kind, call):
            match call.name:
                case "a":
                    return find(call.args)
                case "b":
                    return load(call.args)
                case "c":
                    return sell(call.args)
                case "d":
                    return mail(call.args)
                case "e":
                    return ring(call.args)
                case "f":
                    return note(call.args)
                case "g":
                    return stop(call.args)
        """,
        {"tool_name": "call.name", "operation": "find", "insert_line": 5},
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_finding_captures(source: str, expected: dict[str, object]) -> None:
    (finding,) = (found for found in scanned(dedent(source)).findings if found.method == "track_context")
    assert {name: finding.captures[name] for name in expected} == expected
