"""The file of a run's events is read as it was written, and a damaged one says where it is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hiveloop_scan.model import ScanError
from hiveloop_scan.verify.records import CallSite, Record, Run, read_records, read_run, write_records

SITE = CallSite("/src/agent.py", 41, "fetch")
EVENT = {"event_id": "1", "event_type": "custom", "payload": {"summary": "a\u2028b\ud800", "data": {"depth": 3}}}
RUN = Run(
    ("python", "agent.py"),
    "2026-12-01T10:00:00+00:00",
    3,
    (Record(EVENT, "router", SITE, ("too big",), 77), Record({}, "router", None, (), 78, through=SITE)),
    ("a note",),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    write_records(path, RUN)
    return path


def test_a_run_is_read_as_it_was_written(file: Path) -> None:
    assert read_run(file) == RUN
    assert read_records(file) == list(RUN.records)


def test_the_lines_have_the_keys_that_are_promised(file: Path) -> None:
    head, record, _ = map(json.loads, file.read_text().splitlines())
    assert list(head) == ["hiveloop_scan", "kind", "command", "exit_code", "started", "notes"]
    assert list(record) == ["event", "agent", "site", "problems", "process"]
    assert record["site"] == {"path": "/src/agent.py", "line": 41, "function": "fetch"}


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (1, '"kind": "events"', '"kind": "report"', "not a file of events"),
        (1, '"exit_code": 3', '"exit_code": "3"', "line 1: '3' is not a whole number"),
        (1, '"exit_code": 3, ', "", "line 1: there is no 'exit_code'"),
        (2, '{"event"', '{"event', "line 2: not JSON"),
        (2, '"agent": "router", ', "", "line 2: there is no 'agent'"),
        (2, '"line": 41', '"line": null', "line 2: None is not a whole number"),
        (2, '"problems": ["too big"]', '"problems": "too big"', "line 2: 'too big' is not a list"),
        (3, '{"event": {}', '{"event": 1', "line 3: 'event' is not an object"),
        (3, "}\n", "}\n[1]\n", "line 4: not a JSON object"),
        (3, "}\n", "", "line 3: the file ends within a line"),
    ],
)
def test_a_damaged_line_is_named(line: int, old: str, new: str, said: str, file: Path) -> None:
    lines = file.read_text().splitlines(keepends=True)
    start, _, end = lines[line - 1].rpartition(old)
    lines[line - 1] = start + new + end
    file.write_text("".join(lines))
    with pytest.raises(ScanError) as raised:
        read_run(file)
    assert said in raised.value.message
    assert str(file) in raised.value.message
    assert "--save" in raised.value.hint


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\x80abc")
    for name, said in (("missing", "no such file"), ("binary", "not UTF-8"), (".", "cannot read")):
        with pytest.raises(ScanError, match=said):
            read_run(tmp_path / name)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(ScanError, match="line 1: not JSON"):
        read_run(tmp_path / "empty")


def test_a_run_goes_to_no_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match="cannot write"):
        write_records(tmp_path / "missing" / "events.jsonl", RUN)
