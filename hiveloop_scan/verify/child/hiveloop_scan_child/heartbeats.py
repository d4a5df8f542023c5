"""Heartbeats that come early: what an agent's callbacks give is 30 s away otherwise, and most runs are shorter."""

from __future__ import annotations

import functools
import logging
import sys
import threading
import time
import weakref
from contextlib import suppress
from types import FrameType
from typing import Any

from .callsites import CallSites
from .events import AGENT_SITE
from .journal import Journal

_FIRST, _EARLY, _LATER = 0.1, 0.5, 5.0
"""Seconds until the first heartbeat, between the next ones, and between those of a long run."""

_EARLY_BEATS = 20
_PATIENCE = 100
"""How often a program that ends at once looks for its first heartbeat: for one second."""


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
            with suppress(Exception):
                self._welcome(self_, sys._getframe(1))

        @functools.wraps(register)
        def _agent(self_: Any, *arguments: Any, **named: Any) -> Any:
            found = register(self_, *arguments, **named)
            with suppress(Exception):
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

    def _welcome(self, agent: Any, frame: FrameType) -> None:
        """Remember where an agent was registered, and have it send its first heartbeat soon."""
        agent.__dict__[AGENT_SITE] = self._sites.site_of(frame)[0]
        interval = agent._heartbeat_interval
        if isinstance(interval, (int, float)) and interval > 0:
            self._beats[agent] = (0, interval, time.monotonic())
            agent._heartbeat_interval = min(interval, _FIRST)

    def _before(self, owner: Any, name: str, first: Any) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def ended(self_: Any, *arguments: Any, **named: Any) -> Any:
            with suppress(Exception):
                first(self_)
            return original(self_, *arguments, **named)

        setattr(owner, name, ended)

    def _wait_for_first(self, transport: Any) -> None:
        """Give agents with callbacks, made a moment ago, the time for their first heartbeat."""
        if transport._shutdown:
            return
        waiting = [one for one in list(self._beats) if one._transport is transport and _has_callback(one)]
        for _ in range(_PATIENCE):
            if all(self._beats[one][0] or not one._hb_thread.is_alive() for one in waiting):
                break
            time.sleep(_FIRST / 10)
        self._journal.note("shutdown")

    def _heard(self, record: logging.LogRecord) -> bool:
        """Note what the SDK warns of; say whether the program's log gets it."""
        if record.levelno >= logging.WARNING:
            error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            self._journal.note("warning", text=record.getMessage(), error=error)
        return not getattr(self._asking, "is_early", False)


def _has_callback(agent: Any) -> bool:
    return agent._queue_provider_cb is not None or agent._heartbeat_payload_cb is not None
