"""Fetch the labelled packages, scan them, print the table; exit 1 where a figure falls below the floor.

python -m tests.accuracy [--list] [--method M] [--set NAME] [--min-confidence C] [--no-triage] [--raise-floor]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import Discovery, discover
from hiveloop_scan.model import Confidence, Finding
from hiveloop_scan.scan import Plan
from tests.accuracy.score import LABEL_METHODS, Label, Score, load_labels, score, together
from tests.wheels import LabelSet, Package, fetch, label_sets, packages

HERE = Path(__file__).parent
FLOOR_FILE = HERE / "floor.json"


def main() -> int:
    """Run the measurement; return the exit code."""
    options = _options()
    below = False
    floor = json.loads(FLOOR_FILE.read_text("utf-8")) if FLOOR_FILE.exists() else {}
    for labelled in label_sets():
        if options.set and labelled.name not in options.set:
            continue
        labels = [label for label in load_labels(labelled.path) if _is_wanted(label, options)]
        if not labels:
            continue
        scores = score(labels, _findings(labelled, labels, options))
        if not options.method:
            scores["all"] = together(scores.values())
        print(f"\n{labelled.path.name}: {len({(label.package, label.file) for label in labels})} labelled files")
        _print_table(scores)
        if options.list:
            _print_alarms(scores, labels)
        if options.package or options.min_confidence != "medium":
            continue
        measured = {
            method: {"precision": round(s.precision, 4), "recall": round(s.recall, 4)}
            for method, s in scores.items()
            if s.hits
        }
        if options.raise_floor:
            floor[labelled.name] = {**floor.get(labelled.name, {}), **measured}
        wanted = {
            method: figures
            for method, figures in floor.get(labelled.name, {}).items()
            if options.method in (None, method)
        }
        below = _is_below(wanted, measured) or below
    if options.raise_floor:
        FLOOR_FILE.write_text(json.dumps(floor, indent=2) + "\n", "utf-8")
    return 1 if below else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__.partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="show every false alarm and every missed one")
    parser.add_argument("--method", choices=sorted(set(LABEL_METHODS.values())), help="only labels of this method")
    parser.add_argument(
        "--set", action="append", choices=[labelled.name for labelled in label_sets()], help="only this set of labels"
    )
    parser.add_argument("--package", action="append", help="only this package (repeatable)")
    parser.add_argument("--min-confidence", default="medium", choices=("low", "medium", "high"))
    parser.add_argument("--no-triage", action="store_true", help="parse everything; the table must stay the same")
    parser.add_argument("--raise-floor", action="store_true", help="write today's figures as the floor of tomorrow")
    return parser.parse_args()


def _is_wanted(label: Label, options: argparse.Namespace) -> bool:
    return (not options.package or label.package in options.package) and (
        not options.method or label.method == options.method
    )


def _findings(
    labelled: LabelSet, labels: list[Label], options: argparse.Namespace
) -> Iterator[tuple[str, str, Finding]]:
    """Scan what the set's packages have to be scored on; yields package, file inside the wheel, finding."""
    roots: dict[Path, Package] = {}
    found = Discovery()
    for package in packages():
        if labelled.name not in package.sets or (options.package and package.folder not in options.package):
            continue
        folder = fetch(package)
        roots[folder.resolve()] = package
        if labelled.whole_packages:
            found.files.extend(discover([folder]).files)
        else:
            files = {label.file for label in load_labels(labelled.path) if label.package == package.folder}
            found.files.extend(folder / file for file in sorted(files))
    rules = tuple(
        rule for rule in load_rules() if not options.method or LABEL_METHODS.get(rule.method) == options.method
    )
    plan = Plan(rules, Config(Path.cwd()), Confidence.named(options.min_confidence), triage=not options.no_triage)
    report = scan(found, plan)
    for error in report.errors:
        print(f"not scanned: {error.path}: {error.message}")
    for finding in report.findings:
        if not labelled.methods or LABEL_METHODS.get(finding.method) in labelled.methods:
            path = Path(finding.path).resolve()
            root = next(root for root in roots if path.is_relative_to(root))
            yield roots[root].folder, path.relative_to(root).as_posix(), finding


def _print_table(scores: dict[str, Score]) -> None:
    print(
        "{:10} {:>5} {:>5} {:>7} {:>5} {:>12} {:>10} {:>5}".format(
            "method", "must", "hit", "recall", "true", "false alarm", "precision", "may"
        )
    )
    for method in (*dict.fromkeys(LABEL_METHODS.values()), "all"):
        found = scores.get(method)
        if found is not None and (found.musts or found.false_alarms or found.ignored):
            print(
                f"{method:10} {len(found.musts):5} {len(found.hits):5} {found.recall:7.3f} {len(found.hits):5} "
                f"{len(found.false_alarms):12} {found.precision:10.3f} {found.ignored:5}"
            )


def _print_alarms(scores: dict[str, Score], labels: list[Label]) -> None:
    for method, found in scores.items():
        if method == "all":
            continue
        for path, finding, why in sorted(found.false_alarms, key=lambda alarm: (alarm[0], alarm[1].span.line)):
            print(f"FALSE  {method} {path}:{finding.span.line} {finding.confidence.label} {finding.rule} ({why})")
        for label in labels:
            if label.method == method and label.tier == "must" and label.event not in found.hits:
                print(
                    f"MISSED {method} {label.package}/{label.file}:{label.start}-{label.end} {label.idiom}: {label.why}"
                )


def _is_below(floor: dict[str, dict[str, float]], measured: dict[str, dict[str, float]]) -> bool:
    fallen = [
        f"{method} {figure} {measured.get(method, {}).get(figure, 0.0)} is below the floor of {value}"
        for method, figures in floor.items()
        for figure, value in figures.items()
        if measured.get(method, {}).get(figure, 0.0) < value
    ]
    for line in fallen:
        print(f"BELOW THE FLOOR: {line}")
    return bool(fallen)


if __name__ == "__main__":
    sys.exit(main())
