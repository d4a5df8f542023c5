"""Note which other programs a process starts: some of them cannot be followed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from .journal import Journal

_SHOWN_WORDS = 6
_STARTERS = ("/subprocess.py", "/os.py")
_CURIOUS = ("/ctypes/util.py", "/platform.py", "/uuid.py")


def watch_children(journal: Journal, run: str) -> None:
    """Note each program that is started from now on, and whether it is given what our hooks need."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _READERS or _is_asked_by_a_library(sys._getframe(1)):
            return
        try:
            started = _READERS[event](*arguments)
            if started is not None:
                command, environment = started
                journal.note("spawn", command=command, handed_on=_is_handed_on(environment, run))
        except Exception:  # an unusual argument; the program is started all the same
            pass

    sys.addaudithook(watch)


def _is_asked_by_a_library(frame: FrameType | None) -> bool:
    """Say whether it is Python itself that asks another program what this machine is like."""
    while frame is not None and frame.f_code.co_filename.endswith(_STARTERS):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.endswith(_CURIOUS)


def _of_popen(executable: Any, words: Any, _folder: Any, environment: Any) -> tuple[list[str], Any]:
    command = [words] if isinstance(words, (str, bytes, os.PathLike)) else list(words)
    return _command(executable, command), environment


def _of_exec(path: Any, words: Any, environment: Any) -> tuple[list[str], Any] | None:
    caller = sys._getframe(2).f_code.co_filename
    return None if caller.endswith("subprocess.py") else (_command(path, list(words)), environment)


def _of_system(_command_line: Any) -> tuple[list[str], Any]:
    return ["sh"], None


_READERS: dict[str, Callable[..., tuple[list[str], Any] | None]] = {
    "subprocess.Popen": _of_popen,
    "os.exec": _of_exec,
    "os.posix_spawn": _of_exec,
    "os.system": _of_system,
}


def _command(executable: Any, words: list[Any]) -> list[str]:
    texts = [os.fsdecode(word) for word in words[:_SHOWN_WORDS]]
    program = os.fsdecode(executable) if executable else texts[0]
    return [os.path.abspath(program) if os.sep in program else program, *texts[1:]]  # noqa: PTH100  known to be text


def _is_handed_on(environment: Mapping[Any, Any] | None, run: str) -> bool:
    """Say whether a Python with this environment loads our hooks and finds the run's folder."""
    given = os.environ if environment is None else environment
    variables = {os.fsdecode(name): os.fsdecode(value) for name, value in given.items()}
    paths = variables.get("PYTHONPATH", "").split(os.pathsep)
    return _HOOKS in paths and run in variables.values()


_HOOKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  pathlib is slow to import
