"""Ask about each call before it goes into the proposal: yes, no, all, quit, or show the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import typer

from hiveloop_scan.codemod import Proposal, Survey
from hiveloop_scan.fix.planning import change_file, fingerprint
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.silence import with_suppression
from hiveloop_scan.fix.source import Source
from hiveloop_scan.model import FileChange, Finding, Outcome
from hiveloop_scan.report.console import rendered_for_stdout
from hiveloop_scan.report.diff import print_diff
from hiveloop_scan.report.reasons import reasons_for

_QUESTION = "Write it? [y]es, [n]o, [a]ll from here, [q]uit, show the [e]vidence"
_DECLINED = "declined"


@dataclass
class _Answers:
    """What the user has said so far that is about more than one call."""

    all: bool = False
    quit: bool = False


def ask_about(survey: Survey) -> Proposal:
    """Return the changes that the user has said yes to; a "no" stays in the file as a suppression."""
    answers = _Answers()
    changes = []
    for shown, findings in sorted(survey.findings.items()):
        if answers.quit:
            break
        changes.append(_File(survey.paths[shown], shown, survey, answers).asked(findings))
    return Proposal(tuple(changes), survey.errors, survey.files, survey.lines)


@dataclass
class _File:
    """One file while its calls are asked about: its bytes so far, and what was decided."""

    path: Path
    shown: str
    survey: Survey
    answers: _Answers
    outcomes: list[Outcome] = field(default_factory=list)

    def asked(self, findings: Sequence[Finding]) -> FileChange:
        """Ask about the findings one by one; each yes moves the lines of the others, so they are looked for again."""
        before = data = self.path.read_bytes()
        pending = list(findings)
        decided: Counter[tuple[str, ...]] = Counter()
        while pending and not self.answers.quit:
            finding = pending.pop(0)
            after = self._decided(finding, data)
            decided[fingerprint(finding)] += not (self.outcomes and self.outcomes[-1].is_written)
            if after != data:
                data = after
                pending = _undecided(self.survey.intent.rescan(self.path, data), decided)
        return FileChange(self.path, self.shown, before, data, tuple(self.outcomes))

    def _decided(self, finding: Finding, data: bytes) -> bytes:
        """Return the file after the user's answer about one finding."""
        intent = replace(self.survey.intent, wanted=lambda _: False)
        try:
            step = change_file(self.path, self.shown, data, [finding], intent)
        except Refusal as refusal:
            self.outcomes.append(Outcome(finding, refusal.reason, refusal.hint))
            return data
        if not step.is_change:
            self.outcomes += step.outcomes
            return data
        if self.answers.all or self._agrees(finding, step):
            self.outcomes.append(Outcome(finding))
            return step.after
        if self.answers.quit:
            return data
        self.outcomes.append(Outcome(finding, _DECLINED, "the comment above it keeps it out of later runs"))
        return with_suppression(Source(data), finding).data

    def _agrees(self, finding: Finding, step: FileChange) -> bool:
        typer.echo(f"\n{self.shown}:{finding.span.line}  {finding.rule}  {finding.confidence.label}")
        typer.echo(f"  {finding.message}")
        typer.echo(rendered_for_stdout(partial(print_diff, step)), nl=False)
        while True:
            answer = typer.prompt(_QUESTION, default="n").strip().lower()[:1]
            if answer == "e":
                typer.echo(f"  because  {', '.join(reasons_for(finding))}")
                continue
            if answer in "ynaq":
                break
        self.answers.all = answer == "a"
        self.answers.quit = answer == "q"
        return answer in "ya"


def _undecided(findings: list[Finding], decided: Counter[tuple[str, ...]]) -> list[Finding]:
    """Leave out as many findings of a kind as were decided: their lines have moved, their text has not."""
    left = decided.copy()
    kept = []
    for finding in findings:
        if left[fingerprint(finding)]:
            left[fingerprint(finding)] -= 1
        else:
            kept.append(finding)
    return kept
