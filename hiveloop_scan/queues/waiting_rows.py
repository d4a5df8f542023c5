"""Rows of a database that wait to be worked on: the functions that pick them, and what they do with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.waiting_queries import is_one_of, is_state, model_of, waiting_query
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, last_name, statements

_FLAGS = re.IGNORECASE | re.DOTALL
_SELECT = re.compile(r"\bselect\b.*?\bfrom\s+[\"`\[]?([\w.]+)", _FLAGS)
_UPDATE = re.compile(r"\bupdate\s+[\"`\[]?([\w.]+)[\"`\]]?\s+set\b(.*?)(?:\bwhere\b|$)", _FLAGS)
_DELETE = re.compile(r"\bdelete\s+from\s+[\"`\[]?([\w.]+)", _FLAGS)
_WHERE = re.compile(r"\bwhere\b(.*)", _FLAGS)
_COUNT = re.compile(r"\bcount\s*\(", re.IGNORECASE)
_STATE = re.compile(r"(\w*(?:status|state))[\"`\]]?\s*(?:=|in|is)\s*\(?\s*(?:'([^']*)'|[?%:$@{])", re.IGNORECASE)
_FIRST = re.compile(r"\blimit\b|\btop\s*\(?\s*1\b|\border\s+by\b|\bmin\s*\(", re.IGNORECASE)
_LOCK = re.compile(
    r"skip\s+locked|for\s+update|begin\s+immediate|begin\s+exclusive|\b(?:lease|locked|claimed)_\w+", re.IGNORECASE
)
_TEXTS = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
_EXECUTES = (
    "execute", "fetchone", "fetchall", "fetchrow", "fetch", "fetchval", "fetch_one", "fetch_all", "fetch_val",
    "scalar", "scalars", "exec", "execute_sql", "query", "raw", "read_sql", "exec_driver_sql", "executemany", "sql",
)  # fmt: skip

Text = cst.SimpleString | cst.FormattedString | cst.ConcatenatedString


@dataclass(frozen=True)
class Rows:
    """Rows that wait, and the function that picks them: the place where it asks, the table, the facts about it."""

    node: cst.CSTNode
    function: cst.FunctionDef
    table: str
    facts: tuple[str, ...]
    statement: str = ""


def waiting_rows(function: cst.FunctionDef, module: ParsedModule, options: Options) -> Rows | None:
    """Return the waiting rows that a function picks to work on; None when it picks none."""
    body = statements(function.body)
    texts = [text for text in _texts(body, module) if _is_a_statement(code(text))]
    waiting = bool(texts) and _names_a_state(body, options["waiting_words"], module)
    asked = [text for text in texts if _asks_for_waiting(text, waiting, options)]
    if asked:
        best = next((text for text in asked if _UPDATE.search(_plain(text))), asked[0])
        found = _SELECT.search(_plain(best)) or _UPDATE.search(_plain(best)) or _DELETE.search(_plain(best))
        table = found.group(1) if found else ""
        first = next((text for text in asked if _SELECT.search(_plain(text))), best)
        facts = tuple(_facts(function, " ".join(_plain(text) for text in asked), table, module, options))
        return Rows(_asking(first, module), function, table, facts, _plain(first))
    query = waiting_query(body, module, options)
    if query is None:
        return None
    table = model_of(query, module)
    return Rows(query, function, table, tuple(_facts(function, code(query), table, module, options)))


def _is_a_statement(text: str) -> bool:
    return _WHERE.search(text) is not None or _UPDATE.search(text) is not None


def columns_of(rows: Rows) -> str | None:
    """Return the columns that a plain SELECT names; None for a star, an expression, or any other statement."""
    found = re.match(r"\s*select\s+(.*?)\s+from\b", rows.statement, _FLAGS)
    columns = [column.strip() for column in found.group(1).split(",")] if found else []
    return ", ".join(columns) if columns and all(column.isidentifier() for column in columns) else None


def count_of(rows: Rows, options: Options) -> str | None:
    """Return the statement that counts the rows that wait, when their state is written in the one that picks them."""
    condition = _WHERE.search(rows.statement)
    for column, literal in _STATE.findall(condition.group(1)) if condition else ():
        if literal.lower() in options["waiting_words"] and rows.table:
            return f"SELECT COUNT(*) FROM {rows.table} WHERE {column} = '{literal}'"
    return None


def _texts(body: Sequence[cst.CSTNode], module: ParsedModule) -> Iterator[Text]:
    """Yield the whole texts of a block: the parts of a joined one are none of their own."""
    for text in module.below(body, *_TEXTS):
        if not isinstance(module.parent(text), cst.ConcatenatedString):
            yield text


def _plain(text: Text) -> str:
    """Return what a text says, quotes and places of values included."""
    if isinstance(text, cst.ConcatenatedString):
        return f"{_plain_part(text.left)}{_plain_part(text.right)}"
    return _plain_part(text)


def _plain_part(text: cst.BaseExpression) -> str:
    if isinstance(text, cst.SimpleString):
        return text.raw_value
    if isinstance(text, cst.FormattedString):
        return "".join(part.value if isinstance(part, cst.FormattedStringText) else "{}" for part in text.parts)
    if isinstance(text, cst.ConcatenatedString):
        return _plain(text)
    return ""


def _asks_for_waiting(text: Text, waiting: bool, options: Options) -> bool:
    """Say whether a statement asks for rows in a state of waiting, named in it or passed to it."""
    said = _plain(text)
    condition = _WHERE.search(said)
    if condition is None or not (_SELECT.search(said) or _UPDATE.search(said) or _DELETE.search(said)):
        return False
    for _, literal in _STATE.findall(condition.group(1)):
        if literal:
            if literal.lower() in options["waiting_words"]:
                return True
        elif waiting:
            return True
    return False


def _names_a_state(body: Sequence[cst.CSTNode], states: frozenset[str], module: ParsedModule) -> bool:
    """Say whether a block names one of `states` as a value: ``Status.QUEUED``, ``"queued"``."""
    for attribute in module.below(body, cst.Attribute):
        if attribute.attr.value.isupper() and attribute.attr.value.lower() in states:
            return True
    for name in module.below(body, cst.Name):
        if name.value.isupper() and words(name.value)[-1:] and words(name.value)[-1] in states:
            return True
    return any(text.raw_value.lower() in states for text in module.below(body, cst.SimpleString))


def _facts(function: cst.FunctionDef, asked: str, table: str, module: ParsedModule, options: Options) -> Iterator[str]:
    body = statements(function.body)
    said = " ".join(_plain(text) for text in _texts(body, module))
    yield "asks-for-waiting-rows"
    if _marks_as_taken(body, said, module, options):
        yield "marks-them-as-taken"
    text = module.text(function)
    if _LOCK.search(said) or "skip_locked" in text or "with_for_update" in text or "select_for_update" in text:
        yield "keeps-others-from-taking-them"
    if _FIRST.search(asked) or any(
        last_name(call.func) in ("first", "limit", "order_by", "find_one_and_update", "next", "sort", "one_or_none")
        for call in module.below(body, cst.Call)
    ):
        yield "takes-the-first-ones"
    if re.search(r"\blimit\s+1\b", asked, re.IGNORECASE) or any(
        last_name(call.func) in ("fetchone", "first", "one_or_none", "find_one_and_update", "fetchrow", "fetch_one")
        for call in module.below(body, cst.Call)
    ):
        yield "takes-one"
    if mentions(function.name.value, options["claim_words"]):
        yield "name-says-claim"
    owner = module.enclosing(function, cst.ClassDef)
    around = f"{table} {function.name.value} {owner.name.value if isinstance(owner, cst.ClassDef) else ''}"
    if mentions(around, options["work_words"]):
        yield "rows-are-work"
    else:
        yield "rows-may-be-anything"
    if mentions(around, options["person_words"]):
        yield "waits-for-a-person"
    if _COUNT.search(asked):
        yield "only-counts"
    if mentions(function.name.value, options["other_words"]):
        yield "does-something-else"


def _marks_as_taken(body: Sequence[cst.CSTNode], said: str, module: ParsedModule, options: Options) -> bool:
    """Say whether rows are given a state of being worked on, in a statement, an assignment or a keyword."""
    taken = options["taken_words"]
    for _, changes in _UPDATE.findall(said):
        for _, literal in _STATE.findall(changes):
            if literal.lower() in taken or (not literal and _names_a_state(body, taken, module)):
                return True
    for assign in module.below(body, cst.Assign):
        if is_state(last_name(assign.targets[0].target)) and is_one_of(assign.value, taken):
            return True
    for arg in module.below(body, cst.Arg):
        if arg.keyword and is_state(arg.keyword.value) and is_one_of(arg.value, taken):
            return True
    return any(
        isinstance(entry.key, cst.SimpleString) and is_state(entry.key.raw_value) and is_one_of(entry.value, taken)
        for entry in module.below(body, cst.DictElement)
    )


def _asking(text: Text, module: ParsedModule) -> cst.CSTNode:
    """Return the call that a statement of SQL is passed to, at once or under the name it is given."""
    named = None
    for outer in module.ancestors(text):
        if isinstance(outer, cst.Call) and last_name(outer.func) in _EXECUTES:
            return outer
        if isinstance(outer, cst.Assign):
            named = outer
            break
        if isinstance(outer, (cst.BaseSmallStatement, cst.FunctionDef)):
            break
    function = module.function_of(text)
    if named is not None and function is not None:
        name = dotted(named.targets[0].target)
        for call in module.below(statements(function.body), cst.Call):
            if last_name(call.func) in _EXECUTES and call.args and name in module.names_in(call.args[0]):
                return call
    return named or text
