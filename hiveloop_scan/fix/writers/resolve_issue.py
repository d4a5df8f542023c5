"""Write ``agent.resolve_issue(...)`` where a lasting problem is over, so that only what was reported is resolved."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.generated import is_generated
from hiveloop_scan.fix.names import are_known, bound_in
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.values import is_repeatable
from hiveloop_scan.fix.wording import sentence
from hiveloop_scan.fix.writers.report_issue import issue_id

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BY_HAND = "write the call by hand, behind a test that the issue was reported"


def write_resolve_issue(site: Site) -> Fix:
    """Return the fix of an issue's end: in front of what sets it back, where the state of before still tells of it."""
    place = site.statement()
    is_branch = isinstance(place, ast.If)
    if isinstance(place, ast.If):
        place = place.body[0]
    identity = issue_id(site, place)
    report = _report_of(identity, site.source)
    if report is None:
        raise Refusal(
            "the issue is not reported in this file", "have report_issue written first, or write both by hand"
        )
    gate = "" if is_branch else _gate(place, report, site.source)
    call = SdkCall(Handle.AGENT, "resolve_issue", [sentence(site)], {"issue_id": identity}, gate)
    return site.call_before(call, place)


def _report_of(identity: str, source: Source) -> ast.Call | None:
    """Return the call that reports the issue with the same id."""
    wanted = ast.unparse(ast.parse(identity, mode="eval"))
    for node in source.nodes:
        match node:
            case ast.Call(ast.Attribute(attr="report_issue"), keywords=given):
                if any(item.arg == "issue_id" and ast.unparse(item.value) == wanted for item in given):
                    return node
    return None


def _gate(place: ast.stmt, report: ast.Call, source: Source) -> str:
    """Return what is true in front of `place` if the issue was reported."""
    match place:
        case ast.Assign(targets=[target], value=ast.Constant(value=True)):
            return f"not {_state(target)}"
        case ast.Assign(targets=[target], value=ast.Constant(value=None | False | "")):
            return _state(target)
        case ast.Assign(targets=[target], value=ast.Constant(value=int() | float())):
            return _threshold(target, place, report, source)
        case ast.Assign(targets=[target], value=ast.List(elts=[]) | ast.Dict(keys=[])):
            return _threshold(target, place, report, source)
        case ast.Assign(targets=[target], value=ast.Constant(value=str()) | ast.Name() | ast.Attribute() as value):
            return f"{_state(target)} != {ast.unparse(value)}"
        case ast.Expr(ast.Call(ast.Attribute(owner, "pop"), args=[key, *_])):
            return _held(key, owner)
        case ast.Expr(ast.Call(ast.Attribute(owner, "discard" | "remove"), args=[key])):
            return _held(key, owner)
        case ast.Delete(targets=[ast.Subscript(owner, key)]):
            return _held(key, owner)
        case _:
            raise Refusal("it cannot be told here whether the issue was reported", _BY_HAND)


def _state(target: ast.expr) -> str:
    """Return the place that is about to be set back, as an expression; refuse what is more than a name."""
    code = ast.unparse(target)
    if not is_repeatable(code):
        raise Refusal(f"`{code}` is not read once more to see whether the issue was reported", _BY_HAND)
    return code


def _held(key: ast.expr, owner: ast.expr) -> str:
    if isinstance(key, (ast.Name, ast.Attribute, ast.Constant)):
        return f"{ast.unparse(key)} in {_state(owner)}"
    raise Refusal(f"`{ast.unparse(key)}` is not read once more to see whether the issue was reported", _BY_HAND)


def _threshold(counter: ast.expr, place: ast.stmt, report: ast.Call, source: Source) -> str:
    """Return the test that led to the report, where all it reads is the same at `place`."""
    name = ast.unparse(counter)
    for test in _tests_around(report, source):
        for compare in _compares(test):
            if not any(ast.unparse(node) == name for node in ast.walk(compare)):
                continue
            code = ast.unparse(_still_true(compare))
            if _is_plain(compare) and _means_the_same(compare, report, place, source):
                return code
    raise Refusal("the test that led to the report cannot be repeated here", _BY_HAND)


def _tests_around(report: ast.Call, source: Source) -> Iterator[ast.expr]:
    """Yield the tests of the user's branches that lead to the report."""
    inner: ast.AST = report
    for outer in source.ancestors(report):
        if isinstance(outer, _FUNCTIONS):
            return
        if isinstance(outer, ast.If) and not is_generated(outer) and any(item is inner for item in outer.body):
            yield outer.test
        inner = outer


def _compares(test: ast.expr) -> list[ast.Compare]:
    """Return the comparisons that all hold where `test` does."""
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    return [part for part in parts if isinstance(part, ast.Compare)]


def _still_true(compare: ast.Compare) -> ast.Compare:
    """Return a comparison that also holds when the count went on: a limit that was met was passed."""
    if len(compare.ops) == 1 and isinstance(compare.ops[0], ast.Eq):
        return ast.Compare(compare.left, [ast.GtE()], compare.comparators)
    return compare


def _is_plain(compare: ast.Compare) -> bool:
    """Say whether reading a comparison once more changes nothing: names, entries of a dict, lengths."""
    plain = (ast.Compare, ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.BinOp, ast.operator)
    rest = (ast.cmpop, ast.expr_context, ast.Call)
    lengths = all(
        isinstance(node.func, ast.Name) and node.func.id == "len"
        for node in ast.walk(compare)
        if isinstance(node, ast.Call)
    )
    return lengths and all(isinstance(node, (*plain, *rest)) for node in ast.walk(compare))


def _means_the_same(compare: ast.Compare, report: ast.Call, place: ast.stmt, source: Source) -> bool:
    """Say whether the names of a comparison stand for the same at the report and at `place`."""
    here, there = _function_around(place, source), _function_around(report, source)
    if here is there:
        return True
    code = ast.unparse(compare)
    if not are_known(code, place, source) or not are_known(code, report, source):
        return False
    local = {name for function in (here, there) if function is not None for name in bound_in(function)}
    read = {node.id for node in ast.walk(compare) if isinstance(node, ast.Name)}
    same_class = source.enclosing(place, ast.ClassDef) is source.enclosing(report, ast.ClassDef)
    return not (read & local) - ({"self", "cls"} if same_class else set())


def _function_around(node: ast.AST, source: Source) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    return next((outer for outer in source.ancestors(node) if isinstance(outer, _FUNCTIONS)), None)
