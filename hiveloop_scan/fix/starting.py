"""The module that gives a project its current task and agent: its text, and where it belongs."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hiveloop_scan.fix.modules import module_name_of
from hiveloop_scan.model import ScanError

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class NewModule:
    """A module to be written: its file, its text, and how the project imports it."""

    path: Path
    text: str
    name: str


def new_module(package: Path, name: str) -> NewModule:
    """Return the module called `name` for the package (or the folder of scripts) at `package`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    path = package / f"{name}.py"
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True
    )
    module = module_name_of(path)
    agent = re.sub(r"[^\w-]+", "-", package.resolve().name) or "agent"
    return NewModule(path, environment.get_template("observability.py.j2").render(module=module, agent=agent), module)


def package_of(root: Path, files: Sequence[Path]) -> Path:
    """Return the folder in which the module belongs: the one package among `files`, else the folder of the scripts."""
    packages = sorted({top for file in files if (top := package_around(file, root)) is not None})
    if len(packages) > 1:
        packages = [item for item in packages if item.name == _project_name(root)] or packages
    if len(packages) > 1:
        names = ", ".join(str(item.relative_to(root) if item.is_relative_to(root) else item) for item in packages)
        raise ScanError(f"there are several packages in {root}: {names}", "say which one: hiveloop-scan init PACKAGE")
    if packages:
        return packages[0]
    if not files:
        raise ScanError(f"there is no Python code in {root}", "name the folder of your package")
    return Path(os.path.commonpath([file.parent for file in files]))


def package_around(file: Path, root: Path) -> Path | None:
    """Return the outermost package around `file`, not above `root`; None for a script."""
    found = None
    folder = file.parent
    while (folder / "__init__.py").is_file():
        found = folder
        if folder == root:
            break
        folder = folder.parent
    return found


def _project_name(root: Path) -> str:
    """Return the name of the package that `pyproject.toml` speaks of; "" without one."""
    try:
        settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        return str(settings["project"]["name"]).lower().replace("-", "_").replace(".", "_")
    except (OSError, ValueError, KeyError, TypeError):
        return ""
