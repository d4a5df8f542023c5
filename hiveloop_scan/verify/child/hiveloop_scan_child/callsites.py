"""Which line of the program an event comes from."""

from __future__ import annotations

import enum
import os
import weakref
from contextlib import suppress
from types import FrameType
from typing import Any

Site = dict[str, Any]
"""A place in the program, as JSON has it: path, line, function."""

_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep  # noqa: PTH100, PTH120  pathlib is slow to import
_STANDARD = os.path.dirname(os.path.abspath(os.__file__)) + os.sep  # noqa: PTH100, PTH120
_PACKAGES = ("site-packages", "dist-packages")
_TRACKERS = ("_track_sync", "_track_async")
_GENERATED = "hiveloop-scan init"
_GENERATED_NAMES = {"open_task", "get_current_task", "get_hiveloop_agent", "tell_task", "tell_agent", "track_step"}


class _Part(enum.Enum):
    SDK = enum.auto()
    LIBRARY = enum.auto()
    WRAPPER = enum.auto()
    PROGRAM = enum.auto()


class CallSites:
    """Tells program, library, wrapper and SDK apart; `sdk` is the SDK's folder, `home` that of the start."""

    def __init__(self, sdk: str, home: str) -> None:
        self._sdk, self._home = sdk + os.sep, home
        self._parts: dict[str, _Part] = {}
        self._tracked: weakref.WeakKeyDictionary[Any, Site] = weakref.WeakKeyDictionary()

    def site_of(self, frame: FrameType | None) -> tuple[Site | None, Site | None]:
        """Return the line of the program that `frame` comes from, and the wrapper that it came through, if any.

        A tracked function stands for its events itself: the line of its decorator.
        """
        through = None
        while frame is not None:
            part = self._part_of(frame)
            if part is _Part.PROGRAM:
                return self._site(frame), through
            if part is _Part.WRAPPER and through is None:
                through = self._site(frame)
            if part is _Part.SDK and through is None and frame.f_code.co_name in _TRACKERS:
                return self._tracked_site(frame.f_locals.get("fn")), None
            frame = frame.f_back
        return through, None

    def track(self, function: Any, site: Site | None) -> None:
        """Remember where `function` is tracked."""
        if site is not None:
            with suppress(TypeError):  # it can be no key
                self._tracked[function] = site

    def is_heartbeat(self, frame: FrameType | None) -> bool:
        """Say whether `frame` was called by the SDK's own thread."""
        while frame is not None:
            if frame.f_code.co_name == "_heartbeat_loop" and self._part_of(frame) is _Part.SDK:
                return True
            frame = frame.f_back
        return False

    def _tracked_site(self, function: Any) -> Site | None:
        try:
            known = self._tracked.get(function)
        except TypeError:
            known = None
        code = getattr(function, "__code__", None)
        if known is not None or code is None:
            return known
        return self._as_site(code.co_filename, code.co_firstlineno, code.co_qualname)

    def _site(self, frame: FrameType) -> Site:
        return self._as_site(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_qualname)

    def _as_site(self, path: str, line: int | None, function: str) -> Site:
        shown = path if path.startswith("<") else os.path.normpath(os.path.join(self._home, path))  # noqa: PTH118
        return {"path": shown, "line": line or 0, "function": function.replace(".<locals>", "")}

    def _part_of(self, frame: FrameType) -> _Part:
        path = frame.f_code.co_filename
        part = self._parts.get(path)
        if part is None:
            part = self._parts[path] = self._classified(path, frame)
        return part

    def _classified(self, path: str, frame: FrameType) -> _Part:
        if path.startswith(self._sdk):
            return _Part.SDK
        if path.startswith(("<frozen ", _OWN)):
            return _Part.LIBRARY
        if path.startswith(_STANDARD) and not path[len(_STANDARD) :].startswith(_PACKAGES):
            return _Part.LIBRARY
        names = frame.f_globals
        if _GENERATED in str(names.get("__doc__")) or names.keys() >= _GENERATED_NAMES:
            return _Part.WRAPPER
        return _Part.PROGRAM
