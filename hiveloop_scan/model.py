"""The nouns of the scanner: plain data that every layer may import."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hiveloop_scan.failure import ScanError as ScanError

if TYPE_CHECKING:
    from pathlib import Path

    import libcst as cst

Capture = str | int | float | bool | None
"""A named piece of the user's code, or a fact about it that a fix will need."""

Options = Mapping[str, frozenset[str]]
"""The vocabulary of a rule: option name -> words, lower case, the user's additions included."""


SEVERITIES = ("error", "warning", "note")
"""How bad a finding is, the worst first."""


class Confidence(enum.IntEnum):
    """How sure a finding is; comparable, so that a threshold is a plain ``>=``."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def label(self) -> str:
        """The lower-case name that reports and options use."""
        return self.name.lower()

    @classmethod
    def named(cls, label: str) -> Confidence:
        """Return the confidence called `label`; raise ScanError for an unknown one."""
        try:
            return cls[label.upper()]
        except KeyError:
            raise ScanError(f"unknown confidence {label!r}", "use low, medium or high") from None


@dataclass(frozen=True, slots=True)
class Span:
    """A range of source text; lines and columns are 1-based, columns count characters, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Clue:
    """Evidence that holds if another function, maybe of another file, has a fact; settled when all files are read.

    `callee` is a reference as `hiveloop_scan.references` writes it, or ``*``: any function of the project;
    `evidence` is a name of the rule's weights.
    """

    callee: str
    fact: str
    evidence: str


QUEUES = "<queues>"
"""The entry among the functions of an outline for what the reports of queues in its file look at."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that may tell HiveBoard something: what it runs, and the SDK's method that it has the shape of, if any.

    `callee` is a reference, "" where it cannot be told. `is_sure` says that it runs whenever its function does, guards
    of the handle apart; `beside` names the SDK's methods that are called in its branch, or as a context around it.
    """

    callee: str
    method: str = ""
    is_sure: bool = True
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file says of its functions, by their paths in it (``Agent.fetch``); small plain data.

    `functions` maps each to the calls it makes, "" to those outside of functions; `names` maps what else has a name
    (``Agent.client``, ``get_client()``) to the reference it stands for; `bases` each class to those it derives from, ""
    to the modules that are imported whole.
    """

    functions: Mapping[str, tuple[Call, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The calls by which a place may tell its event.

    `calls` stand in its branch, `later` come after it in its function, `handed` are decorators, contexts and callbacks,
    `own` is what the place itself calls; `symbol` is the function whose callers may tell the event in its place, "" for
    none. A place that does not `wait` is only the first half of an event whose other half is elsewhere.
    """

    calls: tuple[Call, ...] = ()
    later: tuple[Call, ...] = ()
    handed: tuple[Call, ...] = ()
    own: frozenset[str] = frozenset()
    symbol: str = ""
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """What a detector yields: a node, the named pieces of code a fix needs, and the facts found. Memory only.

    `facts` are what other files may ask of the function around the node, whether there is a finding or not.
    """

    node: cst.CSTNode
    captures: Mapping[str, Capture]
    evidence: Sequence[str]
    clues: Sequence[Clue] = ()
    facts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One named fact that speaks for (weight > 0) or against (weight < 0) a match."""

    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a call belongs; plain data, picklable, ready for any renderer."""

    path: str
    span: Span
    rule: str
    method: str
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    message: str
    symbol: str
    captures: Mapping[str, Capture]
    source_line: str
    fix: str | None = None
    kind: str = "missing"
    severity: str = "warning"
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that silences `rules` (``*``: all) at `lines`, or in its whole file; `span` is its own place.

    `until` is the text of a date, the last day on which it counts; "" for no end.
    """

    span: Span
    rules: tuple[str, ...]
    reason: str
    until: str
    lines: frozenset[int]
    is_for_file: bool = False
    source_line: str = ""


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that is not shown as one, and who has said so: a ``comment`` or the ``baseline``."""

    finding: Finding
    reason: str = ""
    by: str = "comment"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding before the whole project is known; `branch` is the smallest branch or function around it.

    `reach` is what the finding itself speaks for: of an if statement its own block, not the cases after it.
    """

    finding: Finding
    branch: Span
    clues: tuple[Clue, ...] = ()
    surroundings: Surroundings = Surroundings()
    reach: Span | None = None


@dataclass(frozen=True, slots=True)
class FileError:
    """A file, or a part of one, that could not be scanned, and why."""

    path: str
    message: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class FileResult:
    """Everything one file contributes to a report: small plain data.

    `facts` maps the path of a function in the file (``Agent.fetch``) to what callers may want to know of it.
    """

    path: str
    lines: int
    candidates: tuple[Candidate, ...] = ()
    errors: tuple[FileError, ...] = ()
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    outline: Outline | None = None
    suppressions: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a finding in `apply`: its call was written, or why not (`reason`) and what to do (`hint`)."""

    finding: Finding
    reason: str = ""
    hint: str = ""

    @property
    def is_written(self) -> bool:
        """Whether the call is in the new text."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class FileChange:
    """The bytes of a file before and after, and what became of each of its findings.

    `shown` is the path as reports show it; a `problem` is why the proof of the whole file has failed.
    """

    path: Path
    shown: str
    before: bytes
    after: bytes
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""

    @property
    def is_change(self) -> bool:
        """Whether the file gets other bytes."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run: findings and errors in stable order, and its size.

    `noun` is what a finding is called; `covered` are places that tell their event already, `silenced` those that a
    comment or a baseline speaks for; `stale` are entries of the baseline that nothing is found for any more, `scanned`
    the paths that were looked at.
    """

    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...]
    files: int
    lines: int
    seconds: float
    suppressed: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    noun: str = "missing call"
    stale: tuple[str, ...] = ()
    scanned: frozenset[str] = frozenset()
    covered: tuple[Finding, ...] = ()
    silenced: tuple[Silenced, ...] = ()
