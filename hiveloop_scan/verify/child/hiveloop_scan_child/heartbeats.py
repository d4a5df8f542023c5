"""Heartbeats that come early: what an agent's callbacks give is 30 s away otherwise, and most runs are shorter."""

from __future__ import annotations

import functools
import logging
import sys
import threading
import time
import weakref
from typing import Any

from .callsites import CallSites
from .events import AGENT_SITE
from .journal import Journal

_FIRST, _EARLY, _LATER = 0.1, 0.5, 5.0
"""Seconds until the first heartbeat, between the next ones, and between those of a long run."""

_EARLY_BEATS = 20
_PATIENCE = 1.0
"""Seconds that a program which ends at once waits for its first heartbeat."""


class Heartbeats:
    """Speeds up the heartbeats of all agents, and keeps quiet about callbacks that were asked before their time."""

    def __init__(self, journal: Journal, sites: CallSites) -> None:
        self._journal, self._sites = journal, sites
        self._beats: weakref.WeakKeyDictionary[Any, tuple[int, float, float]] = weakref.WeakKeyDictionary()
        self._asking = threading.local()

    def attach(self, agent: Any, board: Any, transport: Any) -> None:
        """Hook into agents as they are made, into each heartbeat, and into the end."""
        make, beat, register = agent.__init__, agent._emit_heartbeat, board.agent
        self._before(board, "shutdown", lambda board: self._wait_for_first(board._transport))
        self._before(transport, "shutdown", self._wait_for_first)

        @functools.wraps(make)
        def __init__(self_: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
            make(self_, *arguments, **named)
            self_.__dict__[AGENT_SITE] = self._sites.site_of(sys._getframe(1))[0]
            interval = self_._heartbeat_interval
            if isinstance(interval, (int, float)) and interval > 0:
                self._beats[self_] = (0, interval, time.monotonic())
                self_._heartbeat_interval = min(interval, _FIRST)

        @functools.wraps(register)
        def _agent(self_: Any, *arguments: Any, **named: Any) -> Any:
            found = register(self_, *arguments, **named)
            found.__dict__[AGENT_SITE] = self._sites.site_of(sys._getframe(1))[0]
            return found

        @functools.wraps(beat)
        def _emit_heartbeat(self_: Any) -> None:
            count, interval, start = self._beats.get(self_, (0, 0.0, 0.0))
            self._asking.is_early = time.monotonic() - start < interval
            try:
                beat(self_)
            finally:
                self._asking.is_early = False
                if interval:
                    self._beats[self_] = (count + 1, interval, start)
                    self_._heartbeat_interval = min(interval, _EARLY if count < _EARLY_BEATS else _LATER)

        agent.__init__, agent._emit_heartbeat, board.agent = __init__, _emit_heartbeat, _agent
        for name in ("hiveloop", "hiveloop.agent", "hiveloop.transport"):
            logging.getLogger(name).addFilter(self._heard)

    def _before(self, owner: Any, name: str, first: Any) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def ended(self_: Any, *arguments: Any, **named: Any) -> Any:
            first(self_)
            return original(self_, *arguments, **named)

        setattr(owner, name, ended)

    def _wait_for_first(self, transport: Any) -> None:
        """Give agents with callbacks, made a moment ago, the time for their first heartbeat."""
        if transport._shutdown:
            return
        until = time.monotonic() + _PATIENCE
        for agent in list(self._beats):
            if agent._transport is transport and _has_callback(agent):
                while not self._beats[agent][0] and agent._hb_thread.is_alive() and time.monotonic() < until:
                    time.sleep(0.01)
        self._journal.note("shutdown")

    def _heard(self, record: logging.LogRecord) -> bool:
        """Note what the SDK warns of; say whether the program's log gets it."""
        if record.levelno >= logging.WARNING:
            error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            self._journal.note("warning", text=record.getMessage(), error=error)
        return not getattr(self._asking, "is_early", False)


def _has_callback(agent: Any) -> bool:
    return agent._queue_provider_cb is not None or agent._heartbeat_payload_cb is not None
