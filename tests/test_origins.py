"""A value is followed back through the assignments of its function."""

import libcst as cst
import pytest

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from, values_of
from hiveloop_scan.syntax.tree import dotted, source


def parsed(body: str) -> ParsedModule:
    code = "def work(self, box):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return ParsedModule(cst.parse_module(code), [1])


def the_call(name: str, module: ParsedModule) -> cst.Call:
    return next(call for call in module.nodes(cst.Call) if dotted(call.func) == name)


@pytest.mark.parametrize(
    "body",
    [
        "use(reply.tool_calls)",
        "calls = reply.tool_calls\nuse(calls[0])",
        "for call in reply.tool_calls:\n    use(call.name)",
        "first, rest = reply.tool_calls\nuse(first)",
        "if calls := reply.tool_calls:\n    use(calls)",
        "self.calls = reply.tool_calls\nuse(self.calls)",
        "calls: list = reply.tool_calls\nnames = [call.name for call in calls]\nuse(names)",
        "with reply.tool_calls as calls:\n    use(calls)",
    ],
    ids=["at once", "name", "loop", "tuple", "walrus", "attribute", "comprehension", "with"],
)
def test_a_value_comes_from_what_its_names_are_bound_to(body: str) -> None:
    module = parsed(body)
    assert derives_from(the_call("use", module).args[0].value, module, lambda node: dotted(node) == "reply.tool_calls")


@pytest.mark.parametrize(
    "body",
    [
        "calls = reply.tool_calls\nuse(box)",
        "calls = reply.tool_calls\ndef inner():\n    use(calls_of(box))",
        "def inner():\n    calls = reply.tool_calls\nuse(calls)",
    ],
    ids=["another name", "inside a nested function", "bound in a nested function"],
)
def test_a_value_comes_from_nowhere_else(body: str) -> None:
    module = parsed(body)
    source_ = lambda node: dotted(node) == "reply.tool_calls"  # noqa: E731
    assert not derives_from(the_call("use", module).args[0].value, module, source_)


def test_all_values_of_a_name_are_told() -> None:
    module = parsed("count = 0\nfor item in box:\n    count = step(count)\nuse(count)")
    assert [source(value) for value in values_of("count", the_call("use", module), module)] == ["0", "step(count)"]
