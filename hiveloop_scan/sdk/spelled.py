"""What names alone say: getters of the SDK's objects, and names that speak of HiveLoop."""

from __future__ import annotations

from hiveloop_scan.sdk.signatures import Kind
from hiveloop_scan.syntax.names import words

_OURS = frozenset({"hiveloop", "hl", "hiveboard"})
_ELSEWHERE = frozenset({
    "agents", "airflow", "anyio", "asyncio", "autogen", "celery", "crewai", "crewai_tools", "dask", "distributed",
    "dramatiq", "google", "huey", "inspect_ai", "invoke", "kombu", "langchain", "langgraph", "livekit", "luigi",
    "prefect", "rq", "taskiq", "trio",
})  # fmt: skip
"""Packages that have tasks and agents of their own."""

_GETTERS = {
    "get_current_task": Kind.TASK,
    "get_hiveloop_task": Kind.TASK,
    "current_hiveloop_task": Kind.TASK,
    "get_hl_task": Kind.TASK,
    "get_hiveloop_agent": Kind.AGENT,
    "get_hl_agent": Kind.AGENT,
    "get_current_agent": Kind.AGENT,
}
_OBSERVERS = frozenset(
    {"observability", "telemetry", "instrumentation", "tracing", "monitoring", "hiveboard", "hiveloop"}
)
_SHIPPED = "hiveloop.integrations.claude_agent_sdk."


def speaks_of_sdk(name: str) -> bool:
    """Say whether a dotted name has a word for HiveLoop in it: ``self._hiveloop``, ``hl_task``."""
    return not _OURS.isdisjoint(words(name))


def kind_spelled(name: str) -> Kind | None:
    """Return what a name that speaks of HiveLoop holds; None where it could be several things."""
    last = words(name.rpartition(".")[2])
    if "task" in last:
        return Kind.TASK
    return Kind.AGENT if "agent" in last else None


def getter_named(origin: str) -> tuple[Kind, bool] | None:
    """Return what an imported function gives, by its full name, and whether that is sure; None for no getter."""
    root, _, _ = origin.partition(".")
    module, _, name = origin.rpartition(".")
    if root in _ELSEWHERE:
        return None
    if origin.startswith(_SHIPPED):
        return (_GETTERS[name], True) if name in _GETTERS else None
    if root == "hiveloop":
        return None
    kind = _GETTERS.get(name) or kind_spelled(name)
    if kind is None or words(name)[:1] not in (("get",), ("current",), ("active",), ("the",)):
        return None
    if speaks_of_sdk(origin):
        return kind, True
    return (kind, False) if _OBSERVERS.intersection(words(module)) else None  # a framework has agents of its own
