"""One run and the results of earlier ones: which files need no look, and what to keep of those that do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hiveloop_scan.cache import Cache, Keys
from hiveloop_scan.files import display_path
from hiveloop_scan.identity import digest_of
from hiveloop_scan.model import FileResult
from hiveloop_scan.plan import Plan
from hiveloop_scan.reading import read_source
from hiveloop_scan.usage import FEW_FILES, is_spoken_in


class Kept:
    """The results for some files, as they are known and become known."""

    def __init__(self, cache: Cache, files: Sequence[Path], plan: Plan) -> None:
        """Look up what is known of `files` as they are now; sets whether the plan has to follow calls."""
        self._cache = cache
        self._new: dict[bytes, FileResult | bool] = {}
        self.results: list[FileResult] = []
        digests = [_digest(path) for path in files]
        follows = plan.follows_calls and self._uses_the_sdk(files, digests, plan)
        self.plan = replace(plan, follows_calls=follows)
        self._keys = Keys("result", plan.min_confidence, plan.triage, follows, plan.config.wrapper_names)
        shown = [display_path(path) for path in files]
        self._paths = dict(zip(shown, files, strict=True))
        keys = [self._key(digest, name) if digest else b"" for digest, name in zip(digests, shown, strict=True)]
        known = cache.get(filter(None, keys))
        self._missing = []
        for path, key in zip(files, keys, strict=True):
            result = known.get(key)
            if isinstance(result, FileResult):
                self.results.append(result)
            else:
                self._missing.append(path)

    def missing(self) -> list[Path]:
        """Return the files of which nothing is kept."""
        return self._missing

    def add(self, digest: bytes | None, result: FileResult) -> None:
        """Take the result of a file whose source had this digest when it was read, None where nothing was read."""
        self.results.append(result)
        if digest is not None:
            self._new[self._key(digest, result.path)] = result

    def save(self) -> None:
        """Keep what is new."""
        self._cache.put(self._new)

    def _key(self, digest: bytes, shown: str) -> bytes:
        return self._keys.by_digest(digest, shown, self.plan.rules_for(self._paths[shown]))

    def _uses_the_sdk(self, files: Sequence[Path], digests: Sequence[bytes | None], plan: Plan) -> bool:
        """Say whether one of many files speaks of the SDK; what each says is kept, too."""
        if len(files) <= FEW_FILES:
            return True
        keys = Keys("speaks of the SDK", plan.config.wrapper_names)
        by_path = [
            (path, keys.by_digest(digest, "", ())) for path, digest in zip(files, digests, strict=True) if digest
        ]
        known = self._cache.get(key for _, key in by_path)
        return any(known.values()) or any(self._speak(by_path, known, plan))

    def _speak(
        self, keys: Sequence[tuple[Path, bytes]], known: dict[bytes, FileResult | bool], plan: Plan
    ) -> Iterator[bool]:
        for path, key in keys:
            if key not in known:
                try:
                    source = path.read_bytes()
                except OSError:
                    continue
                speaks = is_spoken_in(source, plan.config.wrapper_names)
                self._new[key] = speaks
                yield speaks


def _digest(path: Path) -> bytes | None:
    try:
        return digest_of(read_source(path))
    except OSError:
        return None
