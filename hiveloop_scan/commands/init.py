"""The command `init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hiveloop_scan.model import ScanError


def init(
    package: Annotated[
        Path | None,
        typer.Argument(metavar="PACKAGE", help="The folder of the package. Default: the one in the working folder."),
    ] = None,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What to call the module.")] = "observability",
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be written, and write nothing.")] = False,
) -> None:
    """Write the module that gives a project its current task and agent.

    It has getters, a context manager for a task, and helpers for telling HiveBoard that never raise.
    An existing file is never overwritten.
    """
    from hiveloop_scan.files import display_path
    from hiveloop_scan.fix.starting import new_module
    from hiveloop_scan.report.output import write_stdout

    if not name.isidentifier():
        raise ScanError(f"not a name of a module: {name}", "use letters, digits and underscores")
    module = new_module(_folder(package), name)
    shown = display_path(module.path)
    if module.path.exists():
        raise ScanError(f"{shown} exists already, and nothing is overwritten", "choose another name with --name")
    if diff:
        lines = module.text.splitlines(keepends=True)
        head = f"--- /dev/null\n+++ b/{shown}\n@@ -0,0 +1,{len(lines)} @@\n"
        write_stdout(head + "".join(f"+{line}" for line in lines), "utf-8")
        return
    try:
        with module.path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(module.text)
    except OSError as error:
        raise ScanError(f"cannot write {shown}: {error.strerror}", "name another folder") from None
    write_stdout(_next_steps(shown, module.name))


def _folder(package: Path | None) -> Path:
    """Return the folder to write into; refuse where the project has such a module already."""
    from hiveloop_scan.config import load_config
    from hiveloop_scan.files import absolute, discover, display_path
    from hiveloop_scan.fix.offers import find_plumbing
    from hiveloop_scan.fix.starting import package_of

    root = absolute(package or Path())
    if not root.is_dir():
        raise ScanError(f"no such folder: {package}", "name the folder of your package, as in src/agent")
    config = load_config([root])
    files = discover([root], config.exclude, config.root).files
    offers = find_plumbing(files).offers.get("task", [])
    if offers:
        place = f"{display_path(offers[0].path)}: {offers[0].name}()"
        raise ScanError(f"the project gives its task already, in {place}", "'hiveloop-scan apply' uses it as it is")
    return root if package else package_of(root, files)


def _next_steps(shown: str, module: str) -> str:
    return f"""\
wrote {shown}

Next:
  1. Once, where your program starts:     from {module} import start_hiveloop
                                          start_hiveloop("my-agent")
     It stays off until HIVELOOP_API_KEY and HIVELOOP_ENDPOINT are set.
  2. Around each piece of work:           from {module} import open_task
                                          with open_task("ticket-4711"): ...
     Events of a task are told inside of such a block only.
  3. hiveloop-scan apply --diff           shows the calls that belong in your code
"""
