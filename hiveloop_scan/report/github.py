"""Annotations of GitHub: one workflow command for each finding, which GitHub shows beside the line of the diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiveloop_scan.report.reasons import claim
from hiveloop_scan.report.summary import headline
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from hiveloop_scan.model import FileError, Finding, Report

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render_annotations(report: Report) -> str:
    """Return one line for each finding and error, and the outcome as the last line."""
    lines = [_annotation(finding) for finding in report.findings]
    lines += [_error(error) for error in report.errors]
    return "\n".join([*lines, headline(report)]) + "\n"


def _annotation(finding: Finding) -> str:
    span = finding.span
    place: dict[str, str | int] = {"file": finding.path, "line": span.line, "endLine": span.end_line}
    place["title"] = finding.rule
    if span.line == span.end_line:  # GitHub takes columns only of a single line
        place["col"] = span.column
        place["endColumn"] = max(span.column, span.end_column)
    return _command(_COMMANDS.get(finding.severity, "warning"), place, claim(finding))


def _error(error: FileError) -> str:
    return _command("error", {"file": error.path, "line": error.line}, error.message)


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {told}::{_data(visible(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
