"""Command lines of the program, read the way it reads them, without doing what they say."""

from __future__ import annotations

import shlex

import typer
import typer.core
import typer.main

from hiveloop_scan.cli import app

PROGRAM = "hiveloop-scan"
_group = typer.main.get_command(app)
assert isinstance(_group, typer.core.TyperGroup)
GROUP = _group
_found = [(name, GROUP.get_command(typer.Context(GROUP), name)) for name in GROUP.commands]
COMMANDS = {name: command for name, command in _found if command is not None}
UsageError = typer.BadParameter.__bases__[0]  # whichever click it is that typer brings


def program_calls(line: str) -> list[list[str]]:
    """Return the arguments of each call of the program in a line of shell; comments and redirections are none."""
    words = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    words.commenters = "#"
    words.whitespace_split = True
    calls: list[list[str]] = []
    call: list[str] | None = None
    skipped = False
    for word in words:
        if set(word) <= set("|&;"):
            call = None
        elif set(word) <= set("<>"):
            skipped = True
        elif skipped:
            skipped = False
        elif call is not None:
            call.append(word)
        elif word == PROGRAM:
            call = []
            calls.append(call)
    return calls


def check(arguments: list[str]) -> None:
    """Raise UsageError where the program would not take these arguments."""
    if all(any(word in option.opts for option in GROUP.params) for word in arguments):
        return
    name, command, rest = GROUP.resolve_command(typer.Context(GROUP, info_name=PROGRAM), list(arguments))
    assert name
    assert command
    if rest not in (["--help"], ["-h"]):
        command.make_context(name, rest)
