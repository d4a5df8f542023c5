"""A stand-in for HiveBoard on this machine: takes what the SDK sends, and keeps it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

_PATH = "/v1/ingest"
_ANSWER = b'{"accepted": 1}'


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came, and the envelope it came in."""

    event: dict[str, Any]
    envelope: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sink:
    """The address to send to with `key`, and what has come so far."""

    endpoint: str
    key: str
    arrivals: list[Arrival] = field(default_factory=list)


@contextmanager
def open_sink(key: str) -> Iterator[Sink]:
    """Listen on a free port of this machine; when the block ends, requests that are under way are finished first."""
    server = _Server(("127.0.0.1", 0), _Ingest)
    sink = server.sink = Sink(f"http://127.0.0.1:{server.server_port}", key)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sink")
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128
    sink: Sink

    def server_bind(self) -> None:
        """Take the port, and ask no name server what this machine is called: that can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a program that ended in the middle of a request."""


class _Ingest(BaseHTTPRequestHandler):
    timeout = 5
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != _PATH or self.headers.get("Authorization") != f"Bearer {self.server.sink.key}":
            self.send_error(404)
            return
        self.server.sink.arrivals.extend(_arrivals(body))
        self.send_response(200)  # the SDK takes no other answer for a success
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(_ANSWER)))
        self.end_headers()
        self.wfile.write(_ANSWER)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request: the terminal is the program's."""


def _arrivals(body: bytes) -> list[Arrival]:
    try:
        data = json.loads(body)
        envelope, events = dict(data["envelope"]), list(data["events"])
    except (ValueError, TypeError, KeyError, RecursionError):  # the program has ended in the middle of it
        return []
    return [Arrival(event, envelope) for event in events if isinstance(event, dict)]
