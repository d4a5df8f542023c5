"""Say quickly whether a code base uses the SDK at all: without it, nothing can be told already."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

_FEW_FILES = 20
"""So few say nothing of their code base: it may use the SDK elsewhere."""

_SIGNS = re.compile(
    rb"[Hh]ive_?[Ll]oop|\.(?:report_issue|resolve_issue|plan_step|request_approval|approval_received|queue_snapshot"
    rb"|track_context|llm_call)\(|\.(?:retry|escalate)\(\s*f?[\"']|queue_provider"
)


def use_the_sdk(files: Sequence[Path], wrappers: Collection[str] = ()) -> bool:
    """Say whether one of `files` speaks of HiveLoop, or of one of the `wrappers` that the settings name."""
    if len(files) <= _FEW_FILES:
        return True
    return any(speaks_of_sdk(path, wrappers) for path in files)


def speaks_of_sdk(path: Path, wrappers: Collection[str] = ()) -> bool:
    """Say whether a file speaks of HiveLoop, or of one of the `wrappers`; no where it cannot be read."""
    try:
        source = path.read_bytes()
    except OSError:
        return False
    return bool(_SIGNS.search(source)) or any(name.rpartition(".")[2].encode() in source for name in wrappers)
