"""What a shell offers behind a tab: the names that an option knows."""

from __future__ import annotations

from collections.abc import Iterable


def methods(incomplete: str) -> list[str]:
    """Return the SDK methods that begin so."""
    from hiveloop_scan.methods import MISUSED

    return _begun(MISUSED, incomplete)


def rules(incomplete: str) -> list[str]:
    """Return the built-in rules that begin so; their folders say it, and no rule has to be loaded."""
    from hiveloop_scan.catalog import rules_folder

    return _begun((path.parent.name for path in rules_folder().glob("*/rule.toml")), incomplete)


def chosen(incomplete: str) -> list[str]:
    """Return what `lint` can be told to run or to leave out."""
    return [*_begun(("all", "missing", "misuse"), incomplete), *methods(incomplete), *rules(incomplete)]


def _begun(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
