"""What a thing from another file may be, by the methods called on it; the other file has to prove it."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.shapes import methods_called_on
from hiveloop_scan.sdk.signatures import Kind, methods_of
from hiveloop_scan.syntax.tree import dotted

_KINDS = (Kind.CLIENT, Kind.AGENT, Kind.TASK)


def guessed_kind(methods: set[str]) -> Kind | None:
    """Return the one kind of object that has methods of these names which no other kind has; None for none or two."""
    found = []
    for kind in _KINDS:
        others = [methods_of(other) for other in _KINDS if other is not kind]
        if methods & methods_of(kind).difference(*others):
            found.append(kind)
    return found[0] if len(found) == 1 else None


def kind_of_result(call: cst.Call, module: ParsedModule) -> Kind | None:
    """Return what a call may give, by what is done with it: at once, or under the names that it is given to."""
    around = module.parent(call)
    if isinstance(around, cst.Attribute):
        return guessed_kind({around.attr.value})
    targets: list[cst.CSTNode] = []
    if isinstance(around, cst.Assign):
        targets = [target.target for target in around.targets]
    elif isinstance(around, cst.NamedExpr):
        targets = [around.target]
    elif isinstance(around, cst.WithItem) and around.asname is not None:
        targets = [around.asname.name]
    names = [dotted(target) for target in targets if isinstance(target, (cst.Name, cst.Attribute))]
    return guessed_kind({method for name in names if name for method in methods_called_on(name, module)})
