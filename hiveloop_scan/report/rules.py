"""The list of rules, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from rich.text import Text

from hiveloop_scan.report.json import dump, header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console


class ShownRule(Protocol):
    """What a list shows of a rule."""

    @property
    def name(self) -> str:
        """What is wrong, in words joined by dashes."""

    @property
    def method(self) -> str:
        """The SDK method that is missing."""

    @property
    def guide(self) -> str:
        """The section of the operational events guide."""

    @property
    def kind(self) -> str:
        """What it is about: calls that are missing, misuse, or what a gate stumbles on."""

    @property
    def severity(self) -> str:
        """How bad: error, warning or note."""

    @property
    def readme(self) -> str:
        """The rule's page: a title, then one sentence."""

    @property
    def options(self) -> Mapping[str, frozenset[str]]:
        """The words the rule knows, by the name under which settings extend them."""


def print_rules(rules: Sequence[ShownRule], console: Console) -> None:
    """Print a table of rules, never cut: a name that is not whole cannot be copied."""
    if not rules:
        console.print("no rules match")
        return
    rows = [("rule", "method", "guide", "severity")]
    rows += [(rule.name, rule.method, rule.guide, rule.severity) for rule in rules]
    rooms = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for position, row in enumerate(rows):
        line = "  ".join(f"{cell:<{room}}" for cell, room in zip(row, rooms, strict=True)).rstrip()
        console.print(Text(line, style="bold" if position == 0 else ""), soft_wrap=True)
    if console.is_terminal:
        console.print(Text(f"\nmore about one: hiveloop-scan explain {rules[0].name}", style="dim"), soft_wrap=True)


def render_rules_json(rules: Sequence[ShownRule]) -> str:
    """Return the rules as one JSON document, with the words that settings can add to."""
    return dump({**header(), "rules": [_rule(rule) for rule in rules]})


def _rule(rule: ShownRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "method": rule.method,
        "guide": rule.guide,
        "severity": rule.severity,
        "summary": first_sentence(rule.readme),
        "options": {name: sorted(words) for name, words in sorted(rule.options.items())},
    }


def first_sentence(page: str) -> str:
    """Return the paragraph under the title of a rule's page; "" where there is none."""
    body = page.partition("\n")[2].strip()
    paragraph = " ".join(body.partition("\n\n")[0].split())
    return "" if paragraph.startswith("#") else paragraph
