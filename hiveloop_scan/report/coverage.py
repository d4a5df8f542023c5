"""How much of a code base tells HiveBoard its events: for people, for programs, for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiveloop_scan.report.badge import render_badge
from hiveloop_scan.report.coverage_formats import CoverageFormat
from hiveloop_scan.report.json import dump, header
from hiveloop_scan.report.quoting import code_span
from hiveloop_scan.report.summary import count_of
from hiveloop_scan.report.tallies import Tallies, Tally, tallies
from hiveloop_scan.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiveloop_scan.model import Report

_WORST = 10


def render_coverage(report: Report, format: CoverageFormat) -> str:
    """Return the coverage of what was scanned."""
    counted = tallies(report)
    if format is CoverageFormat.JSON:
        return _json(report, counted)
    if format is CoverageFormat.MARKDOWN:
        return _markdown(report, counted)
    return render_badge(counted.whole) if format is CoverageFormat.SVG else _text(report, counted)


def _text(report: Report, counted: Tallies) -> str:
    blocks = [_table("method", counted.methods), _table("package", counted.packages)]
    worst = {path: tally for path, tally in counted.files.items() if tally.covered < tally.total}
    if worst:
        shown = dict(list(worst.items())[:_WORST])
        blocks.append(_table("worst files" if len(worst) <= _WORST else f"worst {_WORST} of {len(worst)} files", shown))
    return "\n".join([*(block for block in blocks if block), _headline(report, counted.whole), ""])


def _table(title: str, rows: Mapping[str, Tally]) -> str:
    if not rows:
        return ""
    shown = {visible(name): tally for name, tally in rows.items()}
    room = max(len(title), *(len(name) for name in shown))
    lines = [f"{title:<{room}}  covered  total"]
    lines += [
        f"{name:<{room}}  {tally.covered:>7}  {tally.total:>5}  {_percent(tally):>7}" for name, tally in shown.items()
    ]
    return "\n".join(lines) + "\n"


def _headline(report: Report, whole: Tally) -> str:
    if not whole.total:
        return f"no places found that should tell HiveBoard something in {count_of(report.files, 'file')}"
    text = f"{_percent(whole)} covered: {whole.covered:,} of {count_of(whole.total, 'place')}"
    notes = [text, f"{count_of(report.suppressed, 'place')} silenced"] if report.suppressed else [text]
    return "; ".join([*notes, count_of(len(report.errors), "error")] if report.errors else notes)


def _percent(tally: Tally) -> str:
    return f"{tally.percent:.1f} %" if tally.percent % 1 else f"{tally.percent:.0f} %"


def _json(report: Report, counted: Tallies) -> str:
    def shown(tally: Tally) -> dict[str, Any]:
        return {"covered": tally.covered, "total": tally.total, "percent": tally.percent}

    return dump(
        {
            **header(),
            "coverage": shown(counted.whole),
            "by_method": {name: shown(tally) for name, tally in counted.methods.items()},
            "by_package": {name: shown(tally) for name, tally in counted.packages.items()},
            "by_file": {name: shown(tally) for name, tally in counted.files.items()},
            "silenced": report.suppressed,
            "errors": [{"path": error.path, "message": error.message} for error in report.errors],
        }
    )


def _markdown(report: Report, counted: Tallies) -> str:
    lines = [f"**HiveLoop coverage: {_headline(report, counted.whole)}**"]
    worst = {path: tally for path, tally in list(counted.files.items())[:_WORST] if tally.covered < tally.total}
    for title, rows in (("method", counted.methods), ("package", counted.packages), ("worst files", worst)):
        if rows:
            lines += ["", f"| {title} | covered | total | |", "|---|---:|---:|---:|"]
            lines += [
                f"| {code_span(name).replace('|', '&#124;')} | {tally.covered} | {tally.total} | {_percent(tally)} |"
                for name, tally in rows.items()
            ]
    return "\n".join(lines) + "\n"
