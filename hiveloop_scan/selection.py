"""Which rules a run is made of: what the settings say, then what the run itself asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from hiveloop_scan.catalog import Rule, find_rule
from hiveloop_scan.config import Config
from hiveloop_scan.methods import MISUSED
from hiveloop_scan.model import ScanError
from hiveloop_scan.suggest import closest

_KINDS = ("missing", "misuse", "gate")
_ALL = "all"
_UNEXPLAINED = "unexplained-suppression"
_HANDED_OVER = ("escalate", "request_approval", "approval_received")


def is_reported(rule: Rule) -> bool:
    """Say whether a report runs `rule` unasked: it is about calls that are missing."""
    return rule.kind == "missing"


def is_linted(rule: Rule) -> bool:
    """Say whether lint runs `rule` unasked: it is about misuse, or about work handed over without a word."""
    return rule.kind != "missing" or rule.method in _HANDED_OVER


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


def select_for_gate(
    rules: Sequence[Rule], config: Config, select: Sequence[str], ignore: Sequence[str], require_reason: bool
) -> tuple[Rule, ...]:
    """Return the rules that lint runs: those that `select` names (rules, methods, kinds, ``all``), else the usual ones.

    Rules about comments and files always run, unless they are ignored. What `ignore` names is left out, and what the
    settings ignore, unless `select` names that very rule.
    """
    wanted = select or config.lint.select or config.select
    left_out = (*ignore, *config.lint.ignore, *config.ignore)
    known = {*MISUSED, *_KINDS, _ALL, *(rule.name for rule in rules)}
    per_file = [name for ignored in config.per_file_ignores.values() for name in ignored]
    for name in (*wanted, *left_out, *per_file):
        if name not in known:
            raise ScanError(f"no rule or SDK method is called {name!r}", closest(name, known))

    def runs(rule: Rule) -> bool:
        if rule.name in select and rule.name not in ignore:
            return True
        if _is_in(rule, left_out) or rule.kind in left_out:
            return False
        if rule.name == _UNEXPLAINED:
            return require_reason or config.lint.require_reason
        if rule.kind == "gate":
            return True
        return _is_in(rule, wanted) or rule.kind in wanted or _ALL in wanted if wanted else is_linted(rule)

    return tuple(rule for rule in rules if runs(rule))
