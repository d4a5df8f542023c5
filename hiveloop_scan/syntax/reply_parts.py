"""Functions that ask a language model and answer with a list of what it said, off the standard parser's tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.spots import Spots

HINTS = re.compile(rb"(?i)llm|chat|complet|prompt|gpt|generate|invoke|_lm\b|model\b")
"""What the text of such a function holds."""

PARTS: Spots = {
    b"->": re.compile(rb"->\s*[\"']?(?:typing\.)?(?:list|List|Sequence|Iterable)\b"),
    b"loads": re.compile(rb"\bloads\b"),
    b"split": re.compile(rb"\bsplit\b|splitlines"),
    b"findall": re.compile(rb"findall"),
    b"parse": re.compile(rb"\bparse"),
}
"""What the text of one that answers with a list holds, or of one that takes a text apart."""

_MODELS = (
    "llm",
    "model",
    "chat",
    "completions",
    "gpt",
    "openai",
    "anthropic",
    "claude",
    "gemini",
    "litellm",
    "lm",
    "agent",
    "chain",
)
_ASKING = (
    "invoke",
    "ainvoke",
    "generate",
    "agenerate",
    "complete",
    "acomplete",
    "completion",
    "acompletion",
    "create",
    "chat",
    "achat",
    "predict",
    "apredict",
    "call",
    "ask",
    "aask",
    "query",
    "prompt",
    "run",
    "arun",
    "send",
    "structured_predict",
)
_GIVEN = {"messages", "prompt", "response_model", "response_format", "system_prompt", "user_prompt"}
_NO_ITEMS = ("float", "Document", "Message", "BaseMessage", "ToolCall", "Node", "Tool")
_NO_TEXT = (
    "embed",
    "embedding",
    "embeddings",
    "audio",
    "image",
    "images",
    "tool",
    "tools",
    "messages",
    "models",
    "logits",
)
_PARSED = {"loads", "split", "splitlines", "findall", "safe_load", "parse_list", "parse_json", "extract_json"}


def replies_in_parts(function: ast.FunctionDef | ast.AsyncFunctionDef, nodes: Iterable[ast.AST]) -> bool:
    """Say whether a function asks a model and answers with a list; `nodes` is what runs with it."""
    if mentions(function.name, ("embed", "embedding", "embeddings", "tools", "messages", "models")):
        return False
    own = list(nodes)
    if not any(isinstance(node, ast.Call) and _asks(node) for node in own):
        return False
    if function.returns is not None:
        return _is_a_list(function.returns)
    kept = {name for node in own for name in _kept_parts(node)}
    return any(isinstance(node, ast.Return) and _is_parts(node.value, kept) for node in own)


def _asks(call: ast.Call) -> bool:
    names = _names(call.func)
    if not names or names[-1][:1].isupper():
        return False
    method, owner = names[-1], " ".join(names[:-1])
    if mentions(f"{owner} {method}", _NO_TEXT):
        return False
    if words(method)[-1:] and words(method)[-1] in ("llm", "gpt", "lm", "model") and len(words(method)) > 1:
        return words(method)[0] not in ("get", "load", "create", "make", "build", "set", "init")
    if mentions(method, ("gpt_call", "llm_call", "chat_completion")):
        return True
    if not mentions(method, _ASKING):
        return False
    return mentions(owner, _MODELS) or bool(_GIVEN & {word.arg for word in call.keywords})


def _names(func: ast.expr) -> list[str]:
    found: list[str] = []
    while isinstance(func, (ast.Attribute, ast.Call, ast.Subscript)):
        if isinstance(func, ast.Attribute):
            found.append(func.attr)
        func = func.func if isinstance(func, ast.Call) else func.value
    if isinstance(func, ast.Name):
        found.append(func.id)
    return found[::-1]


def _is_a_list(annotation: ast.expr) -> bool:
    text = ast.unparse(annotation).replace("typing.", "").strip("\"'")
    kind, _, items = text.partition("[")
    return kind in ("list", "List", "Sequence", "Iterable") and items.rstrip("]").strip("\"'") not in _NO_ITEMS


def _kept_parts(node: ast.AST) -> list[str]:
    """Return the name that a statement binds to a list, or to what was parsed."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _is_parts(node.value, set()):
        return [node.targets[0].id]
    return []


def _is_parts(value: ast.expr | None, kept: set[str]) -> bool:
    if isinstance(value, ast.Name):
        return value.id in kept
    if isinstance(value, ast.Subscript):
        return isinstance(value.slice, (ast.Slice, ast.Constant)) and _is_parts(value.value, kept)
    if isinstance(value, ast.Call):
        name = _names(value.func)[-1:]
        if name in (["get"], ["list"]):
            return isinstance(value.func, ast.Attribute) and _is_parts(value.func.value, kept)
        return bool(name) and name[0] in _PARSED
    return isinstance(value, ast.ListComp)
