"""Work out the new text of a file: as many of its findings as are safe get their call, and the others a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hiveloop_scan.fix.calls import Style
from hiveloop_scan.fix.edits import Area, edited
from hiveloop_scan.fix.import_edits import import_edits
from hiveloop_scan.fix.imports import Import
from hiveloop_scan.fix.names import PREFIX
from hiveloop_scan.fix.offers import Plumbing
from hiveloop_scan.fix.proof import check_change
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.removal import without_calls
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.writers.table import WRITERS
from hiveloop_scan.model import FileChange, Finding, Outcome

_MOST_ROUNDS = 20
"""Sites that lie inside of each other are written one after the other; nobody nests them deeper."""

_UNRECOGNISED = ("the call would not be recognised by a second scan", "write it by hand, and report this as a bug")

Refused = dict[tuple[str, int, int], Outcome]
"""The findings that get no call, by rule and place."""

Rescan = Callable[[Path, bytes], list[Finding]]
"""What the rules find in a file that has these bytes."""


@dataclass(frozen=True)
class Intent:
    """What is to be written, and how: the rules' say on safety and on summaries, the project's plumbing, the style."""

    plumbing: Plumbing
    unsafe_rules: Collection[str]
    style: Style
    rescan: Rescan
    wanted: Callable[[Finding], bool] = lambda finding: True
    summaries: Mapping[str, str] = field(default_factory=dict)


def change_file(path: Path, shown: str, data: bytes, findings: Sequence[Finding], intent: Intent) -> FileChange:
    """Return the file with the calls of `findings` written into it, as far as that is proven to be safe."""
    source = Source(data)
    obstacle = _obstacle(source)
    if obstacle:
        return FileChange(path, shown, data, data, tuple(Outcome(item, *obstacle) for item in findings))
    written: list[Outcome] = []
    left: Sequence[Finding] = findings
    refused: Refused = {}
    unrecognised: Refused = {}
    for _ in range(_MOST_ROUNDS):
        refused = dict(unrecognised)
        fixes = _fixes(path, source, [item for item in left if _key(item) not in unrecognised], intent, refused)
        changed, done = _carried_out(source, fixes, refused)
        if not done:
            break
        found = [item for item in intent.rescan(path, changed.data) if intent.wanted(item)]
        missed = _found_again(done, left, found)
        if missed:
            unrecognised |= {_key(item): Outcome(item, *_UNRECOGNISED) for item in missed}
            continue
        source, left = changed, found
        written += [Outcome(item) for item in done]
        unrecognised = _moved(unrecognised, left)
    outcomes = sorted((*written, *refused.values()), key=lambda item: item.finding.span.line)
    return FileChange(path, shown, data, source.data, tuple(outcomes))


def _found_again(done: Sequence[Finding], before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """Return the findings of `done` that a second scan still has, although their call was written.

    Where the call changed the very line of its finding, the findings of its function are counted.
    """
    lines = {item.source_line for item in before} - {item.source_line for item in after}
    missed = []
    for known in (fingerprint, _function_of):
        expected = Counter(map(known, before))
        expected.subtract(map(known, done))
        now = Counter(map(known, after))
        again = [item for item in done if now[known(item)] > expected[known(item)]]
        missed += [item for item in again if known is fingerprint or item.source_line in lines]
    return missed


def _moved(refused: Refused, findings: Sequence[Finding]) -> Refused:
    """Return what was refused at the lines where it stands now."""
    kinds = {fingerprint(outcome.finding): outcome for outcome in refused.values()}
    return {_key(item): Outcome(item, *_UNRECOGNISED) for item in findings if fingerprint(item) in kinds}


def previewed(path: Path, shown: str, source: Source, finding: Finding, intent: Intent) -> FileChange:
    """Return the file with the call of one finding, to be looked at: nothing of it is proven."""
    refused: Refused = {}
    try:
        if obstacle := _obstacle(source):
            raise Refusal(*obstacle)
        fixes = _fixes(path, source, [finding], intent, refused)
        after = _with([fix for _, fix in fixes], source).data
    except Refusal as refusal:
        refused[_key(finding)] = Outcome(finding, refusal.reason, refusal.hint)
        after = source.data
    return FileChange(path, shown, source.data, after, tuple(refused.values()))


def _obstacle(source: Source) -> tuple[str, str] | None:
    """Say why no call at all can be written into a file."""
    try:
        if source.with_text(source.text).data != source.data:
            return "its bytes do not survive being read and written", "save it in UTF-8"
        bare = without_calls(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"it cannot be parsed: {error}", "mend the file"
    if PREFIX in bare.text:
        return f"it has names of its own that begin with {PREFIX}", "give them other names"
    return None


def _fixes(
    path: Path,
    source: Source,
    findings: Sequence[Finding],
    intent: Intent,
    refused: Refused,
) -> list[tuple[Finding, Fix]]:
    """Return the fixes of the findings that a writer is sure of; the others go to `refused`."""
    fixes = []
    for finding in findings:
        try:
            if finding.kind != "missing":
                raise Refusal("the call is there and is wrong", "try 'hiveloop-scan lint --fix'")
            writer = WRITERS.get(finding.method)
            if writer is None:
                raise Refusal(f"calls of {finding.method} are written by hand")
            if finding.fix is None:
                raise Refusal("the rule has no fix", "write the call by hand")
            if finding.rule in intent.unsafe_rules:
                raise Refusal("the fix is not certain to be right", "look at it with --unsafe --diff")
            words = intent.summaries.get(finding.rule, "")
            fixes.append((finding, writer(Site(finding, source, path, intent.plumbing, intent.style, words))))
        except Refusal as refusal:
            refused[_key(finding)] = Outcome(finding, refusal.reason, refusal.hint)
    return fixes


def _carried_out(
    source: Source, fixes: Sequence[tuple[Finding, Fix]], refused: Refused
) -> tuple[Source, list[Finding]]:
    """Write the fixes that do not touch each other, as far as the proof holds; the others wait for the next round."""
    chosen: list[tuple[Finding, Fix]] = []
    for finding, fix in fixes:
        if not any(_touch(fix, other) for _, other in chosen):
            chosen.append((finding, fix))
    try:
        return _proven(source, chosen), [finding for finding, _ in chosen]
    except Refusal:
        return _one_by_one(source, chosen, refused)


def _one_by_one(source: Source, fixes: Sequence[tuple[Finding, Fix]], refused: Refused) -> tuple[Source, list[Finding]]:
    """Write the fixes with which the proof holds, and refuse the others."""
    chosen: list[tuple[Finding, Fix]] = []
    for finding, fix in fixes:
        try:
            _proven(source, [*chosen, (finding, fix)])
            chosen.append((finding, fix))
        except Refusal as refusal:
            refused[_key(finding)] = Outcome(finding, refusal.reason, refusal.hint)
    return _proven(source, chosen), [finding for finding, _ in chosen]


def _proven(source: Source, fixes: Sequence[tuple[Finding, Fix]]) -> Source:
    """Return the file with the fixes written into it; refuse what cannot be proven."""
    if not fixes:
        return source
    after = _with([fix for _, fix in fixes], source)
    check_change(source, after)
    return after


def _with(fixes: Sequence[Fix], source: Source) -> Source:
    wanted: set[Import] = {item for fix in fixes for item in fix.imports}
    edits = [edit for fix in fixes for edit in fix.edits]
    return source.with_text(edited(source.text, [*import_edits(wanted, source), *edits]))


def _touch(fix: Fix, other: Fix) -> bool:
    return _area(fix).touches(_area(other))


def _area(fix: Fix) -> Area:
    return Area(min(edit.start for edit in fix.edits), max(edit.end for edit in fix.edits))


def fingerprint(finding: Finding) -> tuple[str, ...]:
    """Return what tells a finding from others when lines have moved."""
    return finding.rule, finding.symbol, finding.source_line.strip()


def _function_of(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.symbol


def _key(finding: Finding) -> tuple[str, int, int]:
    return finding.rule, finding.span.line, finding.span.column
