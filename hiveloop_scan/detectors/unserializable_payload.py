"""Find values in events that JSON cannot carry."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.payloads import values_sent
from hiveloop_scan.sdk.unstable import is_error
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.visitor import detector

_MAKERS = (
    "datetime", "date", "timedelta", "Decimal", "Path", "set", "frozenset", "bytes", "bytearray", "object", "UUID",
    "uuid1", "uuid4", "utcnow", "today", "Fraction", "encode", "deque", "map", "filter", "zip", "iter", "range",
)  # fmt: skip
_CLOCKS = ("datetime.now", "datetime.datetime.now", "datetime.utcnow", "date.today", "timezone.now")
_VIEWS = ("keys", "values", "items")
_NO_NUMBERS = ("nan", "inf", "-inf", "infinity", "-infinity")


@detector(cst.Call)
def unserializable_payload(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``context={"at": datetime.now()}``: the whole batch of events is dropped."""
    call = sdk_call(node, module)
    if call is None:
        return
    for parameter, value in values_sent(call, module):
        reason = _why_not_json(value, module)
        if reason:
            yield complaint(call, reason, at=node, argument=parameter, value=short(value))
            return


def _why_not_json(value: cst.BaseExpression, module: ParsedModule) -> str | None:
    if isinstance(value, (cst.Set, cst.SetComp, cst.Lambda, cst.GeneratorExp)):
        return "no-json-value"
    if isinstance(value, cst.SimpleString):
        return "no-json-value" if isinstance(value.evaluated_value, bytes) else None
    if isinstance(value, cst.Name):
        return "an-exception-itself" if _is_caught_error(value, module) else None
    if isinstance(value, cst.Attribute):
        return "no-json-number" if module.resolve(value) in ("math.nan", "math.inf") else None
    if not isinstance(value, cst.Call):
        return None
    name = last_name(value.func)
    if name == "float" and value.args and isinstance(value.args[0].value, cst.SimpleString):
        text = value.args[0].value.evaluated_value
        return "no-json-number" if isinstance(text, str) and text.lower() in _NO_NUMBERS else None
    if name in _VIEWS and not value.args and isinstance(value.func, cst.Attribute):
        return "no-json-value"
    if dotted(value.func).endswith(_CLOCKS) or name in _MAKERS:
        return "no-json-value"
    return None


def _is_caught_error(name: cst.Name, module: ParsedModule) -> bool:
    """Say whether a name is that of an exception a handler around it has caught."""
    return module.enclosing(name, cst.ExceptHandler) is not None and is_error(name, module)
