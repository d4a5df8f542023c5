"""Markdown out of the templates of this package; jinja2 is imported only when one is filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hiveloop_scan.report.quoting import code_span, fence_around
from hiveloop_scan.report.reasons import claim

TEMPLATES = Path(__file__).parent / "templates"


def fill(template: str, **values: Any) -> str:
    """Return the template's text with `values` put in; a value that it asks for and does not get is an error.

    Its filters ``span`` and ``fence`` quote what comes from the code base, ``claim`` says what a finding is about.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(span=code_span, fence=fence_around, claim=claim)
    return environment.get_template(template).render(values).rstrip("\n") + "\n"
