"""Python source in colours: lines of text in, lines of safe HTML out."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape
from pygments.lexers.python import PythonLexer
from pygments.token import Token

from hiveloop_scan.report.visible import visible

_CLASSES = (
    (Token.Comment, "c"), (Token.Literal.String, "s"), (Token.Literal.Number, "m"), (Token.Operator.Word, "ow"),
    (Token.Keyword, "k"), (Token.Name.Decorator, "d"),
)  # fmt: skip


def highlighted(lines: Sequence[str]) -> list[Markup]:
    """Return each line with its words in spans of a class for their kind; all that is special to HTML is escaped."""
    text = "\n".join(visible(line.replace("\t", "    ")) for line in lines)
    done: list[list[Markup]] = [[]]
    for kind, words in PythonLexer(stripnl=False, ensurenl=False).get_tokens(text):
        name = next((name for token, name in _CLASSES if kind[: len(token)] == token), "")
        for index, part in enumerate(words.split("\n")):
            if index:
                done.append([])
            if part:
                done[-1].append(Markup('<span class="{}">{}</span>').format(name, part) if name else escape(part))
    return [Markup("").join(parts) for parts in done[: len(lines)]]
