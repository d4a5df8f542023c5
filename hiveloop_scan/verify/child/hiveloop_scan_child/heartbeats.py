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
"""How often a program that ends at once looks whether a heartbeat has worked: for one second."""


class _Pulse:
    """The heartbeats of an agent: the interval it asked for, when it was made, and what came of them so far."""

    def __init__(self, interval: float) -> None:
        self.interval, self.start, self.count, self.is_answered = interval, time.monotonic(), 0, False

    @property
    def is_early(self) -> bool:
        """Say whether the agent would not have sent any heartbeat yet."""
        return time.monotonic() - self.start < self.interval


class Heartbeats:
    """Speeds up the heartbeats of all agents, and keeps quiet about callbacks that were asked before their time."""

    def __init__(self, journal: Journal, sites: CallSites) -> None:
        self._journal, self._sites = journal, sites
        self._pulses: weakref.WeakKeyDictionary[Any, _Pulse] = weakref.WeakKeyDictionary()
        self._local = threading.local()

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
            pulse = self._pulses.get(self_)
            if pulse is None:
                beat(self_)
                return
            self._local.is_early, self._local.has_warned = pulse.is_early, False
            try:
                beat(self_)
            finally:
                pulse.count, pulse.is_answered = pulse.count + 1, not self._local.has_warned
                self._local.is_early = False
                self_._heartbeat_interval = min(pulse.interval, _EARLY if pulse.count < _EARLY_BEATS else _LATER)

        agent.__init__, agent._emit_heartbeat, board.agent = __init__, _emit_heartbeat, _agent
        for name in ("hiveloop", "hiveloop.agent", "hiveloop.transport"):
            logging.getLogger(name).addFilter(self._heard)

    def _welcome(self, agent: Any, frame: FrameType) -> None:
        """Remember where an agent was registered, and have it send its first heartbeat soon."""
        agent.__dict__[AGENT_SITE] = self._sites.site_of(frame)[0]
        interval = agent._heartbeat_interval
        if isinstance(interval, (int, float)) and interval > 0:
            self._pulses[agent] = _Pulse(interval)
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
        """Give agents with callbacks, made a moment ago, the time for a first heartbeat that works."""
        if transport._shutdown:
            return
        waiting = [one for one in list(self._pulses) if one._transport is transport and _has_callback(one)]
        for _ in range(_PATIENCE):
            if all(self._pulses[one].is_answered or not one._hb_thread.is_alive() for one in waiting):
                break
            time.sleep(_FIRST / 10)
        self._journal.note("shutdown")

    def _heard(self, record: logging.LogRecord) -> bool:
        """Note what the SDK warns of; say whether the program's log gets it."""
        is_early = getattr(self._local, "is_early", False)
        if record.levelno >= logging.WARNING:
            self._local.has_warned = True
            error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            self._journal.note("warning", text=record.getMessage(), error=error, is_early=is_early)
        return not is_early


def _has_callback(agent: Any) -> bool:
    return agent._queue_provider_cb is not None or agent._heartbeat_payload_cb is not None
