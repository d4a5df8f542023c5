"""Whether HiveLoop is used in a code base, and what gives its current task and agent there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from hiveloop_scan.files import display_path
from hiveloop_scan.fix.calls import Handle
from hiveloop_scan.fix.offers import SHIPPED, Form, Offer, Plumbing
from hiveloop_scan.overview import Hiveloop

_IMPORTED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+hiveloop\b", re.MULTILINE)
_OPENED = re.compile(rb"^[ \t]*(?:async[ \t]+)?with[ \t][^\n]*\.task\(", re.MULTILINE)
_LISTED = re.compile(r"(?<![\w-])hiveloop(?![\w-])", re.IGNORECASE)
_LISTS = ("pyproject.toml", "requirements*.txt", "setup.cfg", "setup.py", "Pipfile", "environment.y*ml")


def hiveloop_of(folder: Path, sources: Mapping[Path, bytes], plumbing: Plumbing) -> Hiveloop:
    """Say where the SDK is used in a project and how its handles are got at."""
    using = {path: source for path, source in sources.items() if _IMPORTED.search(source)}
    return Hiveloop(len(using), _list_with_hiveloop(folder), tuple(_styles(using, plumbing)))


def _list_with_hiveloop(folder: Path) -> str:
    """Return the name of the file in `folder` that lists the SDK as a dependency; "" for none."""
    for path in (path for pattern in _LISTS for path in sorted(folder.glob(pattern))):
        try:
            if _LISTED.search(path.read_text("utf-8")):
                return path.name
        except (OSError, UnicodeDecodeError):
            continue
    return ""


def _styles(using: Mapping[Path, bytes], plumbing: Plumbing) -> Iterator[str]:
    """Yield what gives a handle, the best first: getters, those of the SDK, with statements, agents of modules."""
    for handle in (Handle.TASK, Handle.AGENT):
        if offer := plumbing.offer(handle):
            yield f"{_spelled(offer)} gives the {handle}"
    if plumbing.uses_shipped_getters:
        yield f"{SHIPPED} gives both"
    if blocks := [path for path, source in using.items() if _OPENED.search(source)]:
        yield f"'with ....task(...)' blocks in {display_path(blocks[0])}{_and_more(len(blocks))}"
    if made := plumbing.offer(f"made {Handle.AGENT}"):
        yield f"{_spelled(made)} is the agent"


def _spelled(offer: Offer) -> str:
    call = "()" if offer.form is Form.FUNCTION else ""
    return f"{offer.name}{call} in {display_path(offer.path)}"


def _and_more(count: int) -> str:
    return f" and {count - 1} more" if count > 1 else ""
