"""Each event, noted as the SDK makes it: with its line, and with what keeps it from HiveBoard."""

from __future__ import annotations

import functools
import json
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
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
        self.agent, self.cuts, self.is_noted = agent, list[str](), False
        with suppress(Exception):  # a dictionary of the user's own kind
            self.cuts = _cuts(parts)


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
            outer = self._in_the_making()
            making = self._local.making = _Making(agent, parts)
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
        is_heartbeat = self._sites.is_heartbeat(frame)
        if is_heartbeat and transport._shutdown:
            return  # the thread of the heartbeats outlives the sender
        text, is_json, problems = sent_as(event, self._dumps)
        try:
            json.dumps(envelope)
        except (TypeError, ValueError) as error:
            is_json = False
            problems.append(f"{next(bad_places(envelope, 'envelope'), str(error))}: the SDK stops sending")
        if transport._shutdown:
            problems.append("it was made after hiveloop.shutdown(): the SDK drops it")
        facts = {
            "agent": str(envelope.get("agent_id")),
            "problems": [*(making.cuts if making else ()), *problems],
            "is_broken": not is_json,
            "is_lost": not is_json or transport._shutdown,
            "is_sending": transport._thread.is_alive(),
            "is_heartbeat": is_heartbeat,
        }
        self._write(text, frame, making.agent if making else None, facts)

    def _note_failure(self, agent: Any, parts: dict[str, Any], frame: FrameType) -> None:
        """Note an event that the SDK failed to make, which it tells nobody."""
        try:
            text = json.dumps(carried({name: value for name, value in parts.items() if value is not None}))
            state = {"is_broken": False, "is_lost": True, "is_sending": True, "is_heartbeat": False}
            facts = {"agent": str(agent.agent_id), "problems": ["the SDK failed to make it"], **state}
            self._write(text, frame, agent, facts)
        except Exception as error:
            self._journal.note("hook failed", error=f"{type(error).__name__}: {error}")

    def _write(self, text: str, frame: FrameType, agent: Any, facts: dict[str, Any]) -> None:
        site, through = self._sites.site_of(frame)
        if site is None and facts["is_heartbeat"]:
            site = getattr(agent, AGENT_SITE, None)
        self._journal.note_with("event", {**facts, "site": site, "through": through}, text)


def _cuts(parts: dict[str, Any]) -> list[str]:
    """Return what the SDK will cut off."""
    payload = parts.get("payload")
    summary = payload.get("summary") if isinstance(payload, dict) else None
    found = []
    for name, value, limit in (("summary", summary, _MAX_SUMMARY), ("task_id", parts.get("task_id"), _MAX_TASK_ID)):
        if isinstance(value, str) and len(value) > limit:
            found.append(f"its {name} was cut from {len(value):,} to {limit} characters")
    return found
