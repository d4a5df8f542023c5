"""Say quickly whether a code base uses the SDK at all: without it, nothing can be told already."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

FEW_FILES = 20
"""So few say nothing of their code base: it may use the SDK elsewhere."""

_SIGNS = (
    b"hiveloop",
    b"Hiveloop",
    b"HiveLoop",
    b"hiveLoop",
    b"HIVELOOP",
    b"hive_loop",
    b"Hive_Loop",
    b"HIVE_LOOP",
    b".report_issue(",
    b".resolve_issue(",
    b".plan_step(",
    b".request_approval(",
    b".approval_received(",
    b".queue_snapshot(",
    b".track_context(",
    b".llm_call(",
    b"queue_provider",
)
"""The SDK's name, however it is spelled, and what only its methods are called."""

_COMMON = (b".retry(", b".escalate(")
_TOLD = re.compile(rb"\.(?:retry|escalate)\(\s*f?[\"']")
"""Names that others have as well, with a text as the first argument."""


def use_the_sdk(files: Sequence[Path], wrappers: Collection[str] = ()) -> bool:
    """Say whether one of `files` speaks of HiveLoop, or of one of the `wrappers` that the settings name."""
    if len(files) <= FEW_FILES:
        return True
    return any(speaks_of_sdk(path, wrappers) for path in files)


def speaks_of_sdk(path: Path, wrappers: Collection[str] = ()) -> bool:
    """Say whether a file speaks of HiveLoop, or of one of the `wrappers`; no where it cannot be read."""
    try:
        return is_spoken_in(path.read_bytes(), wrappers)
    except OSError:
        return False


def is_spoken_in(source: bytes, wrappers: Collection[str] = ()) -> bool:
    """Say whether a source speaks of HiveLoop, or of one of the `wrappers`."""
    if any(sign in source for sign in _SIGNS):
        return True
    if any(name in source for name in _COMMON) and _TOLD.search(source):
        return True
    return any(name.rpartition(".")[2].encode() in source for name in wrappers)
