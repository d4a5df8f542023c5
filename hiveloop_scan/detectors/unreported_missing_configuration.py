"""Find configuration that is noticed to be missing while the agent carries on without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from hiveloop_scan.conditions.absence import Branch, file_missing_in, missing_in, unknown_in
from hiveloop_scan.conditions.bad_settings import (
    bad_setting_in,
    is_a_command,
    is_of_the_settings,
    is_unreadable_file,
    is_unreadable_setting,
    speaks_of_misconfiguration,
    speaks_of_unreadable_configuration,
)
from hiveloop_scan.conditions.blocks import branch_around
from hiveloop_scan.conditions.configurations import is_found_invalid, is_unreadable
from hiveloop_scan.conditions.environment import is_read_from_the_environment
from hiveloop_scan.conditions.identity import issue_id, subject_of
from hiveloop_scan.conditions.issue_captures import Condition, issue_captures
from hiveloop_scan.conditions.log_lines import grave_lines, gravest_level, printed_lines, text_of
from hiveloop_scan.conditions.reactions import reaction_of
from hiveloop_scan.conditions.sayings import answers_in, only_lists, printed_about
from hiveloop_scan.conditions.settings import (
    VARIABLE,
    appended_texts,
    comes_from_settings,
    subject_facts,
    text_facts,
)
from hiveloop_scan.model import Capture, Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_block
from hiveloop_scan.syntax.names import mentions
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements
from hiveloop_scan.visitor import detector

_SEVERITY = {"critical": "critical", "error": "high", "warning": "medium", None: "medium"}
_TELLING = {
    "text-says-that-it-is-not-set",
    "text-says-that-it-is-missing",
    "text-names-a-variable",
    "value-comes-from-the-environment",
}
_NAMED = {
    "name-of-a-setting", "component-of-an-object", "value-comes-from-the-environment", "value-comes-from-settings",
}  # fmt: skip
_SPOKEN = {"text-names-a-variable", "text-speaks-of-configuration"}
_UNREADABLE = (is_unreadable, is_unreadable_setting, is_unreadable_file)


@detector(cst.If, cst.Else, cst.ExceptHandler)
def unreported_missing_configuration(
    node: Branch | cst.ExceptHandler, module: ParsedModule, options: Options
) -> Iterator[Match]:
    if isinstance(node, cst.ExceptHandler):
        yield from _caught(node, module, options)
        return
    found = list(_found_missing(node, module, options))
    if found and _is_a_later_case(node, module, options):
        return
    if not found and isinstance(node, cst.If):
        found = list(_found_invalid(node, module, options))
    yield from found or _found_bad(node, module, options)


def _is_a_later_case(node: Branch, module: ParsedModule, options: Options) -> bool:
    """Say whether an earlier branch of the same if statement tells of something missing already."""
    outer = module.parent(node)
    return (
        isinstance(node, cst.If)
        and isinstance(outer, cst.If)
        and outer.orelse is node
        and any(True for _ in _found_missing(outer, module, options))
    )


def _found_missing(node: Branch, module: ParsedModule, options: Options) -> Iterator[Match]:
    file = file_missing_in(node, module)
    missing = [file] if file is not None else module.once(missing_in, node)
    unknown = module.once(unknown_in, node)
    block = statements(node.body)
    if not (missing or unknown is not None) or flow_of_block(block) == Flow.RAISE:
        return
    plain = printed_lines(block, module) if file is not None else printed_about(block, missing, module, options)
    told = [*grave_lines(block, module), *plain]
    if only_lists(node, block, module):
        return
    lines = [call for call in told if file is not None or _nearest(call, module) is node]
    answers = [answer for answer in answers_in(block, module) if _nearest(answer, module) is node]
    if not lines and not answers:
        return
    said = "\n".join(
        [
            *(text_of(spoken, module) for spoken in (*lines, *answers)),
            *(appended_texts(value, module) for value in missing),
        ]
    )
    if unknown is not None and not missing:
        if lines and mentions(said, options["unknown_words"]) and comes_from_settings(unknown, module, options):
            facts = ["value-comes-from-settings", "text-says-that-it-is-unknown", "tells-somebody"]
            yield Match(node, _captures(node, [unknown], "", block, module), facts)
        return
    facts = [*subject_facts(missing, module, options), *text_facts(said, options)]
    if "value-comes-from-settings" not in facts and missing and is_of_the_settings(missing[0], module, options):
        facts.append("value-comes-from-settings")
    if file is not None:
        facts = [*_file_facts(node, file, said, module, options)] if lines else []
    lasts = bool(reaction_of(block, module).changes)
    mixed = isinstance(node, cst.If) and isinstance(node.test, cst.BooleanOperation)
    if mixed and file is None and not any(fact.startswith("text-") for fact in facts):
        return
    if not _TELLING.intersection(facts) or not (lasts or (_NAMED | _SPOKEN).intersection(facts)):
        return
    if lines and _NAMED.intersection(facts) and mentions(said, options["loss_words"]):
        facts.append("text-says-what-is-lost")
    if lines:
        facts.append("tells-somebody")
    else:
        facts.append("answers-with-an-error")
    if lasts and answers:
        facts.append("what-lasts-is-changed")
    if mentions(module.symbol(node), options["inspection_words"]) and not lines:
        facts.append("function-only-inspects")
    yield Match(node, _captures(node, missing, said, block, module), facts)


def _file_facts(
    node: Branch, file: cst.BaseExpression, said: str, module: ParsedModule, options: Options
) -> Iterator[str]:
    """Yield what makes a file that is not there one of configuration: its place is a setting, or what it holds is."""
    if is_read_from_the_environment(file, module):
        yield "value-comes-from-the-environment"
        yield "value-is-one-of-the-environment"
    elif _is_taken_for_configuration(node, file, module, options):
        yield "value-comes-from-the-environment"
        yield "file-of-configuration"
    if mentions(said, options["absent_file_words"]):
        yield "text-says-that-it-is-missing"


def _is_taken_for_configuration(node: Branch, file: cst.BaseExpression, module: ParsedModule, options: Options) -> bool:
    """Say whether the file is called one of configuration, or what is read where it exists is kept as such."""
    function = module.function_of(node)
    calls = module.below(function.body, cst.Call) if function is not None else []
    if mentions(last_name(file), options["whole_words"]):
        return any(mentions(last_name(call.func), options["opening_words"]) for call in calls)
    owner = module.parent(node)
    if not isinstance(node, cst.Else) or not isinstance(owner, cst.If):
        return False
    return any(
        mentions(dotted(assign.targets[0].target), options["whole_words"])
        and mentions(last_name(assign.value), options["reading_words"])
        for assign in module.below(statements(owner.body), cst.Assign)
    )


def _caught(node: cst.ExceptHandler, module: ParsedModule, options: Options) -> Iterator[Match]:
    """An error that is called one of configuration, or comes when it is read, and is not raised again."""
    named = node.type is not None and mentions(code(node.type), options["error_words"])
    block = statements(node.body)
    if not named and not any(cannot(node, module, options) for cannot in _UNREADABLE):
        lines = [call for call in grave_lines(block, module) if branch_around(call, module) is node]
        said = "\n".join(text_of(call, module) for call in lines)
        if not speaks_of_misconfiguration(said) and not speaks_of_unreadable_configuration(said):
            return
        if is_a_command(module.function_of(node)):
            return
    reaction = reaction_of(block, module)
    absent = node.type is not None and mentions(code(node.type), options["absent_words"])
    if absent and reaction.level not in ("error", "critical"):
        return
    tells = bool(reaction.level or reaction.alerts)
    function = module.function_of(node)
    may_raise = reaction.flow == Flow.RAISE if named else bool(reaction.flow & Flow.RAISE)
    if may_raise or function is None or not (named or tells):
        return
    facts = ["configuration-error-is-caught" if named else "configuration-cannot-be-read"]
    if tells:
        facts.append("tells-somebody")
    if mentions(function.name.value, options["inspection_words"]):
        facts.append("function-only-inspects")
    if reaction.changes:
        facts.append("what-lasts-is-changed")
    yield Match(node, _captures(node, [] if node.type is None else [node.type], "", block, module), facts)


def _found_invalid(node: cst.If, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``errors = validate(config)``, ``if errors: log.warning(...)``."""
    block = statements(node.body)
    if not is_found_invalid(node.test, module, options):
        return
    reaction = reaction_of(block, module)
    if not reaction.flow & Flow.RAISE and (reaction.level or reaction.alerts):
        facts = ["configuration-is-found-invalid", "tells-somebody"]
        yield Match(node, _captures(node, [], "", block, module), facts)


def _found_bad(node: Branch, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``if config.engine not in ENGINES: log.warning("unknown engine, taking the first")``."""
    block = statements(node.body)
    lines = [call for call in grave_lines(block, module) if branch_around(call, module) is node]
    said = "\n".join(text_of(call, module) for call in lines)
    told = speaks_of_misconfiguration(said)
    if not (told or mentions(said, options["bad_words"])) or flow_of_block(block) == Flow.RAISE:
        return
    bad = bad_setting_in(node, module, options)
    if bad is None and told and isinstance(node, cst.If):
        bad = node.test
    if bad is not None:
        facts = ["configuration-is-found-invalid", "tells-somebody"]
        yield Match(node, _captures(node, [bad], said, block, module), facts)


def _nearest(node: cst.CSTNode, module: ParsedModule) -> cst.CSTNode | None:
    """Return the innermost branch around `node` that is about something missing, at most one other in between."""
    between = 0
    for outer in module.ancestors(node):
        if isinstance(outer, (cst.If, cst.Else)):
            if module.once(missing_in, outer) or module.once(unknown_in, outer) is not None:
                return outer
            between += module.is_below(node, [outer.body])
            if between > 1:
                return None
        if isinstance(outer, (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.ExceptHandler)):
            return None
    return None


def _captures(
    node: Branch | cst.ExceptHandler,
    missing: Sequence[cst.BaseExpression],
    said: str,
    block: Sequence[cst.CSTNode],
    module: ParsedModule,
) -> dict[str, Capture]:
    variable = VARIABLE.search(said)
    names = [last_name(value) for value in missing[:1]] if not isinstance(node, cst.ExceptHandler) else []
    subject = variable[0] if variable else subject_of(names, node, module)
    condition = Condition(
        what=variable[0] if variable else (dotted(missing[0]) if names else "") or "configuration",
        severity=_SEVERITY[gravest_level(block, module)],
        category="configuration",
        identity=issue_id("configuration", subject),
        test=node.test if isinstance(node, cst.If) else None,
    )
    return issue_captures(condition, node, block, module)
