"""Hooks in the SDK: all events go to the sink, and each is noted with its line as it is made."""

from __future__ import annotations

import collections
import functools
import inspect
import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .callsites import CallSites
from .events import EventNotes
from .heartbeats import Heartbeats
from .journal import Journal
from .refusals import watch_calls
from .wire import encoder

FLUSH_SECONDS = 0.2
"""The longest wait before events are sent; the program's own is kept in the notes."""


@dataclass(frozen=True)
class Setting:
    """Where to send, with which key, and the folder in which the program was started."""

    sink: str
    key: str
    home: str


def attach(sdk: Any, journal: Journal, setting: Setting) -> None:
    """Hook into `sdk`, the module `hiveloop`; AttributeError or ValueError where it is not built as expected.

    Then `init` raises, for nothing may leave this machine; a module that is not the SDK at all stays as it is.
    """
    transport, agent, board = sdk._transport.Transport, sdk._agent.Agent, sdk.HiveBoard
    folder = os.path.dirname(os.path.abspath(sdk.__file__))  # noqa: PTH100, PTH120
    sites = CallSites(folder, setting.home)
    try:
        _redirect(transport, journal, setting)
    except Exception:
        sdk.init = sdk.HiveBoard = _refuse
        raise
    _accept_any_key(sdk, journal, setting.key)
    _note_flushes(transport, journal)
    EventNotes(journal, sites, encoder().dumps).attach(agent, transport)
    Heartbeats(journal, sites).attach(agent, board, transport)
    watch_calls(sdk._agent, journal, sites)
    _remember_decorators(agent, sites)


def _refuse(*_: Any, **__: Any) -> Any:
    raise RuntimeError(
        "hiveloop-scan verify does not know this version of hiveloop, and lets nothing leave the machine"
    )


def _redirect(transport: Any, journal: Journal, setting: Setting) -> None:
    """Have every transport send to the sink, whatever it was made with, and past any proxy."""
    original = transport.__init__
    signature = inspect.signature(original)
    if not {"endpoint", "api_key", "flush_interval"} <= signature.parameters.keys():
        raise ValueError(f"Transport{signature} takes other arguments")

    @functools.wraps(original)
    def __init__(self: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        given = signature.bind(self, *arguments, **named)
        given.apply_defaults()
        interval = _number(given.arguments["flush_interval"])
        journal.note("init", endpoint=str(given.arguments["endpoint"]), interval=interval)
        soon = FLUSH_SECONDS if interval is None else min(interval, FLUSH_SECONDS)
        given.arguments.update(endpoint=setting.sink, api_key=setting.key, flush_interval=soon)
        original(*given.args, **given.kwargs)
        self._session.trust_env = False
        with suppress(AttributeError):
            self._queue = _Queue(journal, self._queue.maxlen)

    transport.__init__ = __init__


class _Queue(collections.deque[Any]):
    """The events that wait to be sent; the oldest is noted when it has to make room."""

    def __init__(self, journal: Journal, longest: int | None) -> None:
        super().__init__(maxlen=longest)
        self._journal = journal

    def append(self, item: Any) -> None:
        """Add an event; the SDK holds its lock around this, so nothing comes between."""
        if len(self) == self.maxlen:
            dropped = self[0] if self else item
            self._journal.note("overflow", id=dropped.event.get("event_id"), size=self.maxlen)
        super().append(item)


def _accept_any_key(sdk: Any, journal: Journal, key: str) -> None:
    """Have `init` work with a key that is missing or wrong; the fact is noted."""
    original = sdk.init

    @functools.wraps(original)
    def init(api_key: Any, *arguments: Any, **named: Any) -> Any:
        if not isinstance(api_key, str) or not api_key.startswith("hb_"):
            journal.note("key", given=type(api_key).__name__)
            api_key = key
        return original(api_key, *arguments, **named)

    sdk.init = init


def _note_flushes(transport: Any, journal: Journal) -> None:
    original = transport.flush

    @functools.wraps(original)
    def flush(self: Any) -> None:
        journal.note("flush")
        original(self)

    transport.flush = flush


def _remember_decorators(agent: Any, sites: CallSites) -> None:
    original = agent.track

    @functools.wraps(original)
    def track(self: Any, action_name: Any) -> Any:
        decorate = original(self, action_name)
        site, _ = sites.site_of(sys._getframe(1))

        @functools.wraps(decorate)
        def decorator(function: Any) -> Any:
            sites.track(function, site)
            return decorate(function)

        return decorator

    agent.track = track


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and 0 <= value < threading.TIMEOUT_MAX else None
