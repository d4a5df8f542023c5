"""Imports go one way: from the command line down to the nouns."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hiveloop_scan

PACKAGE = Path(hiveloop_scan.__file__).parent
ANALYSES = ("attempts", "handoffs", "approvals", "conditions", "queues", "plans", "tools", "models")
"""One folder a family: what its detectors share. They know the module and what is below it, and not each other."""

LAYERS = [
    {
        "failure",
        "model",
        "reading",
        "parsing",
        "means",
        "need",
        "identity",
        "methods",
        "suggest",
        "gitignore",
        "lines",
        "usage",
        "fingerprints",
        "timing",
        "overview",
    },
    {"syntax"},
    {"left_out"},
    {"module", "files"},
    {"references", "origins", "sdk", "alternatives", "summaries", "visitor", "config", "triage", "needs", "sketched"},
    {"suppressions", "outline", "reach"},
    {"instrumented", "told", "fix", *ANALYSES},
    {"rule"},
    {"catalog", "compiled_rules", "rule_files", "arbitration"},
    {"detectors", "selection", "candidates", "project"},
    {"complaints"},
    {"plan", "cache"},
    {"scan", "neighbours"},
    {"kept", "rescans", "workers"},
    {"engine", "gate"},
    {"codemod", "repair", "welcome"},
    {"report"},
    {"verify"},
    {"timeline"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
PARTS = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("hiveloop_scan."))


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_part_imports_only_from_its_own_layer_and_those_below(path: Path) -> None:
    assert part_of(path) in LEVEL, "give the new part a layer above"
    level = LEVEL[part_of(path)]
    above = {name for name in imported_parts(path) if LEVEL.get(name, -1) > level}
    assert not above


def test_renderers_know_the_nouns_and_each_other_only() -> None:
    known = {name for path in (PACKAGE / "report").glob("*.py") for name in imported_parts(path)}
    assert known <= {"model", "reading", "need", "identity", "overview", "methods", "report", "timing", "__version__"}


def test_detectors_do_not_know_where_rules_and_files_come_from() -> None:
    known = {name for path in (PACKAGE / "detectors").glob("*.py") for name in imported_parts(path)}
    assert not known & {
        "catalog",
        "candidates",
        "project",
        "scan",
        "engine",
        "files",
        "config",
        "report",
        "commands",
        "cli",
    }
