"""The events of a run, and the file that keeps them: one JSON object a line, the first of them about the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hiveloop_scan import __version__
from hiveloop_scan.model import ScanError

_AGAIN = "record it again: hiveloop-scan verify --save FILE -- COMMAND"
_KIND = "events"


@dataclass(frozen=True, slots=True)
class CallSite:
    """A place in the program that was run; `path` is absolute, `function` as tracebacks name it."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Record:
    """An event that the program has made.

    `event` is as on the wire, or as near to it as JSON comes where it could not be sent. `agent` is the id in its
    envelope, `site` the line that made it, `problems` say why HiveBoard does not get it, or not as it was meant, and
    `process` is the number of the process. `through` is the innermost place where that is a wrapper around the SDK
    and `site` the line that called the wrapper.
    """

    event: Mapping[str, Any]
    agent: str
    site: CallSite | None
    problems: tuple[str, ...]
    process: int
    through: CallSite | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a program: its events in the order in which they were made, and how it ended.

    `started` is a time in ISO 8601; `notes` say what the events cannot: what was not followed, and what to do.
    """

    command: tuple[str, ...]
    started: str
    exit_code: int
    records: tuple[Record, ...] = ()
    notes: tuple[str, ...] = field(default=())


def write_records(path: Path, run: Run) -> None:
    """Write a run to `path`, for `read_run`."""
    head = {
        "hiveloop_scan": __version__,
        "kind": _KIND,
        "command": run.command,
        "exit_code": run.exit_code,
        "started": run.started,
        "notes": run.notes,
    }
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(head) + "\n")
            file.writelines(json.dumps(_as_json(record)) + "\n" for record in run.records)
    except OSError as error:
        raise ScanError(f"cannot write {path}: {error.strerror}", "name another file") from None


def read_records(path: Path) -> list[Record]:
    """Return the events in the file at `path`; raise ScanError where it is damaged."""
    return list(read_run(path).records)


def read_run(path: Path) -> Run:
    """Return the run that was kept at `path`; raise ScanError where it is no such file, or a damaged one."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ScanError(f"no such file: {path}", _AGAIN) from None
    except OSError as error:
        raise ScanError(f"cannot read {path}: {error.strerror}", "name another file") from None
    except UnicodeDecodeError as error:
        raise ScanError(f"{path}: not UTF-8 at byte {error.start}", _AGAIN) from None
    head, *lines = text.split("\n")
    about = _parsed(head, path, 1)
    if about.get("kind") != _KIND or "hiveloop_scan" not in about:
        raise ScanError(f"{path}: not a file of events: its first line does not say so", _AGAIN)
    if lines[-1:] != [""]:
        raise ScanError(f"{path}, line {len(lines) + 1}: the file ends within a line", _AGAIN)
    records = tuple(_record(line, path, number) for number, line in enumerate(lines[:-1], 2))
    try:
        return Run(
            _texts(about["command"]),
            _text(about["started"]),
            _number(about["exit_code"]),
            records,
            _texts(about.get("notes", [])),
        )
    except (KeyError, TypeError) as error:
        raise ScanError(f"{path}, line 1: {_reason(error)}", _AGAIN) from None


def _as_json(record: Record) -> dict[str, Any]:
    data = {
        "event": record.event,
        "agent": record.agent,
        "site": _site_as_json(record.site),
        "problems": record.problems,
        "process": record.process,
    }
    return data if record.through is None else {**data, "through": _site_as_json(record.through)}


def _site_as_json(site: CallSite | None) -> dict[str, Any] | None:
    return None if site is None else {"path": site.path, "line": site.line, "function": site.function}


def _record(line: str, path: Path, number: int) -> Record:
    data = _parsed(line, path, number)
    try:
        if not isinstance(data["event"], dict):
            raise TypeError("'event' is not an object")
        return Record(
            data["event"],
            _text(data["agent"]),
            call_site(data["site"]),
            _texts(data["problems"]),
            _number(data["process"]),
            call_site(data.get("through")),
        )
    except (KeyError, TypeError) as error:
        raise ScanError(f"{path}, line {number}: {_reason(error)}", _AGAIN) from None


def call_site(data: Any) -> CallSite | None:
    """Return the site that JSON holds; raise KeyError or TypeError where it is none."""
    if data is None:
        return None
    return CallSite(_text(data["path"]), _number(data["line"]), _text(data["function"]))


def _parsed(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ScanError(f"{path}, line {number}: not JSON: {error}", _AGAIN) from None
    if not isinstance(data, dict):
        raise ScanError(f"{path}, line {number}: not a JSON object", _AGAIN)
    return data


def _reason(error: KeyError | TypeError) -> str:
    return f"there is no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40} is not a list")
    return tuple(_text(item) for item in value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r:.40} is not a whole number")
    return value
