"""Tell the statements of SQL that hand work over: a row where people look, a status, somebody who has the work."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.handoffs.wording import names_a_duty, names_people, text_of
from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.syntax.handing import ASSIGNEE_FIELDS, STATE_FIELDS, is_called
from hiveloop_scan.syntax.names import mentions

_TABLE = re.compile(r"\binsert\s+(?:or\s+\w+\s+)?into\s+[\"'`\[]?([\w.]+)", re.IGNORECASE)
_UPDATE = re.compile(r"\bupdate\s+[\"'`\[]?[\w.]+[\"'`\]]?\s+set\s+(.*?)(?:\bwhere\b|$)", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"(\w+)\s*=\s*'([^']*)'")


def statement_facts(call: cst.Call, module: ParsedModule, options: Options) -> Iterator[str]:
    """Yield the facts by which a statement in what `call` is given hands work over."""
    for text in module.below(call.args, cst.SimpleString, cst.FormattedString, cst.ConcatenatedString):
        if isinstance(module.parent(text), cst.ConcatenatedString):
            continue
        said = text_of(text)
        table = _TABLE.search(said)
        if table and mentions(table[1], options["place_words"]):
            yield "records-a-case-for-people"
        changed = _UPDATE.search(said)
        for column, value in _COLUMN.findall(changed[1]) if changed else ():
            if mentions(value, options["settled_words"], options["waiting_words"]):
                continue
            if is_called(column, STATE_FIELDS) and (
                mentions(value, options["state_words"]) or names_people(value, options)
            ):
                yield "status-says-that-people-take-over"
            elif is_called(column, ASSIGNEE_FIELDS) and (names_people(value, options) or names_a_duty(value, options)):
                yield "work-is-assigned-to-people"
