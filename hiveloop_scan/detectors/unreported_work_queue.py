"""Find queues in memory that hold the agent's work, where they are made."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.agent_calls import agent_call_for
from hiveloop_scan.queues.memory import queue_made_by
from hiveloop_scan.queues.queue_captures import captures_of_memory
from hiveloop_scan.visitor import detector


@detector(cst.Assign, cst.AnnAssign)
def unreported_work_queue(node: cst.Assign | cst.AnnAssign, module: ParsedModule, options: Options) -> Iterator[Match]:
    queue = queue_made_by(node, module, options)
    if queue is not None and agent_call_for(queue.container, module) is None:
        yield Match(node, captures_of_memory(queue.container, queue.consumptions, module), queue.facts)
