"""Find where work is taken from a message broker: Redis, SQS, RabbitMQ, Kafka, Pub/Sub."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.brokers import broker_of, depth_of, is_made
from hiveloop_scan.queues.item_uses import uses_of
from hiveloop_scan.queues.queue_captures import captures_of_place
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_ACKS = ("delete_message", "delete_messages", "basic_ack", "ack", "acknowledge", "xack", "complete_message", "commit",
         "nack", "basic_nack", "delete", "ack_id", "process")  # fmt: skip

_LOOKS = ("end_offsets", "beginning_offsets", "committed", "get_watermark_offsets", "highwater", "offsets_for_times")
_READS = ("poll", "subscribe", "consume", "getone", "getmany", "assign")


@detector(cst.Call)
def unreported_message_queue(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    kind = broker_of(call, module)
    if kind is None or (kind == "kafka" and is_made(call, module) and _only_looks(call, module)):
        return
    if any(broker_of(other, module) == kind for other in module.nodes(cst.Call) if module.is_before(other, call)):
        return
    captures = captures_of_place(code(call.func), kind, call, module, depth=depth_of(kind, call))
    yield Match(call, captures, list(_facts(call, module, options)))


def _facts(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[str]:
    yield "takes-from-a-broker"
    uses = uses_of(call, module, options)
    if is_made(call, module):
        yield "makes-the-queue"
    elif "handled" in uses.facts or "run" in uses.facts or _is_given_a_handler(call, module):
        yield "message-is-handled"
    elif uses.facts & {"handed-on", "returned"}:
        yield "message-goes-to-a-function"
    if "yielded" in uses.facts:
        yield "message-is-yielded"
    if any(isinstance(outer, (cst.While, cst.For)) for outer in module.ancestors(call)):
        yield "taken-in-a-loop"
    if any(last_name(other.func) in _ACKS for other in module.nodes(cst.Call)):
        yield "says-when-a-message-is-done"
    function = module.function_of(call)
    around = f"{' '.join(code(arg) for arg in call.args)} {function.name.value if function else ''}"
    if mentions(f"{dotted(call.func)} {around}", options["work_words"]):
        yield "name-says-work"
    if mentions(around, options["stream_words"]):
        yield "name-says-stream"


def _only_looks(made: cst.Call, module: ParsedModule) -> bool:
    """Say whether code asks for places in a topic, and takes nothing from there; a local consumer is its function's."""
    holder, function = module.parent(made), module.function_of(made)
    name = dotted(holder.targets[0].target) if isinstance(holder, cst.Assign) else ""
    local = function is not None and bool(name) and "." not in name
    body = statements(function.body) if local and function is not None else [module.tree]
    called = {
        last_name(call.func)
        for call in (module.below(body, cst.Call) if local else module.nodes(cst.Call))
        if not local or dotted(call.func).partition(".")[0] == name
    }
    return bool(called.intersection(_LOOKS)) and not called.intersection(_READS)


def _is_given_a_handler(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a consumer is given the function that works on each message."""
    given = [arg for arg in call.args if isinstance(arg.value, (cst.Name, cst.Attribute, cst.Lambda))]
    return any(
        (arg.keyword is not None and mentions(arg.keyword.value, ("callback", "handler")))
        or mentions(code(arg.value), ("callback", "handler", "handle", "on_message", "process"))
        for arg in given
    )
