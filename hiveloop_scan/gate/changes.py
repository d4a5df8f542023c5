"""Which lines the work since a revision has touched, as git tells it."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hiveloop_scan.model import Finding, ScanError

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")
_ESCAPED = re.compile(r"\\([0-7]{3}|.)")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Changes:
    """The lines of each file, by its full path, that are not as they were; None stands for the whole file."""

    lines: dict[Path, list[tuple[int, int]] | None]

    def touch(self, finding: Finding) -> bool:
        """Say whether a finding stands on, or around, a line that was changed."""
        path = Path(finding.path).resolve()
        if path not in self.lines:
            return False
        ranges = self.lines[path]
        span = finding.span
        last = span.end_line - 1 if span.end_column == 1 and span.end_line > span.line else span.end_line
        return ranges is None or any(start <= last and span.line <= end for start, end in ranges)


def changes_since(revision: str, folder: Path) -> Changes:
    """Return what was changed since the work parted from `revision`, in commits and in files not committed yet."""
    root = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", unknown=revision)
    base = _git(root, "merge-base", "--end-of-options", revision, "HEAD", apart=revision).strip()
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "-U0", "-M", "--src-prefix=a/", "--dst-prefix=b/")
    lines = _changed_lines(_git(root, "-c", "core.quotePath=off", "diff", *options, base, "--"), root)
    for name in _git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0"):
        if name:
            lines[(root / name).resolve()] = None
    return Changes(lines)


def _changed_lines(diff: str, root: Path) -> dict[Path, list[tuple[int, int]] | None]:
    """Read the hunks of a diff without context; where lines only went, those around the gap are touched."""
    found: dict[Path, list[tuple[int, int]]] = defaultdict(list)
    path: Path | None = None
    in_head = True
    for line in diff.split("\n"):
        if line.startswith("diff --git "):
            path, in_head = None, True
        elif in_head and line.startswith("+++ "):
            name = _unquoted(line[4:].removesuffix("\t"))
            path = (root / name[2:]).resolve() if name.startswith("b/") else None
        elif hunk := _HUNK.match(line):
            in_head = False
            start, count = int(hunk["start"]), int(hunk["count"] or 1)
            if path is not None:
                found[path].append((start, start + count - 1) if count else (start, start + 1))
    return dict(found)


def _unquoted(name: str) -> str:
    """Undo git's quoting of a path with unusual characters."""
    if not (name.startswith('"') and name.endswith('"')):
        return name
    plain = _ESCAPED.sub(lambda met: _letter(met[1]), name[1:-1])
    return plain.encode("latin-1", "surrogateescape").decode("utf-8", "surrogateescape") if plain.isascii() else plain


def _letter(code: str) -> str:
    return chr(int(code, 8)) if len(code) == 3 else _PLAIN.get(code, code)


def _git(folder: Path, *arguments: str, unknown: str = "", apart: str = "") -> str:
    """Run git and return what it prints; raise ScanError with what to do about it where it fails."""
    command: Sequence[str] = ("git", "-C", str(folder), *arguments)
    try:
        ended = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise ScanError("--diff-base needs git, which is not installed", "install git") from None
    if ended.returncode == 0:
        return ended.stdout.decode("utf-8", "surrogateescape")
    if unknown:
        hint = "fetch it first; on a CI server, a checkout with its history (fetch-depth: 0)"
        raise ScanError(f"git knows no revision {unknown!r}", hint)
    if apart:
        hint = "fetch more of the history (fetch-depth: 0)"
        raise ScanError(f"git knows nothing that {apart!r} and this work have in common", hint)
    said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    raise ScanError(
        f"git cannot tell what has changed: {said[0] if said else 'no reason given'}", "run inside the repository"
    )
