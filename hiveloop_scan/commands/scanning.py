"""From what a user asks for to a report: what every command that scans has in common."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, cast

from hiveloop_scan.methods import METHODS
from hiveloop_scan.model import Confidence, Report, ScanError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from hiveloop_scan.catalog import Rule
    from hiveloop_scan.commands.options import Grade
    from hiveloop_scan.config import Config
    from hiveloop_scan.plan import Plan


@dataclass(frozen=True, slots=True)
class Request:
    """The options of a command that scans, as they were typed; None where one was not."""

    paths: Sequence[str] | None
    methods: Sequence[str] | None
    rules: Sequence[str] | None
    min_confidence: Grade | None
    exclude: Sequence[str] | None
    stdin_filename: str
    jobs: int
    outputs: Sequence[Path] = ()
    use_cache: bool = True
    executor: str | None = None
    profile: bool = False


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of a request: the report, the SDK methods and rules that it is about, and the source on stdin."""

    report: Report
    methods: frozenset[str]
    rules: tuple[Rule, ...]
    config: Config
    stdin: bytes | None = None


Choose = Callable[["Sequence[Rule]", "Config"], "tuple[Rule, ...]"]
"""Picks the rules that run out of all there are."""


def run_scan(request: Request, choose: Choose | None = None) -> Scanned:
    """Do what was asked for; raise ScanError where it cannot be done, or its output could not be written.

    Without `choose`, the rules are those of a report.
    """
    from hiveloop_scan.catalog import load_rules
    from hiveloop_scan.config import load_config
    from hiveloop_scan.plan import Plan
    from hiveloop_scan.report.output import check_writable

    named = request.paths or ["."]
    from_stdin = "-" in named
    if from_stdin and len(named) > 1:
        raise ScanError("'-' cannot be mixed with other paths", "scan stdin on its own")
    for output in request.outputs:
        check_writable(output)
    places = [Path(request.stdin_filename)] if from_stdin else [Path(name) for name in named]
    config = load_config(places)
    every = load_rules(config.rule_folders, config.vocabulary)
    rules = choose(every, config) if choose else _reported(every, config, request)
    if not rules:
        raise ScanError("no rule is left to run", "'hiveloop-scan rules' lists those that --method can choose from")
    grade = Confidence.named(request.min_confidence.value) if request.min_confidence else config.min_confidence
    plan = Plan(rules, config, grade, known=frozenset(rule.name for rule in every))
    methods = _methods_asked_about(request, config, rules)
    if from_stdin:
        source = sys.stdin.buffer.read()
        return Scanned(_scan_source(source, places[0], plan), methods, rules, config, source)
    exclude = (*config.exclude, *(request.exclude or ()))
    return Scanned(_scan_places(places, exclude, plan, request), methods, rules, config)


def _reported(rules: Sequence[Rule], config: Config, request: Request) -> tuple[Rule, ...]:
    from hiveloop_scan.selection import is_reported, select_rules

    return select_rules(rules, config, request.methods or (), request.rules or (), is_reported)


def chosen_rules(
    config: Config,
    methods: Sequence[str] | None,
    names: Sequence[str] | None = None,
    unasked: Callable[[Rule], bool] | None = None,
) -> tuple[Rule, ...]:
    """Return the rules that the settings and these options leave to run: by default out of those of a report."""
    from hiveloop_scan.catalog import load_rules
    from hiveloop_scan.selection import is_reported, select_rules

    rules = load_rules(config.rule_folders, config.vocabulary)
    return select_rules(rules, config, methods or (), names or (), unasked or is_reported)


def _methods_asked_about(request: Request, config: Config, rules: Sequence[Rule]) -> frozenset[str]:
    """Return all SDK methods where nobody narrowed the choice: those for which there is no rule count, too."""
    if request.methods or request.rules or config.select:
        return frozenset(rule.method for rule in rules)
    return frozenset(METHODS).difference(config.ignore)


def _scan_source(source: bytes, path: Path, plan: Plan) -> Report:
    from hiveloop_scan.engine import report_of
    from hiveloop_scan.scan import scan_stdin

    started = perf_counter()
    return report_of([scan_stdin(source, path, plan)], plan, started)


def _scan_places(places: Sequence[Path], exclude: Sequence[str], plan: Plan, request: Request) -> Report:
    from hiveloop_scan.cache import Cache
    from hiveloop_scan.engine import scan
    from hiveloop_scan.files import discover
    from hiveloop_scan.identity import cache_folder
    from hiveloop_scan.report.profile import render_profile
    from hiveloop_scan.report.progress import ProgressBar
    from hiveloop_scan.timing import measuring, phase

    cache = Cache(cache_folder()) if request.use_cache and not request.profile else None
    executor = _executor(request.executor) if request.executor else None
    with ProgressBar() as bar, measuring() if request.profile else nullcontext() as timing:
        with phase("find files"):
            found = discover(places, exclude, plan.config.root)
        report = scan(found, plan, request.jobs, bar.update, cache=cache, executor=executor, timing=timing)
    if timing is not None:
        sys.stderr.write(render_profile(timing, report.seconds))
    return report


def _executor(name: str) -> Callable[[], Executor]:
    """Import the function that makes an executor; modules of the working folder can be named, too."""
    module, _, function = name.partition(":")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ScanError(f"--executor {name}: {error}", "write it as module:function") from None
    if not callable(found):
        raise ScanError(f"--executor {name}: is no function", "it has to return a concurrent.futures.Executor")
    return cast("Callable[[], Executor]", found)
