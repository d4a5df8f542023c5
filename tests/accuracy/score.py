"""Score findings against labels: must is a site, may is ignored, not (or no label) is a false alarm."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hiveloop_scan.model import Finding

SLACK_LINES = 2
LABEL_METHODS = {
    "retry": "retry",
    "escalate": "escalate",
    "request_approval": "approval",
    "approval_received": "approval",
    "report_issue": "issue",
    "resolve_issue": "resolve",
    "queue_snapshot": "queue",
    "queue_provider": "queue",
    "plan": "plan",
    "plan_step": "plan_step",
    "track_context": "tool",
}


@dataclass(frozen=True)
class Label:
    """One hand-made label; labels of one `group` in a file are alternatives for one event."""

    package: str
    file: str
    method: str
    start: int
    end: int
    tier: str
    idiom: str
    why: str
    group: str | None = None

    @property
    def event(self) -> tuple[str, str, str, str]:
        """What the label stands for: one event, however many places can report it."""
        return self.package, self.file, self.method, self.group or str(self.start)


@dataclass
class Score:
    """The counts of one method, and the alarms behind them."""

    musts: set[tuple[str, str, str, str]] = field(default_factory=set)
    hits: set[tuple[str, str, str, str]] = field(default_factory=set)
    ignored: int = 0
    false_alarms: list[tuple[str, Finding, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Musts met / musts; 1.0 when there are none."""
        return len(self.hits) / len(self.musts) if self.musts else 1.0

    @property
    def precision(self) -> float:
        """Events hit / (events hit + false alarms); 1.0 when nothing was reported."""
        reported = len(self.hits) + len(self.false_alarms)
        return len(self.hits) / reported if reported else 1.0


def together(scores: Iterable[Score]) -> Score:
    """Add up the scores of several methods."""
    total = Score()
    for one in scores:
        total.musts |= one.musts
        total.hits |= one.hits
        total.ignored += one.ignored
        total.false_alarms += one.false_alarms
    return total


def load_labels(path: Path) -> list[Label]:
    """Read labels, one JSON object a line; `none` lines stand for files that were read and have no site."""
    return [Label(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def score(labels: Sequence[Label], findings: Iterable[tuple[str, str, Finding]]) -> dict[str, Score]:
    """Score `findings`, each with its package and its file inside the wheel; returns a Score for each label method."""
    scores: dict[str, Score] = defaultdict(Score)
    places: dict[tuple[str, str, str], list[Label]] = defaultdict(list)
    for label in labels:
        if label.tier != "none":
            places[label.package, label.file, label.method].append(label)
        if label.tier == "must":
            scores[label.method].musts.add(label.event)
    for package, file, finding in findings:
        method = LABEL_METHODS.get(finding.method)
        if method is None:
            continue
        label_met = _label_met(places[package, file, method], finding)
        if label_met is None:
            scores[method].false_alarms.append((f"{package}/{file}", finding, "no label"))
        elif label_met.tier == "must":
            scores[method].hits.add(label_met.event)
        elif label_met.tier == "may":
            scores[method].ignored += 1
        else:
            scores[method].false_alarms.append((f"{package}/{file}", finding, f"not: {label_met.idiom}"))
    return dict(scores)


def _label_met(labels: Sequence[Label], finding: Finding) -> Label | None:
    """Return the tightest label that holds the finding's line; else one within the slack; else a must in its span."""
    line, end = finding.span.line, finding.span.end_line
    met = [label for label in labels if label.start <= line <= label.end]
    met = met or [label for label in labels if label.start - SLACK_LINES <= line <= label.end + SLACK_LINES]
    met = met or [label for label in labels if label.tier == "must" and line <= label.start <= end]
    order = ("must", "may", "not")
    return min(met, key=lambda label: (label.end - label.start, order.index(label.tier)), default=None)
