"""Which rules a run is made of: what the settings say, then what the run itself asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from hiveloop_scan.catalog import Rule, find_rule
from hiveloop_scan.config import Config
from hiveloop_scan.methods import MISUSED
from hiveloop_scan.model import ScanError
from hiveloop_scan.suggest import closest

_HANDED_OVER = ("escalate", "request_approval", "approval_received")


def is_reported(rule: Rule) -> bool:
    """Say whether a report runs `rule` unasked: it is about calls that are missing."""
    return rule.kind == "missing"


def is_linted(rule: Rule) -> bool:
    """Say whether lint runs `rule` unasked: it is about misuse, or about work handed over without a word."""
    return rule.kind == "misuse" or rule.method in _HANDED_OVER


def select_rules(
    rules: Sequence[Rule],
    config: Config,
    methods: Sequence[str] = (),
    names: Sequence[str] = (),
    unasked: Callable[[Rule], bool] = is_reported,
) -> tuple[Rule, ...]:
    """Return the rules to run: those the settings leave, for these SDK `methods`; with `names`, just the rules named.

    Of the rules that nobody has named only those run that a command runs `unasked`.

    A rule asked for by name runs even where the settings leave it out. Unknown names, wherever they stand, are errors.
    """
    for method in methods:
        if method not in MISUSED:
            raise ScanError(f"no SDK method is called {method!r}", closest(method, MISUSED))
    per_file = [name for ignored in config.per_file_ignores.values() for name in ignored]
    for name in (*names, *(entry for entry in (*config.select, *config.ignore, *per_file) if entry not in MISUSED)):
        find_rule(rules, name)
    kept = [rule for rule in rules if unasked(rule)]
    kept = [rule for rule in kept if not config.select or _is_in(rule, config.select)]
    kept = [rule for rule in kept if not _is_in(rule, config.ignore)]
    chosen = [rule for rule in rules if rule.name in names] if names else kept
    return tuple(rule for rule in chosen if not methods or rule.method in methods)


def _is_in(rule: Rule, chosen: Collection[str]) -> bool:
    return rule.name in chosen or rule.method in chosen
