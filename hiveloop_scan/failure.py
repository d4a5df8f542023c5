"""How the program says that it cannot do its job."""

from __future__ import annotations


class ScanError(Exception):
    """The scanner cannot do its job; `message` says what and where, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)  # both travel with it from a worker
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message
