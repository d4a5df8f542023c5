"""What the whole code base says: facts of functions in other files settle what one file leaves open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import PurePath

from hiveloop_scan.arbitration import arbitrate
from hiveloop_scan.catalog import Rule
from hiveloop_scan.model import Candidate, Clue, Confidence, FileResult, Finding, Silenced, Suppression
from hiveloop_scan.reach import Reach
from hiveloop_scan.suppressions import has_expired, silencing
from hiveloop_scan.told import is_told, queues_of

ReadOthers = Callable[[], Sequence[FileResult]]


class Project:
    """The functions of all files and their facts, looked up by reference (see `references`).

    `reach` knows which of them tell HiveBoard what.
    """

    def __init__(
        self, results: Sequence[FileResult], reach: Reach | None = None, others: ReadOthers | None = None
    ) -> None:
        """Index the facts of `results` by the plain names of the functions; `others` reads the rest of the project."""
        self._others = others
        outlines = {result.path: result.outline for result in results if result.outline is not None}
        self.reach = reach or Reach(outlines)
        self.queues = queues_of(results)
        self._known: dict[str, list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
        self._add(results)

    def _add(self, results: Sequence[FileResult]) -> None:
        for result in results:
            for symbol, facts in result.facts.items():
                self._known[symbol.rpartition(".")[2]].append((result.path, symbol, facts))
        self._all: frozenset[str] | None = None

    def bears_out(self, clue: Clue, path: str, whole: bool = False) -> bool:
        """Say whether what `clue` names has the fact, seen from the file at `path`.

        With `whole`, files that were not scanned are asked as well: a run over one file knows little of the others.
        """
        if clue.fact in self.facts_of(clue.callee, path):
            return True
        if not whole or self._others is None:
            return False
        others, self._others = self._others, None
        self._add(others())
        return clue.fact in self.facts_of(clue.callee, path)

    def facts_of(self, reference: str, path: str) -> frozenset[str]:
        """Return the facts of the function that `reference` names in the file at `path`; none if that is unsure."""
        if reference == "*":
            return self._of_all()
        places = self._known.get(reference.rpartition(".")[2].lstrip(":"))
        if not places:
            return frozenset()
        known = [(_module_name(place), symbol, facts) for place, symbol, facts in places]
        if reference.startswith(":"):
            own = _module_name(path)
            met = [facts for module, symbol, facts in known if module == own and symbol == reference[1:]]
        elif reference.startswith("."):
            target = _absolute(reference, path)
            met = [facts for module, symbol, facts in known if f"{module}.{symbol}" == target]
            met = met or _exported(target, known)
        elif "." not in reference:
            met = []
        else:
            end = f".{reference}"
            met = [facts for module, symbol, facts in known if f".{module}.{symbol}".endswith(end)]
            met = met or _exported(reference, known)
        return met[0] if len(met) == 1 else frozenset()

    def _of_all(self) -> frozenset[str]:
        """Return the facts that some function has."""
        if self._all is None:
            self._all = frozenset().union(*(facts for places in self._known.values() for _, _, facts in places))
        return self._all


@dataclass(frozen=True, slots=True)
class Settled:
    """What the candidates of all files came to: what is missing, what is told already, what comments speak for.

    `used` holds the suppressions that have something to silence, be it in doubt: the path, the comment, the rule.
    """

    findings: list[Finding] = field(default_factory=list)
    covered: list[Finding] = field(default_factory=list)
    silenced: list[Silenced] = field(default_factory=list)
    used: set[tuple[str, Suppression, str]] = field(default_factory=set)


def settle(
    results: Sequence[FileResult],
    rules: Iterable[Rule],
    at_least: Confidence,
    project: Project | None = None,
    today: date | None = None,
) -> Settled:
    """Turn the candidates of all files into findings.

    `project` is what is known where `results` are only a part of the project's files; suppressions end with `today`.
    """
    by_name = {rule.name: rule for rule in rules}
    settled = Settled()
    today = today or date.today()
    project = project or Project(results)
    for result in results:
        sure: list[Candidate] = []
        known = [item for item in result.suppressions if not has_expired(item, today)]
        for candidate in result.candidates:
            weighed = _settled(candidate, by_name, project)
            if weighed is None:
                continue
            finding = weighed.finding
            comments = silencing(known, finding.span.line, finding.rule)
            if comments and not (finding.kind == "missing" and is_told(weighed, project.reach, project.queues)):
                settled.used.update((result.path, comment, finding.rule) for comment in comments)
            if finding.confidence >= at_least:
                sure.append(weighed)
        for candidate in arbitrate(sure):
            finding = candidate.finding
            if finding.kind == "missing" and is_told(candidate, project.reach, project.queues):
                settled.covered.append(finding)
            elif comments := silencing(known, finding.span.line, finding.rule):
                settled.silenced.append(Silenced(finding, comments[0].reason))
            else:
                settled.findings.append(finding)
    return settled


def _settled(candidate: Candidate, rules: Mapping[str, Rule], project: Project) -> Candidate | None:
    """Weigh a candidate again with what its clues have come to; None when too little is left."""
    if not candidate.clues:
        return candidate
    finding = candidate.finding
    whole = finding.kind == "misuse"
    held = [clue.evidence for clue in candidate.clues if project.bears_out(clue, finding.path, whole)]
    confidence, evidence = rules[finding.rule].weigh([*(fact.name for fact in finding.evidence), *held])
    if confidence is None:
        return None
    return replace(candidate, finding=replace(finding, confidence=confidence, evidence=evidence))


@cache
def _module_name(path: str) -> str:
    """Return the dotted name that a file's path suggests: ``src.agent.tools`` for ``src/agent/tools.py``."""
    parts = PurePath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _absolute(reference: str, path: str) -> str:
    """Undo the leading dots of a relative reference, as seen from the file at `path`."""
    name = reference.lstrip(".")
    package = PurePath(path).parts[:-1]
    up = len(reference) - len(name) - 1
    return ".".join((*package[: len(package) - up], name))


def _exported(target: str, known: Iterable[tuple[str, str, frozenset[str]]]) -> list[frozenset[str]]:
    """Return the facts of functions that a package may export under the name `target`, which is not their own."""
    return [
        facts
        for module, symbol, facts in known
        if any(f".{module}.".find(f".{package}.") >= 0 for package in _package_of(target, symbol))
    ]


def _package_of(target: str, symbol: str) -> Iterator[str]:
    package = target.removesuffix(f".{symbol}")
    if package != target and package:
        yield package
