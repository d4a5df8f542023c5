"""What a branch does about a condition: it tells somebody, changes what lasts, leaves, or only raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.conditions.log_lines import gravest_level
from hiveloop_scan.conditions.places import outlives_the_call
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.flow import Flow, flow_of_block
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import code, dotted, last_name

_ALERTS = {"alert", "alerts", "notify", "notification", "page", "incident", "incidents"}
_ACTS = {
    "disable", "suspend", "quarantine", "evict", "restart", "recover", "stop", "shutdown", "trip", "open", "mark",
    "failover", "fallback", "switch", "rotate", "blacklist", "ban", "abort", "degrade", "replan", "pause", "cooldown",
    "reconnect", "remediate", "heal", "isolate", "unregister", "kill", "clear",
}  # fmt: skip
_ONLY_TELLS = {"log", "print", "echo", "logger", "is", "has", "get", "should"}
_STOPS = {"sys.exit", "exit", "quit", "os._exit", "os.abort", "SystemExit", "typer.Exit"}


@dataclass(frozen=True)
class Reaction:
    """What a block of statements does: the level of its gravest line, what lasting places it changes, where it goes."""

    level: str | None
    changes: tuple[str, ...]
    alerts: bool
    acts: bool
    flow: Flow
    stops: bool

    @property
    def only_raises(self) -> bool:
        """Nothing else is done than to raise, perhaps after a log line; to end the process is more."""
        return self.flow == Flow.RAISE and not self.stops and not self.changes and not self.alerts

    @property
    def does_something(self) -> bool:
        """Somebody is told, or something lasting is changed."""
        return bool(self.level or self.changes or self.alerts or self.acts)


def reaction_of(block: Sequence[cst.CSTNode], module: ParsedModule) -> Reaction:
    """Read what `block` does."""
    calls = module.below(block, cst.Call)
    raised = [dotted(node.exc) for node in module.below(block, cst.Raise) if node.exc is not None]
    return Reaction(
        level=gravest_level(block, module),
        changes=tuple(lasting_changes(block, module)),
        alerts=any(_ALERTS.intersection(words(dotted(call.func))) for call in calls),
        acts=any(_acts(last_name(call.func)) for call in calls),
        flow=flow_of_block(block),
        stops=any(name in _STOPS for name in (*raised, *(dotted(call.func) for call in calls))),
    )


def _acts(name: str) -> bool:
    found = words(name)
    return bool(_ACTS.intersection(found)) and not _ONLY_TELLS.intersection(found)


def lasting_changes(block: Sequence[cst.CSTNode], module: ParsedModule) -> Iterator[str]:
    """Yield the source of the places that `block` gives a value and that outlive the call."""
    targets: list[cst.BaseExpression] = []
    for node in module.below(block, cst.Assign, cst.AugAssign, cst.AnnAssign):
        targets += [target.target for target in node.targets] if isinstance(node, cst.Assign) else [node.target]
    for call in module.below(block, cst.Call):
        callee = call.func
        if (
            isinstance(callee, cst.Attribute)
            and callee.attr.value in ("add", "append", "discard")
            and isinstance(callee.value, cst.Attribute)
        ):
            targets.append(callee.value)
    for target in targets:
        if outlives_the_call(target, module):
            yield code(target)
