"""Find where an agent is registered without being told of the queue in memory that it works on."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.agent_calls import agent_call_for, registers_an_agent
from hiveloop_scan.queues.containers import creations_in
from hiveloop_scan.queues.memory import queue_made_by
from hiveloop_scan.queues.queue_captures import captures_of_memory
from hiveloop_scan.visitor import detector


@detector(cst.Call)
def unreported_queue_provider(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    if not registers_an_agent(call, module):
        return
    for node in creations_in(module):
        queue = queue_made_by(node, module, options)
        if queue is not None and agent_call_for(queue.container, module) is call:
            captures = captures_of_memory(queue.container, queue.consumptions, module)
            captures["made_at"] = module.span(node).line
            captures["insert_line"] = module.span(call).line
            yield Match(call, captures, ("agent-can-see-the-queue", *queue.facts))
