"""Walk a file's tree once: the calls in it with the function, the branch and the contexts they stand in."""

from __future__ import annotations

import ast
from collections.abc import Callable

from hiveloop_scan.outline.scopes import RETURNED, STAR, Scope, annotated, dotted
from hiveloop_scan.outline.sdk import TELLERS
from hiveloop_scan.outline.seen import Branch, Function, Here, Seen, Walked, is_stub
from hiveloop_scan.syntax.walking import fields_of


def walk_file(tree: ast.Module) -> Walked:
    """Walk `tree` without recursion: people nest a few levels, generated code thousands."""
    walked = Walked()
    module = Scope("")
    walked.scopes.append(module)
    pending: list[tuple[ast.AST, Here]] = []
    _push(tree.body, Here(module, Branch()), pending)
    visits = _VISITS
    while pending:
        node, here = pending.pop()
        kind = type(node)
        if kind in _LEAVES:
            continue
        visit = visits.get(kind)
        if visit is not None:
            visit(node, here, walked, pending)
        else:
            _push_fields(node, here, pending)
    return walked


_LEAVES = frozenset({ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal, ast.alias})
"""Kinds of nodes in which nothing is called."""


_SKIPPED = _LEAVES | {type(None)}
_Pending = list[tuple[ast.AST, Here]]


def _push(nodes: list[ast.stmt] | list[ast.expr], here: Here, pending: _Pending) -> None:
    pending.extend([(node, here) for node in reversed(nodes)])


def _push_fields(node: ast.AST, here: Here, pending: _Pending, without: tuple[str, ...] = ()) -> None:
    for name in fields_of(type(node)):
        if name in without:
            continue
        value = getattr(node, name)
        kind = type(value)
        if kind is list:
            if value:
                pending.extend([(item, here) for item in reversed(value) if type(item) not in _SKIPPED])
        elif kind not in _SKIPPED:
            pending.append((value, here))


def _function(node: Function, here: Here, walked: Walked, pending: _Pending) -> None:
    symbol = here.scope.below(node.name)
    scope = Scope(symbol, here.scope, is_stub=is_stub(node, here.scope))
    walked.scopes.append(scope)
    here.scope.bound[node.name].append(f":{symbol}")
    params = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    names = {item.id for item in node.decorator_list if isinstance(item, ast.Name)}
    if here.scope.is_class and params and "staticmethod" not in names:
        scope.bound[params[0].arg].append(f":{here.scope.symbol}")
        params = params[1:]
    for param in params:
        kind = annotated(param.annotation, here.scope)
        scope.bound[param.arg] = [kind] if kind else []
    if node.returns is not None:
        known = f"{symbol}{RETURNED}" if not any("property" in name for name in names) else symbol
        walked.attributes.append((known, node.returns, here.scope, True))
    _decorators(node, here, walked)
    _push(node.body, Here(scope, Branch()), pending)
    _push(node.decorator_list, here, pending)
    _push(node.args.defaults, here, pending)
    _push([item for item in node.args.kw_defaults if item is not None], here, pending)


def _class(node: ast.ClassDef, here: Here, walked: Walked, pending: _Pending) -> None:
    scope = Scope(here.scope.below(node.name), here.scope, is_class=True)
    walked.scopes.append(scope)
    here.scope.bound[node.name].append(f":{scope.symbol}")
    if node.bases:
        walked.bases[scope.symbol] = node.bases
    _decorators(node, here, walked)
    _push(node.body, Here(scope, here.branch), pending)
    _push(node.decorator_list, here, pending)


def _decorators(node: Function | ast.ClassDef, here: Here, walked: Walked) -> None:
    walked.calls += [
        Seen(item, here.scope, here.branch, here.contexts)
        for item in node.decorator_list
        if not isinstance(item, ast.Call)
    ]


def _lambda(node: ast.Lambda, here: Here, walked: Walked, pending: _Pending) -> None:
    scope = Scope(f"{here.scope.below('<lambda>')}", here.scope)
    for param in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        scope.bound[param.arg] = []
    pending.append((node.body, Here(scope, Branch())))


def _call(node: ast.Call, here: Here, walked: Walked, pending: _Pending) -> None:
    walked.calls.append(Seen(node, here.scope, here.branch, here.contexts))
    told = node.args[0] if len(node.args) == 1 and dotted(node.func).rpartition(".")[2] in TELLERS else None
    if isinstance(told, ast.Lambda):
        pending.append((told.body, here))
        return
    _push_fields(node, here, pending)


def _if(node: ast.If, here: Here, walked: Walked, pending: _Pending) -> None:
    pending.append((node.test, here))
    for block in (node.body, node.orelse):
        if block:
            _push(block, Here(here.scope, Branch(here.branch, node.test), here.contexts), pending)


def _if_expression(node: ast.IfExp, here: Here, walked: Walked, pending: _Pending) -> None:
    inside = Here(here.scope, Branch(here.branch, node.test), here.contexts)
    pending += [(node.test, here), (node.body, inside), (node.orelse, inside)]


def _bool(node: ast.BoolOp, here: Here, walked: Walked, pending: _Pending) -> None:
    branch = Branch(here.branch, node.values[0])
    pending.append((node.values[0], here))
    _push(node.values[1:], Here(here.scope, branch, here.contexts), pending)


def _handler(node: ast.ExceptHandler, here: Here, walked: Walked, pending: _Pending) -> None:
    if node.type is not None:
        pending.append((node.type, here))
    _push(node.body, Here(here.scope, Branch(here.branch, is_handler=True), here.contexts), pending)


def _case(node: ast.match_case, here: Here, walked: Walked, pending: _Pending) -> None:
    _push(node.body, Here(here.scope, Branch(here.branch, is_handler=True), here.contexts), pending)


def _with(node: ast.With | ast.AsyncWith, here: Here, walked: Walked, pending: _Pending) -> None:
    entered = tuple(item.context_expr for item in node.items)
    for item in node.items:
        pending.append((item.context_expr, here))
        if isinstance(item.optional_vars, ast.Name):
            here.scope.bound[item.optional_vars.id].append(item.context_expr)
    _push(node.body, Here(here.scope, here.branch, (*here.contexts, *entered)), pending)


def _assign(node: ast.Assign, here: Here, walked: Walked, pending: _Pending) -> None:
    for target in node.targets:
        _bind(target, node.value, here.scope, walked)
    _push_fields(node, here, pending)


def _annotated_assign(node: ast.AnnAssign, here: Here, walked: Walked, pending: _Pending) -> None:
    if node.value is not None:
        _bind(node.target, node.value, here.scope, walked)
    if isinstance(node.target, ast.Name) and (here.scope.is_class or here.scope.parent is None):
        walked.attributes.append((here.scope.below(node.target.id), node.annotation, here.scope, True))
    elif (name := _attribute_of_self(node.target, here.scope)) is not None:
        walked.attributes.append((name, node.annotation, here.scope, True))
    _push_fields(node, here, pending, without=("annotation",))


def _walrus(node: ast.NamedExpr, here: Here, walked: Walked, pending: _Pending) -> None:
    _bind(node.target, node.value, here.scope, walked)
    _push_fields(node, here, pending)


def _bind(target: ast.expr, value: ast.expr, scope: Scope, walked: Walked) -> None:
    if isinstance(target, ast.Name):
        scope.bound[target.id].append(value)
        if scope.is_class or scope.parent is None:
            walked.attributes.append((scope.below(target.id), value, scope, False))
            if isinstance(value, (ast.Call, ast.Dict)) and scope.parent is None:
                walked.values.append((scope.below(target.id), value, scope))
    elif (name := _attribute_of_self(target, scope)) is not None:
        walked.attributes.append((name, value, scope, False))


def _attribute_of_self(target: ast.expr, scope: Scope) -> str | None:
    """Return ``Worker.queue`` for ``self.queue`` in a method of Worker."""
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return None
    owner = scope.owner()
    if owner is None or target.value.id not in ("self", "cls"):
        return None
    return owner.below(target.attr)


def _import(node: ast.Import, here: Here, walked: Walked, pending: _Pending) -> None:
    for alias in node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        here.scope.bound[bound].append(alias.name if alias.asname else bound)


def _import_from(node: ast.ImportFrom, here: Here, walked: Walked, pending: _Pending) -> None:
    origin = "." * node.level + (node.module or "")
    for alias in node.names:
        full = f"{origin}.{alias.name}" if origin.strip(".") else f"{origin}{alias.name}"
        if alias.name == STAR:
            here.scope.bound[STAR].append(origin)
        else:
            here.scope.bound[alias.asname or alias.name].append(full)


def _return(node: ast.Return, here: Here, walked: Walked, pending: _Pending) -> None:
    if node.value is not None:
        here.scope.bound[RETURNED].append(node.value)
        pending.append((node.value, here))


_VISITS: dict[type[ast.AST], Callable[..., None]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.Call: _call,
    ast.If: _if,
    ast.IfExp: _if_expression,
    ast.BoolOp: _bool,
    ast.ExceptHandler: _handler,
    ast.match_case: _case,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated_assign,
    ast.NamedExpr: _walrus,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Return: _return,
}
