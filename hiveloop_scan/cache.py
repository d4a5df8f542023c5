"""What earlier runs found in files that are the same now: a table from what decides on a result to the result.

A result rests on the bytes of its file and its name, the rules and their words, the settings, and the versions of
what does the work. What it needs of other files it leaves open, so a change elsewhere is settled anew in each run.
"""

from __future__ import annotations

import io
import pickle
import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from hiveloop_scan import compiled_rules, model
from hiveloop_scan.identity import DIGEST, cache_folder, digest_of, this_tool
from hiveloop_scan.model import FileResult
from hiveloop_scan.rule import Rule

_FILE = "results-1.sqlite"
_PATIENCE = 5.0
"""Seconds to wait for another run that is writing."""

_DAYS = 30
_MOST_BYTES = 300_000_000
_AT_ONCE = 500
_DAY = 86_400
_SCHEMA = """
create table if not exists results (key blob primary key, value blob not null, used integer not null) without rowid
"""


def clear_cache() -> Path | None:
    """Delete what is kept; return the file that is gone, None where there was none."""
    file = cache_folder() / _FILE
    gone = file if file.exists() else None
    for path in (file, file.with_name(f"{_FILE}-journal"), file.with_name(compiled_rules.FILE)):
        path.unlink(missing_ok=True)
    return gone


class Cache:
    """The results of earlier runs. Whatever is wrong with them is a miss, never an error."""

    def __init__(self, folder: Path) -> None:
        """Use the file in `folder`, which need not exist."""
        self._file = folder / _FILE
        self._today = int(time.time() // _DAY)

    def get(self, keys: Iterable[bytes]) -> dict[bytes, FileResult | bool]:
        """Return what is kept for `keys`; those of which nothing is kept are left out."""
        found: dict[bytes, FileResult | bool] = {}
        stale: list[bytes] = []
        wanted = list(dict.fromkeys(keys))
        try:
            if not self._file.is_file():
                return {}
            with closing(self._open()) as table:
                for start in range(0, len(wanted), _AT_ONCE):
                    some = wanted[start : start + _AT_ONCE]
                    marks = ",".join("?" * len(some))
                    rows = table.execute(f"select key, value, used from results where key in ({marks})", some)
                    for key, value, used in rows:
                        with suppress(_DamagedError):
                            found[key] = _unpacked(value)
                            if used != self._today:
                                stale.append(key)
                if stale:
                    with table:
                        table.executemany(
                            "update results set used = ? where key = ?", [(self._today, key) for key in stale]
                        )
        except (sqlite3.Error, OSError) as error:
            self._mend(error)
        return found

    def put(self, results: Mapping[bytes, FileResult | bool]) -> None:
        """Keep `results`, and drop what nobody has asked for in a long time."""
        if not results:
            return
        rows = [(key, _packed(value), self._today) for key, value in results.items()]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as table, table:
                table.execute(_SCHEMA)
                table.executemany("insert or replace into results values (?, ?, ?)", rows)
                self._clean(table)
        except (sqlite3.Error, OSError) as error:
            self._mend(error)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=_PATIENCE)

    def _clean(self, table: sqlite3.Connection) -> None:
        table.execute("delete from results where used < ?", (self._today - _DAYS,))
        pages, free, size = (
            table.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > _MOST_BYTES:
            table.execute("delete from results where used < ?", (self._today,))
        if (pages - free) * size > 2 * _MOST_BYTES:
            table.execute("delete from results")

    def _mend(self, error: Exception) -> None:
        """Begin anew where the file is damaged; where it is locked or cannot be written, this run goes without."""
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


class Keys:
    """The keys of the files of one run."""

    def __init__(self, *decisive: object) -> None:
        """Take what decides on the results of all files, besides the tool itself."""
        self._seed = digest_of(repr((this_tool(), decisive)).encode())
        self._rules: tuple[Rule, ...] = ()
        self._of_rules = _digest_of_rules(())

    def of(self, source: bytes, shown: str, rules: tuple[Rule, ...]) -> bytes:
        """Return the key of a file with this `source`, in which `rules` look."""
        return self.by_digest(digest_of(source), shown, rules)

    def by_digest(self, digest: bytes, shown: str, rules: tuple[Rule, ...]) -> bytes:
        """Return the key of a file whose source has this `digest`."""
        if rules is not self._rules:
            self._rules, self._of_rules = rules, _digest_of_rules(rules)
        return digest_of(b"\0".join((self._seed, digest, shown.encode(), self._of_rules)))


@lru_cache(maxsize=64)
def _digest_of_rules(rules: tuple[Rule, ...]) -> bytes:
    return digest_of(b"".join([rule.digest for rule in rules]))


class _DamagedError(Exception):
    """What is kept is not what was written."""


def _packed(value: FileResult | bool) -> bytes:
    with io.BytesIO() as data:
        _Writer(data, protocol=5).dump(value)
        return digest_of(data.getvalue()) + data.getvalue()


class _Writer(pickle.Pickler):
    """Writes the nouns of the model as calls that make them: they are read twice as fast as by their states."""

    def reducer_override(self, value: Any) -> Any:
        """Return how to make a noun; everything else pickle knows itself."""
        if not is_dataclass(value) or isinstance(value, type):
            return NotImplemented
        return type(value), tuple(getattr(value, item.name) for item in fields(value))


_ANSWERS = {_packed(answer): answer for answer in (False, True)}


def _unpacked(value: bytes) -> FileResult | bool:
    if value in _ANSWERS:
        return _ANSWERS[value]
    mark, data = value[:DIGEST], value[DIGEST:]
    if not isinstance(value, bytes) or digest_of(data) != mark:
        raise _DamagedError
    found = _Reader(io.BytesIO(data)).load()
    if not isinstance(found, FileResult):
        raise _DamagedError
    return found


_PLAIN = {("builtins", "frozenset"): frozenset, ("datetime", "date"): date}


class _Reader(pickle.Unpickler):
    """Makes the nouns of the model and nothing else, whatever a file of this name asks for."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of the model; pickle's own kinds need none."""
        if module == model.__name__ and isinstance(found := getattr(model, name, None), type):
            return found
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        raise _DamagedError
