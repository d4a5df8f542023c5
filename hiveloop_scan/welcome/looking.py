"""A quick look at a folder: what is known of it already, and of the rest as much as a person waits for."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hiveloop_scan.cache import Cache
from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import load_config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import Bounds, discover, display_path
from hiveloop_scan.fix.offers import find_plumbing
from hiveloop_scan.fix.starting import package_around, package_of
from hiveloop_scan.identity import cache_folder
from hiveloop_scan.kept import Kept
from hiveloop_scan.means import Progress
from hiveloop_scan.model import Report, ScanError
from hiveloop_scan.overview import Overview
from hiveloop_scan.plan import Plan
from hiveloop_scan.reading import read_source
from hiveloop_scan.selection import is_reported, select_rules
from hiveloop_scan.usage import is_spoken_in
from hiveloop_scan.welcome.agents import agents_of
from hiveloop_scan.welcome.frameworks import frameworks_imported
from hiveloop_scan.welcome.hiveloop import hiveloop_of
from hiveloop_scan.welcome.projects import projects_below
from hiveloop_scan.welcome.steps import next_steps

BOUNDS = Bounds(files=2_500, entries=50_000)
"""More is no project, but all that somebody has."""

NEW_BYTES = 1_000_000
"""New code that is scanned, some 25,000 lines: people wait a few seconds for a start page, not more."""

_PROJECTS = 5
_MODELS = (b"import openai", b"from openai", b"import anthropic", b"from anthropic", b"litellm")


def look(
    folder: Path, progress: Progress | None = None, bounds: Bounds = BOUNDS, new_bytes: int = NEW_BYTES
) -> Overview:
    """Look at `folder` within bounds; what is kept of earlier runs costs nothing, and what is new is kept."""
    config = load_config([folder])
    found = discover([folder], config.exclude, config.root, bounds)
    sources = _read(found.files)
    rules = select_rules(load_rules(config.rule_folders, config.vocabulary), config, unasked=is_reported)
    cache = Cache(cache_folder())
    kept = Kept(cache, found.files, Plan(rules, config, config.min_confidence))
    chosen = _chosen(found.files, kept.missing(), sources, new_bytes)
    report = scan(replace(found, files=chosen), kept.plan, progress=progress, cache=cache)
    seen = Overview(
        files=len(found.files),
        lines=report.lines if len(chosen) == len(found.files) else sum(map(_lines, sources.values())),
        report=report,
        agents=agents_of(sources.values(), _own_modules(found.files, folder)),
        hiveloop=hiveloop_of(folder, sources, find_plumbing(found.files)),
        is_cut=found.is_cut,
        projects=tuple(map(display_path, list(projects_below(folder))[:_PROJECTS])) if found.is_cut else (),
    )
    return replace(seen, steps=tuple(next_steps(seen, _init(folder, found.files, report))))


def _read(files: Sequence[Path]) -> dict[Path, bytes]:
    sources = {}
    for path in files:
        try:
            sources[path] = read_source(path)
        except OSError:
            sources[path] = b""
    return sources


def _chosen(
    files: Sequence[Path], missing: Sequence[Path], sources: Mapping[Path, bytes], new_bytes: int
) -> list[Path]:
    """Return the files to report on: those that are known, and of the others the most promising that fit."""
    left_out = set(missing)
    size = 0
    for path in sorted(missing, key=lambda path: _promise(sources[path])):
        size += len(sources[path])
        if size > new_bytes:
            break
        left_out.remove(path)
    return [path for path in files if path not in left_out]


def _promise(source: bytes) -> int:
    """Say how soon a file is worth a look, 0 first: it speaks of HiveLoop, of agents, of models, of none."""
    if is_spoken_in(source):
        return 0
    if frameworks_imported(source) or b"Agent" in source:
        return 1
    return 2 if any(sign in source for sign in _MODELS) else 3


def _lines(source: bytes) -> int:
    return len(source.splitlines())


def _own_modules(files: Sequence[Path], folder: Path) -> set[str]:
    """Return the names under which the files of a project can import each other; ``src`` is no package."""
    own = set()
    for path in files:
        parts = path.relative_to(folder).parts if path.is_relative_to(folder) else path.parts[-1:]
        parts = parts[1:] if parts[0] in ("src", "lib") and len(parts) > 1 else parts
        own.add(parts[0].removesuffix(".py"))
    return own


def _init(folder: Path, files: Sequence[Path], report: Report) -> str:
    """Return the command that writes the plumbing; of several packages, into the one where most is missing."""
    try:
        package_of(folder, files)
    except ScanError:
        paths = (Path(finding.path).absolute() for finding in report.findings)
        around = Counter(package for path in paths if (package := package_around(path, folder)) is not None)
        package = around.most_common(1)[0][0] if around else None
        return f"hiveloop-scan init {shlex.quote(display_path(package)) if package else 'PACKAGE'}"
    return "hiveloop-scan init"
