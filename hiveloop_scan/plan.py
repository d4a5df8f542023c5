"""What a run looks for, and how sure it has to be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hiveloop_scan.config import Config
from hiveloop_scan.model import Confidence
from hiveloop_scan.rule import Rule


@dataclass(frozen=True)
class Plan:
    """What to look for: the rules, the user's settings, how sure to be; tests switch `triage` and `sketches` off.

    Without `follows_calls` nothing is taken for told: nobody uses the SDK. `known` are the names of all rules there
    are, those that do not run too.
    """

    rules: tuple[Rule, ...]
    config: Config
    min_confidence: Confidence = Confidence.MEDIUM
    triage: bool = True
    sketches: bool = True
    follows_calls: bool = True
    known: frozenset[str] = frozenset()

    def rules_for(self, path: Path) -> tuple[Rule, ...]:
        """Return the rules that per-file-ignores leaves for `path`."""
        ignored = self.config.ignored_for(path)
        if not ignored:
            return self._of_files
        return tuple(rule for rule in self._of_files if rule.name not in ignored and rule.method not in ignored)

    @cached_property
    def _of_files(self) -> tuple[Rule, ...]:
        """The rules that look into files."""
        return tuple(rule for rule in self.rules if rule.kind != "gate")
