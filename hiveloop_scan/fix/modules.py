"""How one file of a project imports another: relative or absolute, as the file does it, and from which folder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Source

_MOST_FOLDERS_UP = 6
_RELATIVE = re.compile(rb"^[ \t]*from[ \t]+\.", re.MULTILINE)


def module_name(target: Path, user: Path, source: Source) -> str:
    """Return how the file `user`, which holds `source`, imports the file `target`; refuse where no import leads there.

    A file that imports its own package relatively goes on so; elsewhere the full name is taken.
    """
    relative = _relative_name(target, user, source)
    if relative and not _imports_absolutely(user, source):
        return relative
    for root in _roots(user, source):
        if target.is_relative_to(root) and (name := _dotted(target, root)):
            return name
    top = top_folder(target)
    package = target.relative_to(top).parts[0] if target.parent != top else ""
    if package and any(level == 0 and module.partition(".")[0] == package for level, module in _imported(source)):
        return _dotted(target, top)
    if relative:
        return relative
    raise Refusal(f"no import leads from here to {target.name}", "import something of that package in this file first")


def module_name_of(file: Path) -> str:
    """Return the full name of the module in a file, by the packages around it."""
    return _dotted(file, top_folder(file))


def top_folder(file: Path) -> Path:
    """Return the folder that holds the outermost package around a file; that of the file, where it is in none."""
    folder = file.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def resolved(level: int, module: str, user: Path) -> Path | None:
    """Return the file of the project that ``from <dots><module> import`` in `user` reads; None for code of others."""
    if level:
        base = user.parent
        for _ in range(level - 1):
            base = base.parent
        return _file_of(base, module) if module else _file_of(base, "__init__")
    return next((found for root in _folders_up(user) if (found := _file_of(root, module))), None)


def _relative_name(target: Path, user: Path, source: Source) -> str:
    """Return the name of `target` with leading dots; "" where nothing says that dots reach so far."""
    reach = len(user.parent.relative_to(top_folder(user)).parts)  # dots that the package around the file allows
    reach = max([reach, *(level for level, _ in _imported(source))])
    folder = user.parent
    for dots in range(1, reach + 1):
        if target.is_relative_to(folder):
            name = _dotted(target, folder)
            return "." * dots + name if name or target.name == "__init__.py" else ""
        folder = folder.parent
    return ""


def _imports_absolutely(user: Path, source: Source) -> bool:
    """Say whether the file imports its own package by the full name, as a rule; without a word, see its neighbours."""
    own = user.relative_to(top_folder(user)).parts[0] if user.parent != top_folder(user) else ""
    imported = _imported(source)
    relative = sum(level > 0 for level, _ in imported)
    absolute = sum(level == 0 and bool(own) and module.partition(".")[0] == own for level, module in imported)
    if relative or absolute:
        return absolute >= relative
    return not _neighbours_use_dots(user.parent)


@cache
def _neighbours_use_dots(folder: Path) -> bool:
    return any(_RELATIVE.search(file.read_bytes()) for file in sorted(folder.glob("*.py"))[:20] if file.is_file())


def _roots(user: Path, source: Source) -> Iterator[Path]:
    """Yield the folders from which the file's full names count."""
    top = top_folder(user)
    if top != user.parent:
        yield top
        return
    found = [
        root
        for level, module in _imported(source)
        for root in _folders_up(user)
        if level == 0 and module and _file_of(root, module)
    ]
    yield from dict.fromkeys(found)
    if not found and not any(level for level, _ in _imported(source)):
        yield user.parent  # a script: its own folder is where Python looks first


def _imported(source: Source) -> list[tuple[int, str]]:
    found = [(item.level, item.module or "") for item in source.imports if isinstance(item, ast.ImportFrom)]
    plain = [alias.name for item in source.imports if isinstance(item, ast.Import) for alias in item.names]
    return [*found, *((0, name) for name in plain)]


def _folders_up(user: Path) -> list[Path]:
    top = top_folder(user)
    return [top, *list(top.parents)[:_MOST_FOLDERS_UP]]


def _file_of(root: Path, module: str) -> Path | None:
    """Return the file of a module below `root`; a folder without ``__init__.py`` holds none of its own."""
    path = root.joinpath(*module.split("."))
    for file in (path.with_name(f"{path.name}.py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def _dotted(target: Path, root: Path) -> str:
    """Return the name of a file's module below `root`; "" where a part of it is no name."""
    parts = [*target.relative_to(root).parts[:-1], *([target.stem] if target.stem != "__init__" else [])]
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""
