"""Find functions that pick waiting rows of a database to work on them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from hiveloop_scan.model import Match, Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.queues.item_uses import uses_of
from hiveloop_scan.queues.queue_captures import captures_of_place
from hiveloop_scan.queues.waiting_rows import Rows, columns_of, count_of, waiting_rows
from hiveloop_scan.visitor import detector

_TELLING = ("marks-them-as-taken", "name-says-claim", "keeps-others-from-taking-them", "takes-the-first-ones")
_AGAINST = ("only-counts", "does-something-else", "waits-for-a-person")


@detector(cst.FunctionDef)
def unreported_queue_table(node: cst.FunctionDef, module: ParsedModule, options: Options) -> Iterator[Match]:
    rows = waiting_rows(node, module, options)
    if rows is None:
        return
    others = (waiting_rows(other, module, options) for other in module.nodes(cst.FunctionDef) if other is not node)
    if any(other and other.table == rows.table and _rank(other, module) > _rank(rows, module) for other in others):
        return
    captures = captures_of_place(rows.table or "the table", "table", rows.node, module, item_fields=columns_of(rows))
    captures["depth_query"] = count_of(rows, options)
    worked_on = isinstance(rows.node, cst.Call) and uses_of(rows.node, module, options).facts & {"handled", "run"}
    yield Match(rows.node, captures, (*rows.facts, "rows-are-worked-on") if worked_on else rows.facts)


def _rank(rows: Rows, module: ParsedModule) -> tuple[int, int, int]:
    """Tell how clearly rows are picked to be worked on; of two such functions the first one in the file counts."""
    return (
        sum(fact in rows.facts for fact in _TELLING) - 3 * sum(fact in rows.facts for fact in _AGAINST),
        "marks-them-as-taken" in rows.facts,
        -module.span(rows.function).line,
    )
