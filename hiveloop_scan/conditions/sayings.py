"""What a branch says about something missing: lines for operators, plain lines, sentences that are answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.absence import Branch
from hiveloop_scan.conditions.environment import is_read_from_the_environment
from hiveloop_scan.conditions.log_lines import printed_lines, text_of
from hiveloop_scan.conditions.settings import is_a_setting, text_facts
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.pairs import pairs_in
from hiveloop_scan.syntax.tree import code, dotted

_ERROR_NAMES = ("error", "err", "reason", "problem", "message")
_SENTENCE = 3
"""Words a returned text has when it is meant for a reader."""


def only_lists(node: Branch, block: Sequence[cst.CSTNode], module: ParsedModule) -> bool:
    """Say whether a command for people prints that there is nothing to list."""
    function = module.function_of(node)
    name = function.name.value if function is not None else ""
    return mentions(name, ("list", "show", "display")) and bool(printed_lines(block, module))


def printed_about(
    block: Sequence[cst.CSTNode], missing: Sequence[cst.BaseExpression], module: ParsedModule, options: Options
) -> list[cst.Call]:
    """Return the plain lines that `block` prints about what is missing: a variable, or what is said not to be set."""
    named = any(
        is_a_setting(value, module, options) and is_read_from_the_environment(value, module) for value in missing
    )
    found = []
    for line in printed_lines(block, module):
        facts = set(text_facts(text_of(line, module), options))
        unset = bool(facts & {"text-says-that-it-is-not-set", "text-says-that-it-is-missing"})
        variable = "text-names-a-variable" in facts
        if (variable and (unset or any(is_read_from_the_environment(value, module) for value in missing))) or (
            unset and (named or mentions(text_of(line, module), options["loss_words"]))
        ):
            found.append(line)
    return found


def answers_in(block: Sequence[cst.CSTNode], module: ParsedModule) -> Iterator[cst.CSTNode]:
    """Yield the sentences that `block` returns or keeps as an error."""
    for leaf in module.below(block, cst.Return):
        if leaf.value is not None and _is_a_sentence(leaf.value, module) and not _says_that_all_is_well(leaf.value):
            yield leaf.value
    raised = _raised_names(block, module)
    for assign in module.below(block, cst.Assign):
        if dotted(assign.targets[0].target) in raised:
            continue
        if mentions(code(assign.targets[0].target), _ERROR_NAMES) and _is_a_sentence(assign.value, module):
            yield assign.value


def _says_that_all_is_well(answer: cst.BaseExpression) -> bool:
    """Say whether an answer tells of something missing that need not be there: ``Check(ok=True, detail=...)``."""
    return isinstance(answer, (cst.Call, cst.Dict)) and any(
        name in ("ok", "success", "valid", "healthy", "passed") and code(value) == "True"
        for name, value in pairs_in(answer)
    )


def _raised_names(block: Sequence[cst.CSTNode], module: ParsedModule) -> set[str]:
    """Return the names that the function around `block` raises something with: it only validates."""
    function = module.function_of(block[0]) if block else None
    return module.names_in(*module.below(function.body, cst.Raise)) if function is not None else set()


def _is_a_sentence(value: cst.BaseExpression, module: ParsedModule) -> bool:
    return len(text_of(value, module).split()) >= _SENTENCE
