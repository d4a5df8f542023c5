"""The formats of a verdict."""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiveloop_scan.verify.verdict import Verdict


class VerdictFormat(enum.StrEnum):
    """The values of --format."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"

    @property
    def encoding(self) -> str | None:
        """The encoding that the format asks for; None: that of the terminal."""
        return None if self is VerdictFormat.TEXT else "utf-8"


class Place(enum.Enum):
    """Where a verdict goes: only a terminal has colours and a width."""

    STDOUT = enum.auto()
    STDERR = enum.auto()
    FILE = enum.auto()


def render_verdict(verdict: Verdict, format: VerdictFormat, checklist: bool, place: Place = Place.STDOUT) -> str:
    """Return the verdict, without `checklist` in short; JSON always has all of it."""
    if format is VerdictFormat.JSON:
        from hiveloop_scan.verify.show.json import render_json

        return render_json(verdict)
    if format is VerdictFormat.MARKDOWN:
        from hiveloop_scan.verify.show.markdown import render_markdown

        return render_markdown(verdict, checklist)
    from hiveloop_scan.report.console import rendered_for_file, rendered_for_stderr, rendered_for_stdout
    from hiveloop_scan.verify.show.text import print_verdict

    renderers = {Place.STDOUT: rendered_for_stdout, Place.STDERR: rendered_for_stderr, Place.FILE: rendered_for_file}
    return renderers[place](partial(print_verdict, verdict, checklist=checklist))
