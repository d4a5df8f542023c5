"""Find texts of events that quote what a user or a prompt says."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.calls import SdkCall, sdk_call
from hiveloop_scan.sdk.complaints import complaint, short
from hiveloop_scan.sdk.constants import choices
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, last_name
from hiveloop_scan.visitor import detector

_TEXTS = ("summary", "goal", "reason", "steps", "action_name", "issue_id", "task_id")
_QUOTING = ("str", "repr", "dumps", "strip", "join", "lower", "title", "format", "truncate", "shorten")


@detector(cst.Call)
def user_data_in_text(node: cst.Call, module: ParsedModule, options: Options) -> Iterator[Match]:
    """``task.plan(f"Answer: {user_message}", steps)``."""
    call = sdk_call(node, module)
    if call is None:
        return
    for quoted in _quoted(call, module):
        if _is_private(dotted(quoted), options):
            yield complaint(call, "text-quotes-private-data", at=node, value=short(quoted))
            return


def _quoted(call: SdkCall, module: ParsedModule) -> Iterator[cst.BaseExpression]:
    """Yield the values that the texts of a call quote."""
    for name in _TEXTS:
        for choice in choices(call.argument(name), module):
            if isinstance(choice, cst.FormattedString):
                for part in module.below(choice, cst.FormattedStringExpression):
                    yield from _bare(part.expression)
            else:
                yield from _bare(choice)


def _bare(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield `node` without what shortens it or makes it a text; what is worked out of it quotes nothing."""
    if isinstance(node, cst.Call):
        if last_name(node.func) in _QUOTING:
            if isinstance(node.func, cst.Attribute):
                yield from _bare(node.func.value)
            for arg in node.args:
                yield from _bare(arg.value)
    elif isinstance(node, cst.Subscript) and any(isinstance(element.slice, cst.Slice) for element in node.slice):
        yield from _bare(node.value)
    elif isinstance(node, (cst.Name, cst.Attribute)):
        yield node


def _is_private(name: str, options: Options) -> bool:
    """Say whether the last words of a name are those of private data: ``user_message``, ``customer.email``."""
    spoken = "_".join(words(name.rpartition(".")[2]))
    return any(spoken == word or spoken.endswith(f"_{word}") for word in options["private_words"])
