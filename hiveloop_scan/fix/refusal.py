"""Why a call is not written: the way out of every step that is unsure."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - not an error: the safe way out
    """No call is written here; `reason` says why, `hint` what the user can do."""

    def __init__(self, reason: str, hint: str = "do it by hand") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
