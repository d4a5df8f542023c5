"""What the rules find in one parsed file, before the rest of the project is known."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

import libcst as cst

from hiveloop_scan.catalog import Rule
from hiveloop_scan.fingerprints import fingerprint, text_of
from hiveloop_scan.instrumented import is_in_generated_code, surroundings_of
from hiveloop_scan.lines import lines_of
from hiveloop_scan.model import Candidate, Confidence, Finding, Match, Span, Suppression, Surroundings
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.outline.index import FileCalls
from hiveloop_scan.sdk.offers import offers_of
from hiveloop_scan.suppressions import silencing
from hiveloop_scan.visitor import visit

_BRANCHES = (cst.ExceptHandler, cst.If, cst.Else, cst.MatchCase, cst.For, cst.While, cst.FunctionDef, cst.Lambda)


class Gathering:
    """The candidates and the function facts of one file, gathered rule by rule."""

    def __init__(
        self,
        module: ParsedModule,
        source: bytes,
        shown: str,
        at_least: Confidence,
        tree: ast.Module,
        calls: FileCalls | None = None,
        comments: Sequence[Suppression] = (),
    ) -> None:
        """Take the parsed file, its source, the path to show, and how sure a finding has to be.

        `tree` is that of the standard parser, the whole file.
        `calls` are the calls of the file; None where nobody uses the SDK. Where `comments` silence a rule, less is
        enough: they are of use though what they silence is in doubt.
        """
        self.module = module
        self._tree = tree
        self._calls = calls
        self._comments = comments
        self.candidates: list[Candidate] = []
        self.facts: dict[str, set[str]] = defaultdict(set)
        self._source = source
        self._shown = shown
        self._at_least = at_least
        self._has_offered = False

    @cached_property
    def _texts(self) -> Sequence[str]:
        """The lines of the file; most files have no match, and need none."""
        return lines_of(self._source)

    def gather(self, rule: Rule, barred: Collection[int] = ()) -> None:
        """Run the detector of `rule`, except in the outermost functions at the `barred` lines."""
        if rule.kind == "misuse" and not self._has_offered:
            self._has_offered = True
            for symbol, offered in offers_of(self.module).items():
                self.facts[symbol] |= offered
        for match in visit(self.module, rule.load_detector(), rule.options, barred):
            self._take(match, rule)

    def _take(self, match: Match, rule: Rule) -> None:
        confidence, evidence = rule.weigh(match.evidence)
        if rule.fact and confidence is not None and confidence >= Confidence.MEDIUM:
            function = self.module.function_of(match.node)
            while function is not None:  # those around it too: callers see the outermost
                self.facts[self.module.symbol(function)].add(rule.fact)
                function = self.module.function_of(function)
        if match.facts:
            self.facts[self.module.symbol(match.node)].update(match.facts)
        hoped = _hoped_for(match, rule)
        if hoped is None or (hoped < self._at_least and not self._comments):
            return
        if not rule.sees_written_code and is_in_generated_code(match.node, self.module):
            return
        span = self._span(match.node)
        if hoped < self._at_least and not silencing(self._comments, span.line, rule.name):
            return
        finding = Finding(
            path=self._shown,
            span=span,
            rule=rule.name,
            method=_method_of(match, rule),
            confidence=confidence or Confidence.LOW,
            evidence=evidence,
            message=rule.describe(match.captures),
            symbol=self.module.symbol(match.node),
            captures=dict(match.captures),
            source_line=self._texts[span.line - 1],
            fix=rule.applicability,
            kind=rule.kind,
            severity=rule.severity,
            fingerprint=fingerprint(rule.name, self.module.symbol(match.node), text_of(self._tree, span.line)),
        )
        branch = self.module.enclosing(match.node, *_BRANCHES)
        if isinstance(branch, cst.If) and branch.orelse and self.module.is_below(match.node, [branch.body]):
            branch = branch.body  # what stands in the other cases is no part of this one
        self.candidates.append(
            Candidate(
                finding,
                self._span(branch) if branch else Span(1, 1, len(self._texts), 1),
                tuple(match.clues),
                self._surroundings(match, rule),
                self._span(match.node.body) if isinstance(match.node, cst.If) and match.node.orelse else span,
            )
        )

    def _surroundings(self, match: Match, rule: Rule) -> Surroundings:
        if self._calls is None or rule.kind != "missing":
            return Surroundings()
        return surroundings_of(match, rule.method, self.module, self._calls, self._span)

    def _span(self, node: cst.CSTNode) -> Span:
        """Return where `node` stands; form feeds in front of a line, which triage keeps from libcst, count."""
        span = self.module.span(node)
        if self.module.has_form_feeds:
            return span

        def dropped(line: int) -> int:
            text = self._texts[line - 1]
            return text[: len(text) - len(text.lstrip(" \t\f"))].rfind("\f") + 1

        return replace(
            span,
            column=span.column + dropped(span.line),
            end_column=span.end_column + dropped(span.end_line),
        )


def _method_of(match: Match, rule: Rule) -> str:
    """Return the SDK method that a finding is about: a rule about any of them captures which one is called."""
    return str(match.captures.get("method", rule.method)) if rule.method == "any" else rule.method


def _hoped_for(match: Match, rule: Rule) -> Confidence | None:
    """Return how sure a match can become once its clues are settled."""
    for_it = [clue.evidence for clue in match.clues if rule.weights.get(clue.evidence, 1) > 0]
    return rule.weigh([*match.evidence, *for_it])[0]
