"""Find queue providers that wait for something: they run on the thread that sends heartbeats."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run
from hiveloop_scan.sdk.calls import sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.items import provider_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def slow_queue_provider(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``queue_provider=lambda: {"depth": requests.get(...).json()["depth"]}``."""
    call = sdk_call(node, module)
    if call is None or call.method != "agent":
        return
    provider = provider_of(call, module)
    if provider is None:
        return
    given = call.argument("queue_provider")
    if isinstance(provider, cst.FunctionDef) and provider.asynchronous is not None:
        yield complaint(call, "provider-is-a-coroutine", at=given, operation=provider.name.value)
        return
    for inner in module.below(provider.body, cst.Call):
        if _waits(inner, module, options):
            yield complaint(call, "provider-does-input-or-output", at=given, operation=short(inner.func))
            return
        if any(function.asynchronous is not None for function in functions_run(inner.func, module)):
            yield complaint(call, "provider-is-a-coroutine", at=given, operation=short(inner.func))
            return


def _waits(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    resolved = module.resolve(call.func)
    if resolved.partition(".")[0] in options["slow_packages"] or resolved in ("open", "time.sleep"):
        return True
    owner = words(dotted(call.func).rpartition(".")[0])
    return last_name(call.func) in options["slow_calls"] and not options["slow_owners"].isdisjoint(owner)
