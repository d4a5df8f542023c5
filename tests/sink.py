"""A stand-in for HiveBoard: takes what the SDK sends, and keeps it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import hiveloop  # type: ignore[import-untyped]

KEY = "hb_test_0123456789"


@dataclass
class Sink:
    """The address to send to, and the events that came, in the order in which they came."""

    endpoint: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def arrived(self) -> list[dict[str, Any]]:
        """Return all events, once the SDK has sent the last of them; it is switched off by that."""
        hiveloop.shutdown()
        return self.events


def kind_of(event: dict[str, Any]) -> str:
    """Return what an event is: ``retry_started``; ``plan_step`` and the like for a custom one."""
    kind: str = event["event_type"]
    return str(event.get("payload", {}).get("kind", kind)) if kind == "custom" else kind


@contextmanager
def open_sink() -> Iterator[Sink]:
    """Listen on a free port of this machine; the SDK is reset at the end."""
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"  # or the SDK would ask a proxy of this machine's settings
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ingest)
    sink = Sink(f"http://127.0.0.1:{server.server_port}")
    server.events = sink.events  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield sink
    finally:
        hiveloop.reset()
        server.shutdown()
        server.server_close()
        thread.join()


class _Ingest(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.events += [{"agent_id": body["envelope"]["agent_id"], **event} for event in body["events"]]  # type: ignore[attr-defined]
        answer = b'{"accepted": 1}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""
