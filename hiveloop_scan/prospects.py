"""Where rules will find something, told by a glance at a sketch: all else is kept from libcst, which is slow."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from hiveloop_scan.candidates import hoped_for, sign_of
from hiveloop_scan.catalog import Rule
from hiveloop_scan.lines import utf8
from hiveloop_scan.model import Confidence, Match
from hiveloop_scan.sketched import SketchedModule
from hiveloop_scan.syntax.writing import WRITING
from hiveloop_scan.timing import rule_time
from hiveloop_scan.triage import Chosen
from hiveloop_scan.visitor import visit

Sign = tuple[str, ...]
_DEEPEST = 80
"""Levels of a sketch that are not too deep for libcst either way: what is deeper is looked at closely."""


@dataclass(frozen=True)
class Prospects:
    """The rules that will find something in each function, what of each match is known, and what to keep for them."""

    wide: Chosen
    """With every function that any rule can match in."""

    narrow: Chosen
    """With the functions of the matches and those that they name, which is enough nearly always."""

    signs: Mapping[str, Sequence[Sign]]
    """What is known of each rule's matches. A closer look at too little tells something else."""


def prospects(
    chosen: Chosen, source: bytes, tree: ast.Module, rules: Iterable[Rule], at_least: Confidence
) -> Prospects | None:
    """Return what a glance promises: no signs mean nothing, None that a glance cannot tell.

    That is so where the file holds syntax that is new to the sketch, or is nested deeply.
    """
    try:
        lines = utf8(source).splitlines(keepends=True)
        module = SketchedModule(tree, lines, chosen.functions, chosen.left_out)
        if module.depth() > _DEEPEST:
            return None
        found, signs = _found(module, chosen, rules, at_least)
    except (KeyError, AttributeError, RecursionError):  # of syntax, or of fields that no sketch has
        return None
    finally:
        WRITING.begin(())  # other nodes will have the same ids
    wide = chosen.narrowed(found)
    return Prospects(wide, wide.without(_unnamed(chosen, found)), signs)


def _found(
    module: SketchedModule, chosen: Chosen, rules: Iterable[Rule], at_least: Confidence
) -> tuple[dict[int, set[str]], dict[str, list[Sign]]]:
    """Return the rules that find something in each outermost function, by its line, 0 being the rest of the file."""
    found: dict[int, set[str]] = {}
    signs: dict[str, list[Sign]] = {}
    for rule in rules:
        barred = chosen.barred(rule.name)
        if barred is None:
            continue
        with rule_time(rule.name):
            met = [
                (module.outermost_line(match.node), match)
                for match in visit(module, rule.load_detector(), rule.options, barred)
            ]
        if lines := {line for line, match in met if _counts(match, rule, at_least)}:
            signs[rule.name] = [sign_of(match) for line, match in met if line in lines]
            for line in lines:
                found.setdefault(line, set()).add(rule.name)
    return found, signs


def _unnamed(chosen: Chosen, found: Mapping[int, Set[str]]) -> set[int]:
    """Return the lines of the functions that have no match and that none of those names that have."""
    by_name: dict[str, list[int]] = defaultdict(list)
    pending: list[ast.stmt] = []
    for unit in chosen.kept:
        if isinstance(unit, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if unit.lineno in found:
                pending.append(unit)
            else:
                by_name[unit.name].append(unit.lineno)
    for unit in pending:
        for node in ast.walk(unit):
            by_name.pop(node.id if isinstance(node, ast.Name) else getattr(node, "attr", ""), None)
    return {line for lines in by_name.values() for line in lines}


def _counts(match: Match, rule: Rule, at_least: Confidence) -> bool:
    """Say whether a match can become a finding or a fact of its function."""
    if match.facts:
        return True
    hoped = hoped_for(match, rule)
    return hoped is not None and hoped >= (min(at_least, Confidence.MEDIUM) if rule.fact else at_least)
