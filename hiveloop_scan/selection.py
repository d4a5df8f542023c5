"""Which rules a run is made of: what the settings say, then what the run itself asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hiveloop_scan.catalog import Rule, find_rule
from hiveloop_scan.config import Config
from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import ScanError
from hiveloop_scan.suggest import closest


def select_rules(
    rules: Sequence[Rule], config: Config, methods: Sequence[str] = (), names: Sequence[str] = ()
) -> tuple[Rule, ...]:
    """Return the rules to run: those the settings leave, for these SDK `methods`; with `names`, just the rules named.

    A rule asked for by name runs even where the settings leave it out. Unknown names, wherever they stand, are errors.
    """
    for method in methods:
        if method not in METHODS:
            raise ScanError(f"no SDK method is called {method!r}", closest(method, METHODS))
    per_file = [name for ignored in config.per_file_ignores.values() for name in ignored]
    for name in (*names, *(entry for entry in (*config.select, *config.ignore, *per_file) if entry not in METHODS)):
        find_rule(rules, name)
    kept = [rule for rule in rules if not config.select or _is_in(rule, config.select)]
    kept = [rule for rule in kept if not _is_in(rule, config.ignore)]
    chosen = [rule for rule in rules if rule.name in names] if names else kept
    return tuple(rule for rule in chosen if not methods or rule.method in methods)


def _is_in(rule: Rule, chosen: Collection[str]) -> bool:
    return rule.name in chosen or rule.method in chosen
