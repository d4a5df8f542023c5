"""The code quality report of GitLab, which a merge request shows as what it adds and what it mends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hiveloop_scan.report.identity import identities
from hiveloop_scan.report.reasons import claim
from hiveloop_scan.report.visible import escaped_json

if TYPE_CHECKING:
    from hiveloop_scan.model import Report

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render_code_quality(report: Report) -> str:
    """Return the findings and errors as the list that GitLab reads."""
    entries = [
        {
            "description": claim(finding),
            "check_name": finding.rule,
            "fingerprint": identity,
            "severity": _SEVERITIES.get(finding.severity, "minor"),
            "location": {"path": finding.path, "lines": {"begin": finding.span.line, "end": finding.span.end_line}},
        }
        for finding, identity in zip(report.findings, identities(report.findings), strict=True)
    ]
    entries += [
        {
            "description": error.message,
            "check_name": "error",
            "fingerprint": f"{error.path}:{error.message}",
            "severity": "major",
            "location": {"path": error.path, "lines": {"begin": error.line, "end": error.line}},
        }
        for error in report.errors
    ]
    return escaped_json(json.dumps(entries, indent=2, ensure_ascii=False)) + "\n"
