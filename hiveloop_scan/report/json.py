"""The JSON report: version 1 of a contract that other tools rely on; keys are added, never changed."""

from __future__ import annotations

import json
from typing import Any

from hiveloop_scan import __version__
from hiveloop_scan.model import Evidence, Finding, Report
from hiveloop_scan.report.summary import by_confidence, by_method


def render_json(report: Report) -> str:
    """Return the report as one JSON document; lines and columns are 1-based, the end of a span is exclusive."""
    document = {
        "version": 1,
        "tool": {"name": "hiveloop-scan", "version": __version__},
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [{"path": error.path, "message": error.message} for error in report.errors],
        "summary": {
            "files": report.files,
            "lines": report.lines,
            "by_method": by_method(report.findings),
            "by_confidence": by_confidence(report.findings),
            "suppressed": report.suppressed,
            "seconds": round(report.seconds, 3),
        },
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        "rule": finding.rule,
        "method": finding.method,
        "confidence": finding.confidence.label,
        "evidence": [evidence_text(fact) for fact in finding.evidence],
        "message": finding.message,
        "symbol": finding.symbol,
        "captures": dict(finding.captures),
        "fix": finding.fix,
    }


def evidence_text(fact: Evidence) -> str:
    """Return a fact as a word; one that speaks against the finding says so."""
    return fact.name if fact.weight >= 0 else f"against: {fact.name}"
