"""The blocks that are tracked as actions."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.handles import possible_handle
from hiveloop_scan.sdk.signatures import Kind


def tracked_by(block: cst.With, module: ParsedModule) -> SdkCall | None:
    """Return the ``track_context(...)`` that a with statement enters."""
    for item in block.items:
        if isinstance(item.item, cst.Call):
            call = sdk_call(item.item, module)
            if call is not None and call.method == "track_context":
                return call
    return None


def is_about_telemetry(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call belongs to the SDK: it is one of its methods, or made on one of its objects."""
    if sdk_call(call, module) is not None:
        return True
    handle = possible_handle(call.func.value, module) if isinstance(call.func, cst.Attribute) else None
    return handle is not None and handle.kind is Kind.ACTION
