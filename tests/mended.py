"""Run `lint --fix` in memory on one file that is a project of its own."""

from __future__ import annotations

from pathlib import Path

from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import FileChange
from hiveloop_scan.repair import can_mend, repair
from hiveloop_scan.scan import Plan
from tests.misuse import MISUSE


def change_of(source: str, folder: Path, unsafe: bool = False, rule: str = "") -> FileChange:
    """Return what `lint --fix` would do to `source`; of all findings, or of those of one rule."""
    file = folder / "agent.py"
    file.write_bytes(source.encode())
    plan = Plan(MISUSE, Config(folder))
    report = scan(discover([file]), plan)
    findings = [item for item in report.findings if can_mend(item, unsafe) and rule in ("", item.rule)]
    changes = repair(findings, [file], plan)
    return changes[0] if changes else FileChange(file, "agent.py", source.encode(), source.encode())


def mended(source: str, folder: Path, unsafe: bool = False, rule: str = "") -> str:
    """Return `source` as `lint --fix` would leave it."""
    return change_of(source, folder, unsafe, rule).after.decode()
