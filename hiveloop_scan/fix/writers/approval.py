"""Write ``task.request_approval(...)`` in front of a wait for a person, ``task.approval_received(...)`` behind it."""

from __future__ import annotations

import ast

from hiveloop_scan.fix.calls import Handle, SdkCall
from hiveloop_scan.fix.edits import Edit
from hiveloop_scan.fix.names import bound_in
from hiveloop_scan.fix.place import before
from hiveloop_scan.fix.refusal import Refusal
from hiveloop_scan.fix.site import Fix, Site
from hiveloop_scan.fix.source import Source
from hiveloop_scan.fix.values import literal
from hiveloop_scan.fix.waits import asks_again, leading_wait
from hiveloop_scan.fix.wording import own_words, sentence

_ANSWER = "_hl_answer"
_BY_HAND = "write both calls by hand: the agent counts as waiting until the answer is told"
_PURE = {"lower", "upper", "strip", "lstrip", "rstrip", "casefold", "startswith", "endswith"}


def write_approval(site: Site) -> Fix:
    """Return the fix of a wait: both calls, or the request alone where it is put aside for others to decide."""
    if site.capture("waits_here") is False:
        raise Refusal("the framework waits elsewhere", "tell of it where the run is driven")
    place = site.statement()
    if site.capture("parked"):
        return site.call_before(_request(site), place)
    if isinstance(place, (ast.For, ast.AsyncFor, ast.While)):
        raise Refusal("the wait is a loop, and where it ends is not certain", _BY_HAND)
    if asks_again(place, site.source):
        raise Refusal("an answer that is not understood is asked for again", _BY_HAND)
    approved = _approved(site, place)
    if approved:
        return _joined(site, place, approved)
    return _with_the_answer_named(site, place)


def _request(site: Site) -> SdkCall:
    approver = _literal_of(site.code("approver"))
    return SdkCall(Handle.TASK, "request_approval", [_question(site)], {"approver": approver} if approver else {})


def _received(site: Site, test: str, means_yes: bool = True) -> SdkCall:
    approver = _literal_of(site.code("approver"))
    keywords = {"approved_by": approver} if approver else {}
    yes, no = ("approved", "rejected") if means_yes else ("rejected", "approved")
    keywords["decision"] = f'"{yes}" if {test} else "{no}"'
    return SdkCall(Handle.TASK, "approval_received", [_question(site)], keywords)


def _question(site: Site) -> str:
    return own_words(site.code("summary")) or sentence(site)


def _literal_of(expression: str) -> str:
    """Return a name that is spelled out, as Python source; "" for what is known at run time only."""
    try:
        value = ast.literal_eval(expression)
    except (SyntaxError, ValueError):
        return ""
    return literal(value) if isinstance(value, str) else ""


def _joined(site: Site, place: ast.stmt, approved: str) -> Fix:
    request = site.call_before(_request(site), place)
    received = site.call_behind(_received(site, approved), place)
    return Fix((*request.edits, *received.edits), request.imports | received.imports)


def _approved(site: Site, place: ast.stmt) -> str:
    """Return what is true of the answer for a yes; "" where the code behind the wait does not say."""
    approved, decision = site.code("approved_if"), site.code("decision")
    if not decision or not isinstance(place, (ast.Assign, ast.AnnAssign)):
        return ""
    targets = place.targets if isinstance(place, ast.Assign) else [place.target]
    if [ast.unparse(target) for target in targets] != [decision]:
        return ""
    if not approved:  # nothing but yes or no can be answered, and the name holds just the answer
        held = place.value.value if isinstance(place.value, ast.Await) else place.value
        return decision if site.capture("approved_if_true") and held is site.node() else ""
    return approved if _asks_only(approved, decision, site.source) else ""


def _asks_only(test: str, decision: str, source: Source) -> bool:
    """Say whether a test reads the answer and constants, and calls what only looks at a text."""
    constants = set(bound_in(source.tree))
    root = decision.partition(".")[0]
    for node in ast.walk(ast.parse(test, mode="eval")):
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Attribute) and node.func.attr in _PURE):
            return False
        if isinstance(node, ast.Name) and node.id != root and not (node.id.isupper() and node.id in constants):
            return False
        if isinstance(node, (ast.Await, ast.NamedExpr, ast.Lambda, ast.Yield, ast.Subscript)):
            return False
    return decision in test


def _with_the_answer_named(site: Site, place: ast.stmt) -> Fix:
    """Give the answer a name in front of the statement that tests it, so that it can be told before it decides."""
    meant = site.capture("approved_if_true")
    wait = leading_wait(place, site.finding.span, site.source) if meant is not None else None
    if wait is None:
        raise Refusal("it cannot be told here which answer means yes", _BY_HAND)
    source = site.source
    start, end = source.start(wait), source.end(wait)
    test = source.parents[wait]
    compared = test if isinstance(test, ast.Compare) and test.left is wait else wait
    approved = _ANSWER + source.text[end : source.end(compared)]
    if "\n" in approved or "\r" in approved or (compared is not wait and source.start(compared) != start):
        raise Refusal("the test of the answer takes several lines", _BY_HAND)
    request, imports = site.lines(_request(site), place)
    received, more = site.lines(_received(site, approved, bool(meant)), place)
    named = f"{_ANSWER} = {source.text[start:end]}"
    lines = [*request, named, *received]
    return Fix((*before(place, lines, source), Edit(start, end, _ANSWER)), imports | more)
