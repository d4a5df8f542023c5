"""In a whole application no call is misused, and each of them is known as one of the SDK's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.misuse import broken, rules_broken, scanned

APPLICATION = Path(__file__).parent.parent / "fixtures" / "instrumented" / "parcel_desk"
CALL = re.compile(r"\b(?:task|agent|hb|_task|hiveloop)\.(?!set\(|get\()\w+\(")
PLACES = [
    (path, call)
    for path in sorted(APPLICATION.glob("*.py"))
    for call in CALL.finditer(path.read_text("utf-8"))
    if "reset" not in call[0]
]
CALLS = [
    pytest.param(path.name, call.end(), id=f"{path.stem}, {number}: {call[0]}...)")
    for number, (path, call) in enumerate(PLACES)
]


def test_nothing_is_misused() -> None:
    assert scanned(APPLICATION).findings == ()


def test_there_are_calls_to_break() -> None:
    assert len(CALLS) > 15


@pytest.mark.parametrize(("module", "start"), CALLS)
def test_a_call_that_is_made_wrong_is_found(module: str, start: int, tmp_path: Path) -> None:
    copy = tmp_path / APPLICATION.name
    shutil.copytree(APPLICATION, copy)
    source = (copy / module).read_text("utf-8")
    (copy / module).write_text(broken(source, start), "utf-8")
    assert rules_broken(copy) == {"unknown-argument"}
