"""Write ``agent.report_issue(...)`` where a lasting problem is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.deciding import check_decided
from hiveloop_scan.fix.names import are_known
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.values import is_repeatable, literal, text, whole_number
from hiveloop_scan.fix.wording import plain_name, sentence
from hiveloop_scan.syntax.names import words

_SECRET = {
    "key", "keys", "token", "tokens", "secret", "secrets", "password", "passwords", "passwd", "pwd", "credential",
    "credentials", "auth", "authorization", "cookie", "cookies", "session", "apikey", "bearer", "private", "signature",
}  # fmt: skip
"""Words in the name of what nobody may see."""

_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MOST_OF_CONTEXT = 5


def write_report_issue(site: Site) -> Fix:
    """Return the fix of an issue: its id is the same each time, its count and its measures are those of the code."""
    place = site.statement()
    test = _deciding_test(place, site.source)
    gate = ""
    if place.lineno == site.finding.span.line:
        gate = _returned_test(place, site)
        if not gate:
            check_decided(place)
    keywords = {"severity": literal(site.code("severity") or "medium"), "issue_id": issue_id(site, place)}
    if category := site.code("category"):
        keywords["category"] = literal(category)
    count = site.code("occurrence_count")
    if context := ", ".join(_context(test, count, place, site)):
        keywords["context"] = f"{{{context}}}"
    if count and are_known(count, place, site.source) and (counted := _counted(count, test, place, site)):
        keywords["occurrence_count"] = counted
    return site.call_before(SdkCall(Handle.AGENT, "report_issue", [sentence(site)], keywords, gate), place)


def _returned_test(place: ast.stmt, site: Site) -> str:
    """Return the test whose answer a statement gives back; "" where it is another statement."""
    value = place.value if isinstance(place, ast.Return) else None
    count = site.code("occurrence_count")
    if not isinstance(value, ast.Compare) or not count:
        return ""
    code = ast.unparse(value)
    if ast.unparse(value.left) != count or not is_repeatable(code):
        raise Refusal("the statement has yet to decide", "make a branch of it, and the call goes into that")
    return code


def issue_id(site: Site, place: ast.stmt) -> str:
    """Return the source of the stable id; refuse where the detector found none, or where it reads what is not there."""
    identity = site.code("issue_id")
    if not identity:
        raise Refusal("nothing gives the issue a stable id", "write the call by hand, with an issue_id of your own")
    if not are_known(identity, place, site.source):
        raise Refusal(f"the id {identity} reads a name that is not known here")
    return identity


def _counted(count: str, test: ast.expr | None, place: ast.stmt, site: Site) -> str:
    """Return the count as a whole number, in the form in which the test has read it; "" where that is not certain."""
    read = {ast.unparse(node) for node in ast.walk(test)} if test is not None else set()
    if f"len({count})" in read:
        return f"len({count})"
    return whole_number(count, place, site.source) if is_repeatable(count) or count in read else ""


def _context(test: ast.expr | None, count: str, place: ast.stmt, site: Site) -> Iterator[str]:
    """Yield what the test has compared, as items of a dict: measures and limits, nothing that is secret or absent."""
    seen = {plain_name(count)}
    for compare in ast.walk(test) if test is not None else ():
        if not isinstance(compare, ast.Compare) or not _measures(compare):
            continue
        for side in (compare.left, *compare.comparators):
            expression = ast.unparse(side)
            name = plain_name(expression)
            if not isinstance(side, (ast.Name, ast.Attribute)) or name in seen or len(seen) > _MOST_OF_CONTEXT:
                continue
            seen.add(name)
            secret = _SECRET.intersection(words(name))
            if not secret and is_repeatable(expression) and are_known(expression, place, site.source):
                yield f"{literal(name)}: {text(expression)}"


def _measures(compare: ast.Compare) -> bool:
    """Say whether things are compared by size, or one with whole numbers: ``status in (401, 403)``."""
    if all(isinstance(operator, _ORDERED) for operator in compare.ops):
        return True
    compared = compare.comparators[0]
    values = compared.elts if isinstance(compared, (ast.Tuple, ast.List, ast.Set)) else [compared]
    return len(compare.ops) == 1 and all(map(_whole, values))


def _whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool)


def _deciding_test(place: ast.stmt, source: Source) -> ast.expr | None:
    """Return the test of the branch in which `place` stands; None in an else, a handler, outside of a branch."""
    outer = source.parents.get(place)
    return outer.test if isinstance(outer, ast.If) and any(item is place for item in outer.body) else None
