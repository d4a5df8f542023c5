"""The calls that register an agent with HiveLoop: where ``queue_provider=`` belongs."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.containers import Container
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted

_HANDLES = ("hb", "hiveloop")
_KEYWORDS = {"heartbeat_interval", "heartbeat_payload", "stuck_threshold", "queue_provider"}


def registers_an_agent(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call has the shape of the SDK's ``hb.agent("worker", ...)``."""
    owner, _, name = dotted(call.func).rpartition(".")
    if name != "agent" or not words(owner) or not call.args:
        return False
    if _KEYWORDS.intersection(arg.keyword.value for arg in call.args if arg.keyword):
        return True
    return module.resolve(call.func).startswith("hiveloop.") or words(owner)[-1] in _HANDLES


def agent_call_for(container: Container, module: ParsedModule) -> cst.Call | None:
    """Return the call that registers an agent where the queue can be seen; None without one."""
    calls = (call for call in module.nodes(cst.Call) if registers_an_agent(call, module))
    return next((call for call in calls if _sees(call, container, module)), None)


def _sees(call: cst.Call, container: Container, module: ParsedModule) -> bool:
    """Say whether the queue has its name where `call` stands: a global, an attribute of its class, a local name."""
    if container.owner is not None:
        return module.enclosing(call, cst.ClassDef) is container.owner and module.function_of(call) is not None
    maker = module.function_of(container.node)
    if "." in container.name:
        return module.function_of(call) is maker
    return maker is None or module.function_of(call) is maker or _is_declared_global(container, module)


def _is_declared_global(container: Container, module: ParsedModule) -> bool:
    return any(item.name.value == container.name for node in module.nodes(cst.Global) for item in node.names)
