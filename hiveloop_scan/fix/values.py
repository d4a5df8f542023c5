"""Arguments that JSON can carry: what is certain goes as it is, the rest through a conversion that fails safely.

Generated calls evaluate their arguments inside a ``try``: a conversion that raises loses the event and nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.source import Function, Source

LONGEST_TEXT = 200
"""Characters that a text of the user's is cut to; the server cuts a summary at 512."""

_PLAIN = (
    ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.operator, ast.unaryop,
    ast.cmpop, ast.boolop, ast.expr_context, ast.IfExp,
)  # fmt: skip
_EXACT = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)


def parsed(expression: str) -> ast.expr:
    """Parse a captured expression; refuse what is none."""
    try:
        return ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError):
        raise Refusal(f"`{expression}` is no expression that can be repeated") from None


def is_repeatable(expression: str) -> bool:
    """Say whether an expression can be evaluated once more: names, attributes, constants and arithmetic, no call."""
    return all(isinstance(node, _PLAIN) for node in ast.walk(parsed(expression)))


def whole_number(expression: str, place: ast.stmt, source: Source) -> str:
    """Return `expression` as an argument that is a whole number, evaluated in front of `place`."""
    return expression if _is_number(parsed(expression), place, source, exact=True) else f"int({expression})"


def number(expression: str, place: ast.stmt, source: Source) -> str:
    """Return `expression` as an argument that is a finite number; thousandths are kept where it is not certain."""
    node = parsed(expression)
    if _is_number(node, place, source, exact=False):
        return expression
    bare = expression if isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)) else f"({expression})"
    return f"round({bare} * 1000) / 1000"


def text(expression: str) -> str:
    """Return `expression` as an argument that is a short text."""
    return f"str({expression})[:{LONGEST_TEXT}]"


def literal(words: str) -> str:
    """Return a text as Python source in double quotes, in single ones where it holds such."""
    if '"' in words and "'" not in words and words.isprintable() and "\\" not in words:
        return f"'{words}'"
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _is_number(node: ast.expr, place: ast.stmt, source: Source, exact: bool) -> bool:
    """Say whether `node` is certainly a finite number in front of `place`, a whole one where it must be `exact`."""
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int(value)):
            return abs(value) < 2**53
        case ast.Constant(value=float(value)):
            return not exact and abs(value) < 1e15
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return _is_number(node.operand, place, source, exact)
        case ast.BinOp(op=ast.Pow()):
            return _is_small(node.left) and _is_number(node.right, place, source, exact=True)
        case ast.BinOp():
            fits = isinstance(node.op, _EXACT) or (not exact and isinstance(node.op, ast.Div))
            return fits and all(_is_number(part, place, source, exact) for part in (node.left, node.right))
        case ast.Call(func=ast.Name(id="min" | "max"), keywords=[]):
            return bool(node.args) and all(_is_number(part, place, source, exact) for part in node.args)
        case ast.Name():
            return _holds_number(node.id, place, source, exact)
        case _:
            return False


def _is_small(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 0 < node.value <= 16


def _holds_number(name: str, place: ast.stmt, source: Source, exact: bool) -> bool:
    """Say whether all that the function around `place` binds to `name` is a number."""
    scope = source.scope_of(place)
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    bound = list(_bindings(name, scope, exact))
    return bool(bound) and all(bound)


def _bindings(name: str, function: Function, exact: bool) -> Iterator[bool]:
    """Yield for each binding of `name` in a function whether it is that of a number."""
    args = function.args
    for arg, default in _with_defaults(args):
        if arg.arg == name:
            kinds = ("int",) if exact else ("int", "float")
            typed = isinstance(arg.annotation, ast.Name) and arg.annotation.id in kinds
            yield typed and "int" in kinds and (default is None or _is_plain_number(default, exact))
    for node in ast.walk(function):
        if node is function:
            continue
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            yield False
        elif isinstance(node, ast.Assign) and any(_is_name(target, name) for target in node.targets):
            yield _is_plain_number(node.value, exact)
        elif isinstance(node, ast.AnnAssign) and _is_name(node.target, name):
            yield node.value is not None and _is_plain_number(node.value, exact)
        elif isinstance(node, ast.AugAssign) and _is_name(node.target, name):
            yield isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)) and _is_plain_number(node.value, exact)
        elif isinstance(node, (ast.For, ast.AsyncFor)) and _is_name(node.target, name):
            yield (
                isinstance(node.iter, ast.Call)
                and isinstance(node.iter.func, ast.Name)
                and node.iter.func.id == "range"
            )
        elif isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, (ast.Store, ast.Del)):
            yield from _other_binding(node, function)


def _other_binding(node: ast.Name, function: Function) -> Iterator[bool]:
    """Yield False for a binding that is none of the plain kinds: in a tuple, a with, a walrus; ``enumerate`` counts."""
    for outer in ast.walk(function):
        if isinstance(outer, (ast.Assign, ast.For, ast.AsyncFor)):
            targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
            if any(target is node for target in targets):
                return
            if isinstance(outer, (ast.For, ast.AsyncFor)) and _counts(outer, node):
                return
        elif isinstance(outer, (ast.AnnAssign, ast.AugAssign)) and outer.target is node:
            return
    yield False


def _counts(loop: ast.For | ast.AsyncFor, node: ast.Name) -> bool:
    """Say whether `node` is the number that ``enumerate`` gives."""
    called = loop.iter.func if isinstance(loop.iter, ast.Call) else None
    first = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else None
    return isinstance(called, ast.Name) and called.id == "enumerate" and first is node


def _is_plain_number(node: ast.expr, exact: bool) -> bool:
    kinds = int if exact else (int, float)
    value = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    return isinstance(value, ast.Constant) and isinstance(value.value, kinds) and not isinstance(value.value, bool)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _with_defaults(args: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    positional = [*args.posonlyargs, *args.args]
    missing = len(positional) - len(args.defaults)
    yield from zip(positional, [*[None] * missing, *args.defaults], strict=True)
    yield from zip(args.kwonlyargs, args.kw_defaults, strict=True)
