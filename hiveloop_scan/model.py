"""The nouns of the scanner: plain data that every layer may import."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import libcst as cst

Capture = str | int | float | bool | None
"""A named piece of the user's code, or a fact about it that a fix will need."""

Options = Mapping[str, frozenset[str]]
"""The vocabulary of a rule: option name -> words, lower case, the user's additions included."""


class ScanError(Exception):
    """The scanner cannot do its job; `message` says what and where, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding before the whole project is known; `branch` is the smallest branch or function around it."""

    finding: Finding
    branch: Span
    clues: tuple[Clue, ...] = ()
    silenced: bool = False


@dataclass(frozen=True, slots=True)
class FileError:
    """A file, or a part of one, that could not be scanned, and why."""

    path: str
    message: str


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
    """The outcome of one run: findings and errors in stable order, and its size."""

    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...]
    files: int
    lines: int
    seconds: float
    suppressed: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
