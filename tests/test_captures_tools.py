"""What a finding about a tool's run captures: the expression for its name, the call, and where a block would go."""

from __future__ import annotations

from textwrap import dedent

import pytest

from hiveloop_scan.model import Finding
from tests.textbook import scanned

CASES = {
    "the item of a list that names itself": (
        """
        def answer(self, tool_list):
            name = tool_list[0]["name"]
            return self.functions[name].call(tool_list[0]["arguments"])
        """,
        {"operation": "self.functions.call", "tool_name": "name", "awaited": False, "insert_line": 3},
    ),
    "what was made of the thing that was looked up": (
        """
        async def call_tool(self, tool_call):
            described = self.tools_by_title.get(tool_call.function.name)
            worker = make_worker(kind=described.kind)
            return await worker.call_as_tool(arguments=tool_call.function.arguments)
        """,
        {"operation": "worker.call_as_tool", "tool_name": "tool_call.function.name", "awaited": True, "insert_line": 4},
    ),
    "an object that stands for one tool of a server": (
        """
        class RemoteTool:
            async def run(self, **arguments):
                return await self.session.call_tool(self.name, arguments)
        """,
        {"operation": "self.session.call_tool", "tool_name": "self.name", "awaited": True, "insert_line": 3},
    ),
    "a name that each branch looks up by another key": (
        """
        def carry_out(self, func):
            if self.trained:
                data = self.read(func)
                tool = self.context[data.name]
                return tool.forward(*data.args)
            tool = self.context[func.name]
            return tool.call(*func.args, **func.kwargs)
        """,
        {"operation": "tool.call", "tool_name": "func.name", "awaited": False, "insert_line": 7},
    ),
    "a loop over tool calls": (
        """
        async def turn(self, reply):
            for tool_call in reply.tool_calls:
                arguments = json.loads(tool_call.function.arguments)
                output = await self.registry.execute(tool_call.function.name, arguments)
                self.history.append({"role": "tool", "tool_call_id": tool_call.id, "content": output})
        """,
        {
            "operation": "self.registry.execute",
            "tool_name": "tool_call.function.name",
            "tool_name_has_call": False,
            "call": "self.registry.execute(tool_call.function.name, arguments)",
            "awaited": True,
            "position": "loop",
            "in_generator": False,
            "insert_line": 4,
            "end_line": 4,
        },
    ),
    "a local that holds the name is taken before the long way": (
        """
        def turn(self, reply):
            for tool_call in reply.tool_calls:
                name = tool_call.function.name
                output = self.registry.execute(
                    name,
                    json.loads(tool_call.function.arguments),
                )
                self.history.append({"role": "tool", "tool_call_id": tool_call.id, "content": output})
        """,
        {"tool_name": "name", "awaited": False, "insert_line": 4, "end_line": 7},
    ),
    "a single tool call": (
        """
        def step(model, desk, history):
            reply = model.chat(history)
            if reply.tool_calls:
                call = reply.tool_calls[0]
                history.append(desk.run_tool(call))
            return history
        """,
        {"tool_name": None, "position": "single", "insert_line": 5, "end_line": 5},
    ),
    "a name read from the request that is handed on": (
        """
        def step(model, desk, history):
            reply = model.chat(history)
            if reply.tool_calls:
                call = reply.tool_calls[0]
                log.info("running %s", call.function.name)
                history.append(desk.run_tool(call))
            return history
        """,
        {"tool_name": "call.function.name", "position": "single"},
    ),
    "a lookup by the name": (
        """
        def dispatch(self, reply):
            for call in reply.tool_calls:
                tool = self.tools[call.name]
                self.results.append(tool(**call.args))
        """,
        {"operation": "tool", "tool_name": "call.name", "call": "tool(**call.args)", "position": "loop"},
    ),
    "a getattr by a name with a prefix": (
        """
        def dispatch(self, tool_call):
            handler = getattr(self, f"tool_{tool_call.name}")
            return handler(**tool_call.arguments)
        """,
        {"operation": "handler", "tool_name": "tool_call.name", "tool_name_has_call": False, "position": "single"},
    ),
    "tools that run side by side": (
        """
        async def turn(self, reply):
            results = await asyncio.gather(*[self.registry.execute(c.name, c.args) for c in reply.tool_calls])
            return results
        """,
        {"tool_name": "c.name", "position": "gather", "awaited": False},
    ),
    "a generator that yields what tools answer": (
        """
        def turn(self, reply):
            for tool_call in reply.tool_calls:
                yield self.registry.execute(tool_call.name, tool_call.arguments)
        """,
        {"tool_name": "tool_call.name", "in_generator": True},
    ),
    "a tool handed to a thread": (
        """
        async def turn(self, reply):
            for tool_call in reply.tool_calls:
                tool = self.tools[tool_call.name]
                output = await asyncio.to_thread(tool, **tool_call.arguments)
                self.history.append({"role": "tool", "tool_call_id": tool_call.id, "content": output})
        """,
        {"operation": "tool", "tool_name": "tool_call.name", "position": "executor"},
    ),
}


def found_in(source: str) -> Finding:
    (finding,) = [finding for finding in scanned(dedent(source).lstrip()).findings if finding.method == "track_context"]
    return finding


@pytest.mark.parametrize(("source", "captures"), CASES.values(), ids=CASES)
def test_a_run_of_a_tool_is_captured(source: str, captures: dict[str, object]) -> None:
    found = found_in(source).captures
    assert {name: found[name] for name in captures} == captures
