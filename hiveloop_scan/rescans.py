"""What the rules find in files that are about to be written: proofs of earlier runs need no second look."""

from __future__ import annotations

from pathlib import Path

from hiveloop_scan.cache import Cache, Keys
from hiveloop_scan.files import display_path
from hiveloop_scan.model import FileResult
from hiveloop_scan.plan import Plan


class Rescans:
    """Scans bytes as if they stood in a file, and keeps what came of it where there is a cache."""

    def __init__(self, plan: Plan, cache: Cache | None = None) -> None:
        """Scan after `plan`."""
        self._plan = plan
        self._cache = cache
        decisive = (plan.min_confidence, plan.triage, plan.sketches, plan.follows_calls, plan.config.wrapper_names)
        self._keys = Keys("what was written", *decisive) if cache is not None else None
        self._new: dict[bytes, FileResult | bool] = {}

    def result(self, path: Path, data: bytes) -> FileResult:
        """Return what is found in `data` at `path`."""
        if self._cache is None or self._keys is None:
            return self._scanned(path, data)
        key = self._keys.of(data, display_path(path), self._plan.rules_for(path))
        known = self._cache.get([key]).get(key)
        if isinstance(known, FileResult):
            return known
        result = self._new[key] = self._scanned(path, data)
        return result

    def _scanned(self, path: Path, data: bytes) -> FileResult:
        from hiveloop_scan.scan import scan_source  # a run that has proven all of its changes before does without

        return scan_source(data, path, self._plan)

    def save(self) -> None:
        """Keep what is new."""
        if self._cache is not None:
            self._cache.put(self._new)
