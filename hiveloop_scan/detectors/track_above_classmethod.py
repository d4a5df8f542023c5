"""Find class methods and static methods that are tracked from above their decorator."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.syntax.tree import dotted
from hiveloop_scan.visitor import detector

_DESCRIPTORS = ("classmethod", "staticmethod", "property", "cached_property", "functools.cached_property")


@detector(cst.FunctionDef)
def track_above_classmethod(node: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``@agent.track("load")`` above ``@classmethod``: what it is given cannot be called."""
    for place, decorator in enumerate(node.decorators):
        call = sdk_call(decorator.decorator, module) if isinstance(decorator.decorator, cst.Call) else None
        if call is None or call.method != "track":
            continue
        below = [dotted(other.decorator) for other in node.decorators[place + 1 :]]
        wrong = next((name for name in below if name in _DESCRIPTORS), None)
        if wrong:
            yield complaint(call, "stands-above-it", decorator=wrong, function=node.name.value)
