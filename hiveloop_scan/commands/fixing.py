"""From what a user asks `apply` for to the changes of files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hiveloop_scan.model import Confidence, ScanError

if TYPE_CHECKING:
    from hiveloop_scan.codemod import Proposal, Survey
    from hiveloop_scan.commands.options import Grade, Style
    from hiveloop_scan.config import Config


@dataclass(frozen=True, slots=True)
class FixRequest:
    """The options of `apply` that say where and what, as they were typed; None where one was not."""

    paths: Sequence[str] | None
    methods: Sequence[str] | None
    rules: Sequence[str] | None
    min_confidence: Grade
    style: Style
    unsafe: bool
    exclude: Sequence[str] | None
    jobs: int
    use_cache: bool = True

    @property
    def places(self) -> list[Path]:
        """The files and folders that were named."""
        return [Path(name) for name in self.paths or ["."]]


def ask_or_propose(request: FixRequest, ask: bool) -> Proposal:
    """Work out all changes, or those that the user says yes to."""
    from hiveloop_scan.codemod import propose_from

    survey = survey_of(request)
    if not ask:
        return propose_from(survey)
    from hiveloop_scan.commands.interactive import ask_about

    return ask_about(survey)


def survey_of(request: FixRequest) -> Survey:
    """Scan what was asked for; raise ScanError where that cannot be done."""
    from hiveloop_scan.cache import Cache
    from hiveloop_scan.codemod import Wish, look_through
    from hiveloop_scan.commands.scanning import chosen_rules
    from hiveloop_scan.config import load_config
    from hiveloop_scan.files import discover
    from hiveloop_scan.fix.calls import Style
    from hiveloop_scan.identity import cache_folder
    from hiveloop_scan.plan import Plan
    from hiveloop_scan.report.progress import ProgressBar

    config = load_config(request.places)
    rules = chosen_rules(config, request.methods, request.rules)
    if not rules:
        raise ScanError("no rule is left to run", "'hiveloop-scan rules' lists those that --method can choose from")
    plan = Plan(rules, config, Confidence.named(request.min_confidence.value))
    found = discover(request.places, (*config.exclude, *(request.exclude or ())), config.root)
    wish = Wish(Style(request.style.value), request.unsafe)
    cache = Cache(cache_folder()) if request.use_cache else None
    with ProgressBar() as bar:
        files = project_files(found.files, config)
        return look_through(found, files, plan, wish, jobs=request.jobs, progress=bar.update, cache=cache)


def project_root(request: FixRequest) -> Path:
    """Return the folder that the settings stand in, else the working folder: what the journal is kept for."""
    from hiveloop_scan.config import load_config

    return load_config(request.places).root.resolve()


def project_files(paths: Sequence[Path], config: Config) -> list[Path]:
    """Return the files of the project that `paths` are files of: the task and the agent may be offered in any."""
    from hiveloop_scan.files import discover

    root = _top_of_project(config.root)
    if root is None or not all(path.resolve().is_relative_to(root) for path in paths):
        return [file for folder in {path.parent for path in paths} for file in sorted(folder.glob("*.py"))]
    return discover([root], config.exclude, config.root).files


def _top_of_project(folder: Path) -> Path | None:
    """Return the nearest folder above that says to be a project; None where none does."""
    marks = (".git", "pyproject.toml", "setup.py", "setup.cfg")
    full = folder.resolve()
    return next((place for place in (full, *full.parents) if any((place / mark).exists() for mark in marks)), None)
