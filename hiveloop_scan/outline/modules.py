"""Which file a dotted name leads to: among the files that were scanned, else on the disk beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath

from hiveloop_scan.model import Outline

Read = Callable[[Path], tuple[str, Outline] | None]
"""Gives the path that reports show for a file, and its outline; None where it cannot be read."""


class Modules:
    """The outlines of a project by path, found by the names under which code imports them."""

    def __init__(self, outlines: Mapping[str, Outline], root: Path | None = None, read: Read | None = None) -> None:
        """Index `outlines` by path; with `read`, files up to the `root` are read when they are imported."""
        self.outlines: dict[str, Outline] = {}
        self._root = root
        self._read = read
        self._modules: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._packages: set[tuple[str, ...]] = set()
        """Folders from which nothing is imported by its last name: what is looked for stands outside of packages."""
        self._files: dict[str, str | None] = {}
        self._above: dict[PurePath, list[Path]] = {}
        for path, outline in outlines.items():
            self.add(path, outline)

    def add(self, path: str, outline: Outline) -> None:
        """Take in a file, or its new outline."""
        if path not in self.outlines:
            parts = module_parts(path)
            self._modules[parts[-1] if parts else ""].append((parts, path))
            if PurePath(path).name == "__init__.py":
                self._packages.add(parts)
        self.outlines[path] = outline

    def submodule(self, path: str, name: str) -> str | None:
        """Return the path of what a package holds under `name`."""
        if PurePath(path).name != "__init__.py":
            return None
        parts = (*module_parts(path), name)
        return next((place for known, place in self._modules.get(name, ()) if known == parts), None)

    def module_of(self, reference: str, path: str) -> tuple[str, list[str]] | None:
        """Return the path of the module that begins `reference`, and the segments that are left."""
        name = reference.lstrip(".")
        up = len(reference) - len(name)
        segments = name.split(".")
        if up:
            package = module_parts(path) if PurePath(path).name == "__init__.py" else module_parts(path)[:-1]
            origin = package[: len(package) - (up - 1)]
            for length in range(len(segments), -1, -1):
                wanted = (*origin, *segments[:length])
                if wanted and (found := self._exactly(wanted, path, up, segments[:length])):
                    return found, segments[length:]
            return None
        for length in range(len(segments), 0, -1):
            if found := self._ending(tuple(segments[:length]), path) or self._on_disk(path, segments[:length]):
                return found, segments[length:]
        return None

    def _exactly(self, parts: tuple[str, ...], path: str, up: int, segments: Sequence[str]) -> str | None:
        known = next((place for own, place in self._modules.get(parts[-1], ()) if own == parts), None)
        if known is not None or self._read is None:
            return known
        folder = Path(path).absolute().parent
        for _ in range(up - 1):
            folder = folder.parent
        return self._load(folder.joinpath(*segments))

    def _ending(self, parts: tuple[str, ...], path: str) -> str | None:
        """Return the module whose dotted name ends in `parts`; of several, the one closest to the file at `path`."""
        found = [
            (known, place)
            for known, place in self._modules.get(parts[-1], ())
            if known[-len(parts) :] == parts and known[: -len(parts)] not in self._packages
        ]
        if len(found) < 2:
            return found[0][1] if found else None
        own = module_parts(path)
        ranked = sorted((-_shared(known, own), place) for known, place in found)
        return ranked[0][1] if ranked[0][0] < ranked[1][0] else None

    def _on_disk(self, path: str, segments: Sequence[str]) -> str | None:
        """Look for a module that was not scanned, in the folders above the file, up to the root of the project."""
        if self._read is None or self._root is None:
            return None
        for folder in self._folders_above(PurePath(path).parent, self._root):
            if found := self._load(folder.joinpath(*segments)):
                return found
        return None

    def _folders_above(self, folder: PurePath, root: Path) -> Sequence[Path]:
        """Return the folders from which files in `folder` import, packages apart."""
        known = self._above.get(folder)
        if known is None:
            full = Path(folder).absolute()
            within = [above for above in (full, *full.parents) if above.is_relative_to(root)] or [full]
            places = (*within, root / "src")
            known = self._above[folder] = [place for place in places if not (place / "__init__.py").is_file()]
        return known

    def _load(self, stem: Path) -> str | None:
        key = str(stem)
        if key not in self._files:
            self._files[key] = None
            for file in (stem.with_name(f"{stem.name}.py"), stem / "__init__.py"):
                if file.is_file() and self._read is not None and (read := self._read(file)) is not None:
                    shown, outline = read
                    if shown not in self.outlines:
                        self.add(shown, outline)
                    self._files[key] = shown
                    break
        return self._files[key]


def _shared(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many parts two dotted names have in common at their beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(first), len(second)))


def module_parts(path: str) -> tuple[str, ...]:
    """Return the dotted name that a file's path suggests: ``src``, ``agent``, ``tools`` for ``src/agent/tools.py``."""
    parts = PurePath(path).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts
