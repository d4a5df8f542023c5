"""Which calls of a file are calls of the SDK: of which method, on which object, with which arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.module import ParsedModule
from hiveloop_scan.sdk.handle import Handle, Source
from hiveloop_scan.sdk.handles import possible_handle
from hiveloop_scan.sdk.signatures import SIGNATURES, Kind, Signature, kinds_with


@dataclass(frozen=True, slots=True)
class SdkCall:
    """A call of an SDK method; `signature` is None where the object it is made on has no such method."""

    node: cst.Call
    method: str
    handle: Handle
    signature: Signature | None
    arguments: Mapping[str, cst.BaseExpression]
    unpacks: bool

    @property
    def sure(self) -> bool:
        """Whether the object is one of the SDK's beyond doubt."""
        return self.handle.sure

    @property
    def guessed(self) -> bool:
        """Whether another file has to prove that the object is one of the SDK's."""
        return bool(self.handle.reference)

    @property
    def receiver(self) -> cst.BaseExpression | None:
        """The expression in front of the method's name; None for ``init(...)``, imported by its name."""
        return self.node.func.value if isinstance(self.node.func, cst.Attribute) else None

    def argument(self, name: str) -> cst.BaseExpression | None:
        """Return what is given for the parameter `name`, by position or by keyword."""
        return self.arguments.get(name)


def sdk_call(call: cst.Call, module: ParsedModule) -> SdkCall | None:
    """Return `call` as a call of the SDK; None where it is none, or nobody can tell."""
    return module.once(_read, call)


def sdk_calls(module: ParsedModule, *methods: str) -> list[SdkCall]:
    """Return the calls of these SDK methods (of all, without any) in this file, in source order."""
    found = module.once(_all_calls, module.tree)
    return [call for call in found if not methods or call.method in methods]


def _all_calls(tree: cst.CSTNode, module: ParsedModule) -> list[SdkCall]:
    return [found for call in module.nodes(cst.Call) if (found := sdk_call(call, module))]


def _read(call: cst.Call, module: ParsedModule) -> SdkCall | None:
    func = call.func
    if isinstance(func, cst.Name):
        resolved = module.resolve(func)
        method = resolved.removeprefix("hiveloop.")
        if not resolved.startswith("hiveloop.") or (Kind.MODULE, method) not in SIGNATURES:
            return None
        handle: Handle | None = Handle(Kind.MODULE, Source.NAME, func)
    elif isinstance(func, cst.Attribute) and kinds_with(func.attr.value):
        method = func.attr.value
        handle = possible_handle(func.value, module)
    else:
        return None
    if handle is None:
        return None
    signature = SIGNATURES.get((handle.kind, method))
    return SdkCall(call, method, handle, signature, *_bind(call, method, signature))


def _bind(call: cst.Call, method: str, signature: Signature | None) -> tuple[dict[str, cst.BaseExpression], bool]:
    """Match arguments with parameters, by those of a namesake where the object has no such method."""
    known = signature or SIGNATURES[kinds_with(method)[0], method]
    unpacks = any(arg.star for arg in call.args)
    given = {arg.keyword.value: arg.value for arg in call.args if arg.keyword}
    for name, arg in zip(known.names, call.args, strict=False):  # one that has to be named was meant for its name
        if arg.star or arg.keyword:
            break
        given.setdefault(name, arg.value)
    return given, unpacks
