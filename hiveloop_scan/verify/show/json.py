"""The verdict for programs: version 1 of a contract, held by `verdict.schema.json`; keys are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hiveloop_scan.report.json import dump, header
from hiveloop_scan.verify.checklist import Answer, tally_of
from hiveloop_scan.verify.events import Event
from hiveloop_scan.verify.judging.judge import Fault
from hiveloop_scan.verify.show.places import shown_path
from hiveloop_scan.verify.show.words import kinds_of
from hiveloop_scan.verify.verdict import sites_of

if TYPE_CHECKING:
    from hiveloop_scan.verify.senders import Sender
    from hiveloop_scan.verify.verdict import Verdict


def render_json(verdict: Verdict) -> str:
    """Return the whole verdict as one JSON document."""
    tally = tally_of(verdict.answers)
    events = verdict.story.events
    document = {
        **header(),
        "run": {
            "command": list(verdict.run.command),
            "exit_code": verdict.run.exit_code,
            "started": verdict.run.started,
            "notes": list(verdict.run.notes),
        },
        "events": {
            "total": len(events),
            "agents": sorted({event.agent for event in events}),
            "tasks": len(verdict.story.tasks),
            "processes": len({event.record.process for event in events}),
            "by_kind": [_kind(kind, found) for kind, found in kinds_of(events).items()],
        },
        "checklist": {
            "seen": tally.covered,
            "total": tally.total,
            "percent": tally.percent,
            "items": [_item(answer) for answer in verdict.answers],
        },
        "problems": [_problem(fault) for fault in verdict.faults],
        "calls": {"total": len(verdict.senders), "silent": [_call(sender) for sender in verdict.silent]},
    }
    return dump(document)


def _kind(kind: str, events: list[Event]) -> dict[str, Any]:
    return {"kind": kind, "events": len(events), "sites": _sites(events)}


def _item(answer: Answer) -> dict[str, Any]:
    item = answer.item
    return {
        "name": item.name,
        "section": item.section,
        "title": item.title,
        "state": answer.state.value,
        "counts": answer.counts,
        "methods": list(item.methods),
        "events": len(answer.events),
        "sites": _sites(answer.events),
        "said": answer.said,
        "to_see_it": item.bring,
        "look_at": item.look,
    }


def _problem(fault: Fault) -> dict[str, Any]:
    return {
        "name": fault.name,
        "level": fault.level.value,
        "message": fault.message,
        "kind": fault.events[0].kind,
        "events": len(fault.events),
        "sites": _sites(fault.events),
    }


def _call(sender: Sender) -> dict[str, Any]:
    return {
        "path": sender.path,
        "line": sender.line,
        "end_line": sender.end_line,
        "method": sender.method,
        "symbol": sender.symbol,
    }


def _sites(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [
        {"path": shown_path(site), "line": site.line, "function": site.function, "events": count}
        for site, count in sites_of(events)
    ]
