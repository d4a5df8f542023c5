"""Find clients that do not say where their events go."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint
from hiveloop_scan.syntax.tree import is_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def init_without_endpoint(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``hiveloop.init(api_key=key)``."""
    call = sdk_call(node, module)
    if call is None or call.method not in ("init", "HiveBoard") or call.unpacks:
        return
    endpoint = call.argument("endpoint")
    if endpoint is None or is_name(endpoint, "None"):
        yield complaint(call, "no-endpoint")
