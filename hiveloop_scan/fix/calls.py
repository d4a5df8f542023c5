"""A call of the SDK as it will be written, and the guard around it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

WIDTH = 100
"""Columns of a line; a call that is longer gets a line for each argument."""


class Style(StrEnum):
    """How a call is guarded: where it stands, or by a helper of the module that `hiveloop-scan init` writes."""

    INLINE = "inline"
    HELPER = "helper"


class Handle(StrEnum):
    """What a call is made on, and the name that generated code gives it."""

    TASK = "task"
    AGENT = "agent"

    @property
    def variable(self) -> str:
        """The name in generated code."""
        return f"_hl_{self.value}"


@dataclass(frozen=True, slots=True)
class SdkCall:
    """One call: ``task.retry("...", attempt=1)`` is method retry on the task; texts are Python expressions.

    `gate` is what must hold for it to be made; it is evaluated where nothing can go wrong, as arguments are.
    """

    handle: Handle
    method: str
    arguments: Sequence[str]
    keywords: dict[str, str] = field(default_factory=dict)
    gate: str = ""

    def lines(self, owner: str, indent: int) -> list[str]:
        """Return the call on `owner`, on one line where it fits behind `indent` columns, else an argument a line."""
        parts = [*self.arguments, *(f"{name}={value}" for name, value in self.keywords.items())]
        short = f"{owner}.{self.method}({', '.join(parts)})"
        if indent + len(short) <= WIDTH and "\n" not in short:
            return [short]
        inside = [line for part in parts for line in _split(part, indent + 4)]
        return [f"{owner}.{self.method}(", *(f"    {line}" for line in inside), ")"]


def _split(argument: str, indent: int) -> list[str]:
    """Return an argument with its comma; a dict that is too long gets a line for each entry."""
    name, _, value = argument.partition("=")
    if indent + len(argument) < WIDTH or not value.startswith("{"):
        return f"{argument},".split("\n")
    held = ast.parse(value, mode="eval").body
    assert isinstance(held, ast.Dict)
    pairs = zip(held.keys, held.values, strict=True)
    entries = [
        f"{ast.get_source_segment(value, key)}: {ast.get_source_segment(value, item)}" for key, item in pairs if key
    ]
    return [f"{name}={{", *(f"    {entry}," for entry in entries), "},"]


def guarded(call: SdkCall, accessor: str, indent: int, condition: str = "") -> list[str]:
    """Return the lines of a guarded call: nothing it does reaches the code around it.

    `accessor` is the expression that gives the handle, `condition` what must hold besides; `indent` counts columns.
    """
    handle = call.handle.variable
    test = f"{handle} and {condition}" if condition else handle
    inside = call.lines(handle, indent + (12 if call.gate else 8))
    if call.gate:
        inside = [f"if {call.gate}:", *(f"    {line}" for line in inside)]
    return [
        f"{handle} = {accessor}",
        f"if {test}:",
        "    try:",
        *(f"        {line}" for line in inside),
        "    except Exception:",
        "        pass",
    ]


def told(call: SdkCall, helper: str, indent: int, condition: str = "") -> list[str]:
    """Return the same as one statement: `helper` calls the lambda with the handle and guards it."""
    name = call.handle.value
    tests = [test for test in (condition, call.gate) if test]
    read = re.findall(r"[A-Za-z_]\w*", " ".join([*tests, *call.arguments, *call.keywords.values()]))
    if name in read:  # the user's own task
        name = call.handle.variable
    start = f"{helper}(lambda {name}: " + "".join(f"{test} and " for test in tests)
    lines = call.lines(name, indent + len(start) + 1)
    if len(lines) == 1:
        return [f"{start}{lines[0]})"]
    lines = call.lines(name, WIDTH)
    return [f"{start}{lines[0]}", *lines[1:-1], f"{lines[-1]})"]
