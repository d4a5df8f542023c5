"""Each event, noted as the SDK makes it: with its line, and with what keeps it from HiveBoard."""

from __future__ import annotations

import functools
import json
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from .callsites import CallSites
from .journal import Journal
from .wire import bad_places, carried, sent_as

_MAX_SUMMARY, _MAX_TASK_ID = 512, 256

AGENT_SITE = "_hiveloop_scan_site"
"""The attribute of an agent that holds the place where it was registered."""


class _Making:
    """An event in the making: its agent, and what the SDK will cut off."""

    def __init__(self, agent: Any, parts: dict[str, Any]) -> None:
        self.agent, self.cuts, self.is_noted = agent, _cuts(parts), False


class EventNotes:
    """Notes what passes through the agents and transports of the SDK."""

    def __init__(self, journal: Journal, sites: CallSites, dumps: Callable[..., str]) -> None:
        self._journal, self._sites, self._dumps = journal, sites, dumps
        self._local = threading.local()

    def attach(self, agent: Any, transport: Any) -> None:
        """Stand before the two methods that each event passes; neither event nor outcome changes."""
        make, enqueue = agent._emit_event, transport.enqueue

        @functools.wraps(make)
        def _emit_event(agent: Any, **parts: Any) -> None:
            outer, making = self._in_the_making(), _Making(agent, parts)
            self._local.making = making
            try:
                make(agent, **parts)
                if not making.is_noted:
                    self._note_failure(agent, parts, sys._getframe(1))
            finally:
                self._local.making = outer

        @functools.wraps(enqueue)
        def _enqueue(transport: Any, event: dict[str, Any], envelope: dict[str, Any]) -> None:
            making = self._in_the_making()
            if making is not None:
                making.is_noted = True
            try:
                self._note(transport, event, envelope, sys._getframe(1), making)
            except Exception as error:
                self._journal.note("hook failed", error=f"{type(error).__name__}: {error}")
            enqueue(transport, event, envelope)

        agent._emit_event, transport.enqueue = _emit_event, _enqueue

    def _in_the_making(self) -> _Making | None:
        return getattr(self._local, "making", None)

    def _note(
        self, transport: Any, event: dict[str, Any], envelope: dict[str, Any], frame: FrameType, making: _Making | None
    ) -> None:
        text, problems = sent_as(event, self._dumps)
        try:
            json.dumps(envelope)
        except (TypeError, ValueError) as error:
            problems.append(f"{next(bad_places(envelope, 'envelope'), str(error))}: the SDK stops sending")
        if transport._shutdown:
            problems.append("it was made after hiveloop.shutdown(): the SDK drops it")
        else:
            self._note_overflow(transport)
        agent, problems = str(envelope.get("agent_id")), [*(making.cuts if making else ()), *problems]
        self._write(text, agent, problems, frame, making.agent if making else None, transport._thread.is_alive())

    def _note_overflow(self, transport: Any) -> None:
        """Note that the oldest event is dropped for this one, when the queue is full."""
        if len(transport._queue) == transport._queue.maxlen:
            try:
                oldest = transport._queue[0].event.get("event_id")
            except IndexError:  # it was sent this moment
                return
            self._journal.note("overflow", id=oldest, size=transport._queue.maxlen)

    def _note_failure(self, agent: Any, parts: dict[str, Any], frame: FrameType) -> None:
        """Note an event that the SDK failed to make, which it tells nobody."""
        try:
            text = json.dumps(carried({name: value for name, value in parts.items() if value is not None}))
            self._write(text, str(agent.agent_id), ["the SDK failed to make it"], frame, agent, True)
        except Exception as error:
            self._journal.note("hook failed", error=f"{type(error).__name__}: {error}")

    def _write(self, text: str, name: str, problems: list[str], frame: FrameType, agent: Any, is_sending: bool) -> None:
        site, through = self._sites.site_of(frame)
        if site is None and self._sites.is_heartbeat(frame):
            site = getattr(agent, AGENT_SITE, None)
        facts = {"agent": name, "site": site, "through": through, "problems": problems, "is_sending": is_sending}
        self._journal.note_with("event", facts, text)


def _cuts(parts: dict[str, Any]) -> list[str]:
    """Return what the SDK will cut off."""
    payload = parts.get("payload")
    summary = payload.get("summary") if isinstance(payload, dict) else None
    found = []
    for name, value, limit in (("summary", summary, _MAX_SUMMARY), ("task_id", parts.get("task_id"), _MAX_TASK_ID)):
        if isinstance(value, str) and len(value) > limit:
            found.append(f"its {name} was cut from {len(value):,} to {limit} characters")
    return found
