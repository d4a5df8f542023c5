"""A baseline: the findings a code base had when the gate was put up, kept in a file until they are mended."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from hiveloop_scan.model import Finding, ScanError

_VERSION = 1
_KEYS = ("fingerprint", "rule", "path", "symbol")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One known finding; its path is relative to the folder of the baseline and says only where it was last seen."""

    path: str
    rule: str
    symbol: str
    fingerprint: str

    def __str__(self) -> str:
        place = f"{self.path} in {self.symbol}" if self.symbol else self.path
        return f"{place}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a baseline makes of a run's findings; `left` are entries that the run did not look at."""

    new: list[Finding] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)
    stale: list[Entry] = field(default_factory=list)
    left: list[Entry] = field(default_factory=list)


def load_baseline(file: Path) -> list[Entry]:
    """Read a baseline; raise ScanError where it is none."""
    try:
        data: Any = json.loads(file.read_text("utf-8"))
        if data["version"] != _VERSION:
            raise ScanError(f"{file}: a baseline of version {data['version']}", "this program reads version 1")
        return [Entry(**{key: str(entry[key]) for key in _KEYS}) for entry in data["entries"]]
    except FileNotFoundError:
        raise ScanError(f"no baseline at {file}", "--update-baseline writes the first one") from None
    except OSError as error:
        raise ScanError(f"{file}: cannot be read: {error.strerror}", "mend the file") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ScanError(
            f"{file}: no baseline: {error}", "delete it and write it again with --update-baseline"
        ) from None


def dump_baseline(entries: Iterable[Entry]) -> str:
    """Return a baseline as text: one entry a line, in an order that makes small diffs."""
    lines = [
        json.dumps({key: getattr(entry, key) for key in _KEYS}, ensure_ascii=False).replace("\u2028", "\\u2028")
        for entry in sorted(entries)
    ]
    listed = ",\n    ".join(lines)
    body = f"[\n    {listed}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "entries": {body}\n}}\n'


def entry_of(finding: Finding, folder: Path) -> Entry:
    """Return the entry under which a finding is kept in a baseline of `folder`."""
    return Entry(_kept_path(finding.path, folder), finding.rule, finding.symbol, finding.fingerprint)


def compare(
    findings: Sequence[Finding],
    entries: Sequence[Entry],
    folder: Path,
    rules: Collection[str],
    scanned: Collection[str],
) -> Compared:
    """Tell new findings from known ones, file by file first, then wherever a file may have gone to.

    An entry is stale when its rule has run, on its file or on no file that is still there, and it was not met.
    """
    compared = Compared()
    open_entries: dict[str, Counter[str]] = defaultdict(Counter)
    by_key = defaultdict(list)
    for entry in entries:
        open_entries[entry.fingerprint][entry.path] += 1
        by_key[entry.fingerprint, entry.path].append(entry)
    elsewhere = []
    known_ids: set[int] = set()
    for finding in findings:
        path = _kept_path(finding.path, folder)
        if open_entries[finding.fingerprint][path] > 0:
            open_entries[finding.fingerprint][path] -= 1
            known_ids.add(id(finding))
        else:
            elsewhere.append(finding)
    looked_at = {_kept_path(path, folder) for path in scanned}
    for finding in elsewhere:
        waiting = open_entries[finding.fingerprint]
        moved = next((path for path in sorted(waiting) if waiting[path] > 0 and not (folder / path).exists()), None)
        moved = moved or next((path for path in sorted(waiting) if waiting[path] > 0 and path in looked_at), None)
        if moved is not None:
            waiting[moved] -= 1
            known_ids.add(id(finding))
    for finding in findings:
        (compared.known if id(finding) in known_ids else compared.new).append(finding)
    for print_, paths in open_entries.items():
        for path, count in paths.items():
            for entry in by_key[print_, path][:count] if count > 0 else ():
                judged = entry.rule in rules and (path in looked_at or not (folder / path).exists())
                (compared.stale if judged else compared.left).append(entry)
    return compared


def _kept_path(path: str, folder: Path) -> str:
    return PurePath(os.path.relpath(path, folder)).as_posix()
