"""The items of a queue as the SDK is told of them: by a snapshot, or by a provider."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.references import functions_run
from hiveloop_scan.sdk.calls import SdkCall
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.sdk.shapes import text_of


def provider_of(call: SdkCall, module: ParsedModule) -> cst.Lambda | cst.FunctionDef | None:
    """Return the function that ``hb.agent(..., queue_provider=...)`` registers, where this file has it."""
    given = call.argument("queue_provider") if call.method == "agent" else None
    if given is None:
        return None
    for choice in choices(given, module):
        if isinstance(choice, cst.Lambda):
            return choice
    functions = functions_run(given, module)
    return functions[0] if len(functions) == 1 else None


def answers_of(provider: cst.Lambda | cst.FunctionDef, module: ParsedModule) -> list[cst.BaseExpression]:
    """Return what a provider answers."""
    if isinstance(provider, cst.Lambda):
        return [provider.body]
    returned = [node.value for node in module.below(provider.body, cst.Return) if node.value is not None]
    return [choice for value in returned for choice in choices(value, module)]


def lists_of_items(call: SdkCall, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield the lists of queue items that a call gives, or that the provider it registers answers with."""
    if call.method == "queue_snapshot" and (items := call.argument("items")):
        yield from choices(items, module)
    provider = provider_of(call, module)
    for answer in answers_of(provider, module) if provider else ():
        if items := value_at(answer, "items"):
            yield from choices(items, module)


def item_values(call: SdkCall, key: str, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield what the queue items of a call hold under `key`."""
    for items in lists_of_items(call, module):
        built: list[cst.BaseExpression] = []
        if isinstance(items, cst.ListComp):
            built = [items.elt]
        elif isinstance(items, (cst.List, cst.Tuple)):
            built = [element.value for element in items.elements]
        for item in built:
            if value := value_at(item, key):
                yield value


def value_at(node: cst.CSTNode, key: str) -> cst.BaseExpression | None:
    """Return what a dictionary that is written out holds under `key`."""
    if not isinstance(node, cst.Dict):
        return None
    for element in node.elements:
        if isinstance(element, cst.DictElement) and text_of(element.key) == key:
            return element.value
    return None
