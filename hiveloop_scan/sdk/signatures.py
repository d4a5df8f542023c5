"""The signatures of the SDK, version 0.2.0, and the values that it, or the server behind it, understands."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """The objects that have SDK methods."""

    MODULE = "hiveloop"
    CLIENT = "client"
    AGENT = "agent"
    TASK = "task"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an SDK method; `default` is its source text, None where a value is required."""

    name: str
    keyword_only: bool
    default: str | None

    @property
    def required(self) -> bool:
        """Whether a call without it raises."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class Signature:
    """An SDK method: the kind of object that has it, and its parameters without self."""

    kind: Kind
    method: str
    parameters: tuple[Parameter, ...]

    @property
    def positional(self) -> tuple[str, ...]:
        """The names of the parameters that may be given by position."""
        return tuple(parameter.name for parameter in self.parameters if not parameter.keyword_only)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parameters."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the parameters without which a call raises."""
        return tuple(parameter.name for parameter in self.parameters if parameter.required)


_LIFECYCLE = "task_id, project=None, type=None, task_run_id=None, correlation_id=None"
_EVENT = "event_type, payload=None, severity=None, parent_event_id=None"
_LLM_CALL = (
    "name, model, *, tokens_in=None, tokens_out=None, cost=None, duration_ms=None, prompt_preview=None,"
    " response_preview=None, metadata=None"
)
_BATCHES = "flush_interval=5.0, batch_size=100, max_queue_size=10000, debug=False"
_WRITTEN = {
    Kind.MODULE: {
        "init": f"api_key, environment='production', group='default', endpoint=None, {_BATCHES}",
        "shutdown": "timeout=5.0",
        "reset": "",
        "flush": "",
        "HiveBoard": f"api_key, endpoint=None, environment='production', group='default', {_BATCHES}",
        "tool_payload": (
            "*, args=None, result=None, success=True, error=None, duration_ms=None, tool_category=None,"
            " http_status=None, result_size_bytes=None, args_max_len=500, result_max_len=1000"
        ),
    },
    Kind.CLIENT: {
        "agent": (
            "agent_id, type='general', version=None, framework='custom', heartbeat_interval=30.0,"
            " stuck_threshold=300, heartbeat_payload=None, queue_provider=None"
        ),
        "get_agent": "agent_id",
        "flush": "",
        "shutdown": "timeout=5.0",
    },
    Kind.AGENT: {
        "task": _LIFECYCLE,
        "start_task": _LIFECYCLE,
        "event": _EVENT,
        "track": "action_name",
        "track_context": "action_name",
        "llm_call": _LLM_CALL,
        "queue_snapshot": "depth, *, oldest_age_seconds=None, items=None, processing=None",
        "todo": "todo_id, action, summary, *, priority=None, source=None, context=None, due_by=None",
        "scheduled": "items",
        "report_issue": "summary, severity, *, issue_id=None, category=None, context=None, occurrence_count=None",
        "resolve_issue": "summary, *, issue_id=None",
    },
    Kind.TASK: {
        "complete": "status='success', payload=None",
        "fail": "exception=None, payload=None",
        "set_payload": "payload",
        "event": _EVENT,
        "llm_call": _LLM_CALL,
        "plan": "goal, steps, *, revision=0",
        "plan_step": ("step_index, action, summary, *, total_steps=None, turns=None, tokens=None, plan_revision=None"),
        "escalate": "summary, *, assigned_to=None, reason=None, parent_event_id=None",
        "request_approval": "summary, *, approver=None, parent_event_id=None",
        "approval_received": "summary, *, approved_by=None, decision='approved', parent_event_id=None",
        "retry": "summary, *, attempt=None, backoff_seconds=None, parent_event_id=None",
    },
    Kind.ACTION: {"set_payload": "payload"},
}


def _parameters(written: str) -> Iterator[Parameter]:
    keyword_only = False
    for part in filter(None, written.split(", ")):
        name, has_default, default = part.partition("=")
        if name == "*":
            keyword_only = True
        else:
            yield Parameter(name, keyword_only, default if has_default else None)


SIGNATURES: dict[tuple[Kind, str], Signature] = {
    (kind, method): Signature(kind, method, tuple(_parameters(written)))
    for kind, methods in _WRITTEN.items()
    for method, written in methods.items()
}
"""Every public method, by the kind of object that has it."""


def methods_of(kind: Kind) -> frozenset[str]:
    """Return the names of the methods that objects of a kind have."""
    return frozenset(_WRITTEN[kind])


def kinds_with(method: str) -> tuple[Kind, ...]:
    """Return the kinds of object that have a method of this name."""
    return tuple(kind for kind in _WRITTEN if method in _WRITTEN[kind])


STEP_ACTIONS = ("started", "completed", "failed", "skipped")
SEVERITIES = ("critical", "high", "medium", "low")
CATEGORIES = ("permissions", "connectivity", "configuration", "data_quality", "rate_limit", "other")
PRIORITIES = ("low", "normal", "high", "urgent")
SOURCES = ("human", "webhook", "scheduled", "agent")
DECISIONS = ("approved", "rejected")
EVENT_TYPES = (
    "agent_registered", "heartbeat", "task_started", "task_completed", "task_failed", "action_started",
    "action_completed", "action_failed", "retry_started", "escalated", "approval_requested", "approval_received",
    "custom",
)  # fmt: skip
EVENT_SEVERITIES = ("debug", "info", "warn", "error")

VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("plan_step", "action"): STEP_ACTIONS,
    ("report_issue", "severity"): SEVERITIES,
    ("report_issue", "category"): CATEGORIES,
    ("todo", "priority"): PRIORITIES,
    ("todo", "source"): SOURCES,
    ("approval_received", "decision"): DECISIONS,
    ("event", "event_type"): EVENT_TYPES,
    ("event", "severity"): EVENT_SEVERITIES,
}
"""(method, parameter) -> the values that mean something; nobody checks them at run time."""

ITEM_VALUES = {"priority": PRIORITIES, "source": SOURCES}
"""Key of a queue item -> the values that mean something."""

MOST_ITEMS = 10
"""Queue items that the dashboard shows."""

MOST_SUMMARY_CHARACTERS = 512
INTEGRATIONS = ("claude_agent_sdk",)
"""The modules that hiveloop.integrations has."""

EXPORTS = (
    "Agent", "HiveBoard", "HiveLoopError", "SDK_VERSION", "Task", "contrib", "flush", "init", "integrations", "reset",
    "shutdown", "tool_payload",
)  # fmt: skip
"""The names that ``hiveloop`` has."""
