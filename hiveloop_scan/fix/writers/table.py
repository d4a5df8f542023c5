"""Which writer makes the call of which method."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.writers.approval import write_approval
from hiveloop_scan.fix.writers.escalate import write_escalate
from hiveloop_scan.fix.writers.llm_call import write_llm_call
from hiveloop_scan.fix.writers.plan import write_plan
from hiveloop_scan.fix.writers.plan_step import write_plan_step
from hiveloop_scan.fix.writers.queue import write_queue_provider, write_queue_snapshot
from hiveloop_scan.fix.writers.report_issue import write_report_issue
from hiveloop_scan.fix.writers.resolve_issue import write_resolve_issue
from hiveloop_scan.fix.writers.retry import write_retry
from hiveloop_scan.fix.writers.track_context import write_track_context

WRITERS: Mapping[str, Callable[[Site], Fix]] = {
    "llm_call": write_llm_call,
    "plan": write_plan,
    "plan_step": write_plan_step,
    "retry": write_retry,
    "track_context": write_track_context,
    "escalate": write_escalate,
    "request_approval": write_approval,
    "approval_received": write_approval,
    "queue_provider": write_queue_provider,
    "queue_snapshot": write_queue_snapshot,
    "report_issue": write_report_issue,
    "resolve_issue": write_resolve_issue,
}
"""By the method of the rule; a writer refuses what it is not sure of."""
