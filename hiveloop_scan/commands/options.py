"""The options that several commands take."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.commands import completion
from hiveloop_scan.report.formats import Format as ReportFormat


class Grade(enum.StrEnum):
    """The values of --min-confidence."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Listing(enum.StrEnum):
    """The values of --format of a command that lists things."""

    TEXT = "text"
    JSON = "json"


class Severity(enum.StrEnum):
    """The values of --fail-on."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Style(enum.StrEnum):
    """The values of --style."""

    INLINE = "inline"
    HELPER = "helper"


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Files and folders; '-' reads one file from stdin. Default: ."),
]
FixPaths = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH", help="Files and folders. Default: ."),
]
Methods = Annotated[
    list[str] | None,
    typer.Option(
        "--method",
        metavar="NAME",
        autocompletion=completion.methods,
        help="Only rules for this SDK method (repeatable).",
    ),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", metavar="NAME", autocompletion=completion.rules, help="Only this rule (repeatable)."),
]
MinConfidence = Annotated[
    Grade | None,
    typer.Option(metavar="low|medium|high", help="Leave out findings less sure than this. Default: medium."),
]
Format = Annotated[
    ReportFormat,
    typer.Option("--format", "-f", metavar="FORMAT", help=f"One of {', '.join(ReportFormat)}."),
]
ListFormat = Annotated[
    Listing,
    typer.Option("--format", "-f", metavar="text|json", help="text for people, json for programs."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file, not to the standard output."),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="[FORMAT:]FILE",
        help="Write to this file, not to the standard output; sarif:FILE in a format of its own (repeatable).",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="PATTERN", help="Leave out paths of this gitignore pattern (repeatable)."),
]
StdinFilename = Annotated[str, typer.Option(metavar="NAME", help="The name that '-' has in what is written.")]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=0,
        show_default=False,
        help="Worker processes. Default: one for each processor.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Look at every file anew, and keep nothing for the next run.")
]
Executor = Annotated[
    str | None,
    typer.Option(metavar="MODULE:NAME", help="Run on the concurrent.futures.Executor that this function returns."),
]
Profile = Annotated[
    bool,
    typer.Option("--profile", help="Tell on stderr where the time went: by phase, rule and file. Implies --no-cache."),
]
STDIN = "<stdin>"
