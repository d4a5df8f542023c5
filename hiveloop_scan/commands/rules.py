"""The commands about rules: `rules` and `explain`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.commands import completion, options
from hiveloop_scan.commands.options import Listing
from hiveloop_scan.commands.scanning import chosen_rules


def list_rules(method: options.Methods = None, format: options.ListFormat = Listing.TEXT) -> None:
    """List the rules that there are here.

    For each: its name, the SDK method that is missing or misused, the section of the guide, the severity.
    """
    from hiveloop_scan.config import load_config
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.output import write_stdout
    from hiveloop_scan.report.rules import print_rules, render_rules_json

    rules = chosen_rules(load_config([Path()]), method, unasked=lambda rule: True)
    if format is Listing.JSON:
        write_stdout(render_rules_json(rules), "utf-8")
    else:
        write_stdout(rendered_for_stdout(partial(print_rules, rules)))


def explain(
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE", autocompletion=completion.rules, help="The rule's name, as a report shows it."),
    ],
) -> None:
    """Show a rule's page.

    It says what the rule finds, why it matters, and shows examples.
    """
    from hiveloop_scan.catalog import find_rule, load_rules
    from hiveloop_scan.config import load_config
    from hiveloop_scan.report.console import rendered_for_stdout
    from hiveloop_scan.report.output import write_stdout
    from hiveloop_scan.report.page import print_page

    page = find_rule(load_rules(load_config([Path()]).rule_folders), rule).readme
    write_stdout(rendered_for_stdout(partial(print_page, page)))
