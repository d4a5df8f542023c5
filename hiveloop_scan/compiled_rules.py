"""The built-in rules as an earlier run has read them: Python keeps its modules in the same way.

Whatever is wrong with what is kept, the rules are read from their folders.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from hiveloop_scan.identity import DIGEST, cache_folder, digest_of, this_tool
from hiveloop_scan.need import Need
from hiveloop_scan.rule import Rule, Vocabulary

FILE = "rules-1.bin"
_PLAIN = [item.name for item in fields(Rule) if item.name not in ("folder", "options", "needs")]


def compiled(folder: Path, names: Sequence[str]) -> dict[str, Rule]:
    """Return the rules of these names in `folder`, if just these were compiled as they are now; else none."""
    try:
        data = (cache_folder() / FILE).read_bytes()
        mark, key, body = data[:DIGEST], data[DIGEST : 2 * DIGEST], data[2 * DIGEST :]
        if key != _key(folder, names) or mark != digest_of(key + body):
            return {}
    except OSError:
        return {}
    known: dict[object, Need] = {}
    rules = [_rule(folder, known, *written) for written in marshal.loads(body)]
    return {rule.name: rule for rule in rules}


def keep(folder: Path, rules: Mapping[str, Rule]) -> None:
    """Keep the rules in `folder` for the next run, if that can be done."""
    with suppress(OSError):
        key, body = _key(folder, list(rules)), marshal.dumps([_written(rule) for rule in rules.values()])
        import tempfile  # once in a while

        place = cache_folder()
        place.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=place)
        with os.fdopen(descriptor, "wb") as file:
            file.write(digest_of(key + body) + key + body)
        Path(name).replace(place / FILE)


def _key(folder: Path, names: Sequence[str]) -> bytes:
    """Return what decides on the rules: their files as they are now, and what reads them."""
    parts = []
    for name in names:
        status = os.stat(f"{folder}/{name}/rule.toml")  # noqa: PTH116 - a hundred files, each run
        parts.append((name, status.st_size, status.st_mtime_ns))
    return digest_of(repr((this_tool(), str(folder), parts)).encode())


def _written(rule: Rule) -> object:
    needs = [astuple(need) for need in rule.needs]
    return {name: getattr(rule, name) for name in _PLAIN}, dict(rule.options), needs, rule.digest


def _rule(
    folder: Path,
    known: dict[object, Need],
    plain: dict[str, Any],
    options: Mapping[str, frozenset[str]],
    needs: Sequence[tuple[Any, ...]],
    digest: bytes,
) -> Rule:
    """Return a rule; equal needs are one, so that each is looked for once."""
    place = folder / plain["name"]
    own = tuple(known.setdefault(need, Need(*need)) for need in needs)
    rule = Rule(folder=place, options=Vocabulary(place, options), needs=own, **plain)
    vars(rule)["digest"] = digest  # to work it out again would take as long as to read all the rest
    return rule
