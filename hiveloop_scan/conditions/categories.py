"""What kind of problem a condition is, told by the words around it, the surest first."""

from __future__ import annotations

from collections.abc import Iterable

from hiveloop_scan.syntax.names import mentions

_KINDS = (
    (
        "permissions",
        ("401", "403", "permission", "permissions", "auth", "authentication", "unauthorized", "forbidden",
         "authorized",
         "access_denied", "credentials", "invalid_api_key", "auth_failed", "login"),
    ),
    (
        "rate_limit",
        ("429", "quota", "throttle", "throttled", "throttling", "rate_limit", "rate_limited", "ratelimit",
         "rate_limits",
         "rate_limiting", "too_many_requests", "resource_exhausted", "cooldown", "backoff", "retry_after"),
    ),
    (
        "connectivity",
        ("connect", "connection", "connected", "disconnect", "disconnected", "timeout", "timeouts", "unreachable",
         "reachable", "ping", "health", "healthy", "unhealthy", "heartbeat", "heartbeats", "5xx", "503", "network",
         "circuit", "breaker", "api", "client", "server", "service", "http", "request",
         "requests", "endpoint", "socket",
         "websocket", "redis", "database", "db", "gateway", "mcp", "provider", "poll", "fetch", "sync", "upstream"),
    ),
    (
        "data_quality",
        ("invalid", "null", "nulls", "ratio", "stale", "duplicate", "duplicates", "schema", "quality", "drift", "parse",
         "validation", "malformed", "corrupt", "bad_rows", "records", "rows"),
    ),
)  # fmt: skip


def category_of(texts: Iterable[str]) -> str:
    """Return the first category that one of `texts` speaks of; texts come with the most telling first."""
    listed = list(texts)
    for text in listed:
        for category, spelled in _KINDS:
            if mentions(text, spelled):
                return category
    return "other"
