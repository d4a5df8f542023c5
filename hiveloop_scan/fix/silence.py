"""Put a comment above a place that keeps a rule silent there."""

from __future__ import annotations

from hiveloop_scan.fix.edits import edited
from hiveloop_scan.fix.place import before
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import Finding


def with_suppression(source: Source, finding: Finding, reason: str = "declined in apply") -> Source:
    """Return the file with a suppression of `finding`; as it is where no comment can stand above the place."""
    try:
        place = source.statement_at(finding.span.line)
        comment = f"# hiveloop: ignore[{finding.rule}] -- {reason}"
        return source.with_text(edited(source.text, before(place, [comment], source)))
    except Refusal:
        return source
