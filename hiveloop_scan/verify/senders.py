"""The calls in the source that send events: the places that a run can reach."""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.catalog import Rule, rules_folder
from hiveloop_scan.needs import Need
from hiveloop_scan.syntax.sdk_shapes import SDK_BYTES

if TYPE_CHECKING:
    from hiveloop_scan.model import Finding
    from hiveloop_scan.visitor import Detector


class Sends(enum.StrEnum):
    """When a call sends its event."""

    HERE = "here"
    LATER = "later"
    """When the block that it makes is entered, in the same function."""
    BY_FUNCTION = "by-function"
    """When the function is called that it decorates."""
    WITH_HEARTBEATS = "with-heartbeats"


@dataclass(frozen=True, slots=True, order=True)
class Sender:
    """A call of the SDK; `path` is what reports show, `real` the file itself, `agent` the agent's id where it is known.

    `symbol` is the function around the call, or the one that it decorates.
    """

    path: str
    real: str
    line: int
    end_line: int
    method: str
    symbol: str
    sends: Sends
    agent: str = ""


class _EveryCall(Rule):
    """Not one of the rules: it finds calls that are there. The scanner knows how to look for it all the same."""

    def load_detector(self) -> Detector:
        """Return the detector, which is none of those that rules can name."""
        from hiveloop_scan.verify.every_call import every_call

        return every_call


_WORDS = re.compile(SDK_BYTES + rb"|tell_task|tell_agent|hiveboard", re.IGNORECASE)
_WEIGHTS = {"on-an-sdk-object": 6, "looks-like-an-sdk-object": 0, "project-uses-the-sdk": 6}


def senders_in(paths: Sequence[Path], jobs: int = 0) -> tuple[Sender, ...]:
    """Return all calls that send events in the files under `paths`, in the order of files and lines.

    Files that cannot be read or parsed have none; `report` and `lint` speak of them.
    """
    from hiveloop_scan.config import load_config
    from hiveloop_scan.engine import scan
    from hiveloop_scan.files import discover
    from hiveloop_scan.plan import Plan

    rule = _EveryCall(
        "every-call", rules_folder(), "any", "", "note", "", "every-call", _WEIGHTS,
        {"high": 6, "medium": 6, "low": 6}, needs=(Need("sdk-use"),), kind="misuse",
        sees_written_code=True,
    )  # fmt: skip
    config = load_config(list(paths))
    found = discover(paths, config.exclude, config.root)
    found.files = [file for file in found.files if _may_call(file)]
    report = scan(found, Plan((rule,), config), jobs)
    findings = [*report.findings, *(silenced.finding for silenced in report.silenced)]
    return tuple(sorted(_sender(finding) for finding in findings))


def _may_call(path: Path) -> bool:
    """Say whether a file has words of the SDK in it, or of the helpers around it."""
    try:
        return _WORDS.search(path.read_bytes()) is not None
    except OSError:
        return False


def _sender(finding: Finding) -> Sender:
    captures = finding.captures
    return Sender(
        finding.path,
        os.path.realpath(finding.path),
        finding.span.line,
        finding.span.end_line,
        finding.method,
        finding.symbol,
        Sends(str(captures["sends"])),
        str(captures.get("agent") or ""),
    )
