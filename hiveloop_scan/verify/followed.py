"""Which programs can be followed: Python, started in a way that loads our hooks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

OTHER_PROGRAM = "is no Python; Python programs that it starts are followed, if they get its environment"

_PYTHON = re.compile(r"(python|pypy)[\d.]*(-\w+)?")
_WITH_VALUE = "WXQ"
_LAST = "cm"
_ISOLATING = "IES"


def why_not_followed(command: Sequence[str], handed_on: bool) -> str:
    """Return why a program is not followed, as the rest of a sentence; "" where it is."""
    words = _interpreted(list(command))
    if words is None:
        return OTHER_PROGRAM
    flag = _isolating_flag(words[1:])
    if flag:
        return f"was started with -{flag}, which keeps our hooks out"
    return "" if handed_on else "was started with another environment, which keeps our hooks out"


def _interpreted(command: list[str]) -> list[str] | None:
    """Return the command as the interpreter gets it; None where that is not Python."""
    if _PYTHON.fullmatch(Path(command[0]).name):
        return command
    try:
        with Path(shutil.which(command[0]) or command[0]).open("rb") as file:
            first = file.readline(500)
    except OSError:
        return None
    if not first.startswith(b"#!"):
        return None
    words = first[2:].decode("utf-8", "replace").split()
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if word != "-S" and "=" not in word]
    return [*words, *command] if words and _PYTHON.fullmatch(Path(words[0]).name) else None


def _isolating_flag(arguments: Sequence[str]) -> str:
    """Return the first flag of Python that keeps PYTHONPATH or sitecustomize from being read; "" for none."""
    waiting = False
    for word in arguments:
        if waiting:
            waiting = False
            continue
        if not word.startswith("-") or word == "-" or word.startswith("--"):
            return ""
        for index, letter in enumerate(word[1:], 2):
            if letter in _ISOLATING:
                return letter
            if letter in _LAST:
                return ""
            if letter in _WITH_VALUE:
                waiting = index == len(word)
                break
    return ""
