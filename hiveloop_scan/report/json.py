"""The JSON report: version 1 of a contract that other tools rely on; keys are added, never changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hiveloop_scan import __version__
from hiveloop_scan.report.order import Order, in_order
from hiveloop_scan.report.summary import by_confidence, by_method
from hiveloop_scan.report.visible import escaped_json

if TYPE_CHECKING:
    from hiveloop_scan.model import Evidence, Finding, Report


def render_json(report: Report, order: Order = Order.FILE) -> str:
    """Return the report as one JSON document; lines and columns are 1-based, ends are exclusive."""
    document = {
        **header(),
        "findings": [_finding(finding) for finding in in_order(report.findings, order)],
        **({"stale": list(report.stale)} if report.stale else {}),
        "errors": [{"path": error.path, "message": error.message} for error in report.errors],
        "summary": {
            "files": report.files,
            "lines": report.lines,
            "by_method": by_method(report.findings),
            "by_confidence": by_confidence(report.findings),
            "seconds": round(report.seconds, 3),
        },
    }
    return dump(document)


def header() -> dict[str, Any]:
    """Return what every JSON document of this tool begins with."""
    return {"version": 1, "tool": {"name": "hiveloop-scan", "version": __version__}}


def dump(document: dict[str, Any]) -> str:
    """Return `document` as text that people can read and a terminal can bear."""
    return escaped_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


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
        "evidence": [_evidence(fact) for fact in finding.evidence],
        "message": finding.message,
        "symbol": finding.symbol,
        "captures": dict(finding.captures),
        "fix": finding.fix,
        "kind": finding.kind,
        "severity": finding.severity,
        "fingerprint": finding.fingerprint,
    }


def _evidence(fact: Evidence) -> str:
    """Return a fact as a word; one that speaks against the finding says so."""
    return fact.name if fact.weight >= 0 else f"against: {fact.name}"
