"""The calls that take work from a message broker, by library."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, last_name

_SURE = {
    "brpop": "redis", "blpop": "redis", "brpoplpush": "redis", "blmove": "redis", "bzpopmin": "redis",
    "bzpopmax": "redis", "xreadgroup": "redis", "xautoclaim": "redis", "basic_consume": "rabbitmq",
    "basic_get": "rabbitmq", "pull_subscribe": "nats",
}  # fmt: skip
"""Methods that nothing else has."""

_OF_A_CLIENT = {
    "lpop": "redis", "rpop": "redis", "lmove": "redis", "rpoplpush": "redis", "zpopmin": "redis", "spop": "redis",
    "receive_message": "sqs", "receive_messages": "sqs", "get_queue_receiver": "servicebus",
}  # fmt: skip
"""Methods that need a client by name, or the keywords of the library."""

_CLIENTS = {"redis": ("redis", "r", "rdb", "cache", "kv"), "sqs": ("sqs", "queue", "queue_client", "receiver"),
            "servicebus": ("servicebus", "service_bus", "client", "servicebus_client")}  # fmt: skip
_KEYWORDS = {
    "sqs": ("QueueUrl", "MaxNumberOfMessages", "WaitTimeSeconds", "max_wait_time", "max_messages"),
    "redis": (),
    "servicebus": ("queue_name",),
}
_CLASSES = {
    "kafka.KafkaConsumer": "kafka", "aiokafka.AIOKafkaConsumer": "kafka", "confluent_kafka.Consumer": "kafka",
    "confluent_kafka.DeserializingConsumer": "kafka", "rq.Queue": "rq", "rq.queue.Queue": "rq",
    "huey.RedisHuey": "huey", "huey.SqliteHuey": "huey", "celery.Celery": "celery", "saq.Queue": "saq",
}  # fmt: skip
_SIZES = {
    "brpop": "llen", "blpop": "llen", "lpop": "llen", "rpop": "llen", "lmove": "llen", "blmove": "llen",
    "rpoplpush": "llen", "brpoplpush": "llen", "bzpopmin": "zcard", "zpopmin": "zcard",
}  # fmt: skip
"""What takes from a key of Redis, and what tells how much waits there."""

_PUBSUB = ("google.cloud.pubsub", "google.cloud.pubsub_v1", "google.pubsub")


def broker_of(call: cst.Call, module: ParsedModule) -> str | None:
    """Return the kind of broker that `call` takes messages from, or is the queue of; None for any other call."""
    name = last_name(call.func)
    made = _CLASSES.get(module.resolve(call.func))
    if made is not None:
        return made
    if not isinstance(call.func, cst.Attribute):
        return None
    if name in _SURE:
        return _SURE[name]
    kind = _OF_A_CLIENT.get(name)
    if kind is not None:
        keywords = {arg.keyword.value for arg in call.args if arg.keyword}
        owner = code(call.func.value)
        return kind if keywords.intersection(_KEYWORDS[kind]) or mentions(owner, _CLIENTS[kind]) else None
    if name in ("subscribe", "pull") and any(origin.startswith(_PUBSUB) for origin in module.imports.values()):
        return "pubsub" if mentions(code(call), ("subscription", "subscription_path", "subscriber")) else None
    if name in ("consume", "iterator") and any(origin.startswith("aio_pika") for origin in module.imports.values()):
        return "rabbitmq" if mentions(code(call.func.value), ("queue",)) else None
    return None


def is_made(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call makes the queue or its consumer, and takes nothing yet."""
    return module.resolve(call.func) in _CLASSES


def depth_of(kind: str, call: cst.Call) -> str | None:
    """Return the expression that asks a broker how much waits; None where it cannot be told from the call."""
    if not isinstance(call.func, cst.Attribute) or not call.args:
        return None
    client, first, name = code(call.func.value), call.args[0], last_name(call.func)
    size = _SIZES.get(name) if kind == "redis" and first.keyword is None else None
    if size is None or not isinstance(first.value, (cst.Name, cst.Attribute, cst.SimpleString)):
        return None
    return f"{client}.{size}({code(first.value)})"
