"""Calls so common that repeating one means nothing: conversions, containers, clocks, log lines."""

from __future__ import annotations

EVERYDAY_CALLS = frozenset(
    {
        "str", "int", "float", "bool", "len", "repr", "type", "isinstance", "hasattr", "getattr", "setattr", "min",
        "max", "sum", "range", "enumerate", "zip", "list", "dict", "set", "tuple", "sorted", "print", "format",
        "join", "append", "extend", "strip", "lower", "upper", "split", "startswith", "endswith", "items", "keys",
        "values", "update", "pop", "time", "monotonic", "perf_counter", "now", "utcnow", "uuid4", "dumps", "super",
        "cast", "any", "all", "copy", "deepcopy", "replace", "is_set", "issubclass", "callable", "id", "abs",
        "round", "add", "total_seconds", "encode", "decode", "next", "iter", "rstrip", "lstrip", "Field", "field",
        "Exception", "ValueError", "RuntimeError", "map", "filter", "reversed", "insert", "setdefault", "count",
        "timeout", "loads", "raise_for_status", "json", "model_validate", "model_validate_json", "model_dump",
        "parse_obj", "debug", "info", "warning", "warn", "error", "exception", "critical", "partial", "suppress",
    }
)  # fmt: skip
