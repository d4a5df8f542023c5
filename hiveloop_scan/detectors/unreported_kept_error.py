"""Find errors that are kept until the same work has succeeded again: the problem lasts as long as they do."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.conditions.categories import category_of
from hiveloop_scan.conditions.identity import issue_id, key_of, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.kept_errors import kept_errors
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow
from hiveloop_scan.syntax.tree import code, statements
from hiveloop_scan.visitor import detector


@detector(cst.ExceptHandler)
def unreported_kept_error(node: cst.ExceptHandler, module: ParsedModule, options: Options) -> Iterator[Match]:
    for kept in kept_errors(node, module, options):
        block = statements(node.body)
        reaction = reaction_of(block, module)
        facts = ["error-is-kept", "error-is-cleared-by-a-success"]
        if reaction.level or reaction.alerts:
            facts.append("somebody-is-told")
        if reaction.flow == Flow.RAISE:
            facts.append("is-raised-again")
        owner = module.enclosing(node, cst.ClassDef)
        names = [code(kept.place).partition("[")[0], owner.name.value if isinstance(owner, cst.ClassDef) else ""]
        category = category_of(names)
        condition = Condition(
            what=code(kept.place),
            severity="high",
            category=category,
            identity=issue_id(category, subject_of(names[:1], node, module), key_of(kept.place)),
        )
        yield Match(node, issue_captures(condition, node, block, module), facts)
        return
