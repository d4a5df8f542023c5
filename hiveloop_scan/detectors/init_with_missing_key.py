"""Find clients whose key is None, may be None, or has a form that the SDK refuses."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices, texts_given
from hiveloop_scan.sdk.guards import is_caught, is_checked
from hiveloop_scan.syntax.tree import dotted, is_name
from hiveloop_scan.visitor import detector

_ENVIRONMENT = ("os.getenv", "os.environ.get", "getenv", "environ.get")


@detector(cst.Call)
def init_with_missing_key(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``hiveloop.init(os.getenv("HIVELOOP_KEY"))``: without the variable the start of the program fails."""
    call = sdk_call(node, module)
    given = call.argument("api_key") if call and call.method in ("init", "HiveBoard") else None
    if call is None or given is None:
        return
    if any(not text.startswith("hb_") for text in texts_given(given, module)):
        yield complaint(call, "key-has-another-form", at=given, argument=short(given))
    elif any(is_name(choice, "None") for choice in choices(given, module)):
        yield complaint(call, "key-is-none", at=given, argument=short(given))
    elif any(_may_be_none(choice, module) for choice in choices(given, module)):
        checked = bool(dotted(given)) and is_checked(dotted(given), node, module)
        if not checked and not is_caught(node, module) and not _asks_for_it(given, node, module):
            yield complaint(call, "key-may-be-none", at=given, argument=short(given))


def _may_be_none(node: cst.BaseExpression, module: ParsedModule) -> bool:
    return isinstance(node, cst.Call) and module.resolve(node.func) in _ENVIRONMENT and len(node.args) == 1


def _asks_for_it(given: cst.BaseExpression, node: cst.Call, module: ParsedModule) -> bool:
    """Say whether a branch around the call asks the environment for the same variable."""
    asked = {module.text(choice) for choice in choices(given, module)}
    tests = [outer.test for outer in module.ancestors(node) if isinstance(outer, (cst.If, cst.IfExp))]
    return any(text in module.text(test) for test in tests for text in asked)
