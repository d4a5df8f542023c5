"""A glance tells code bases that use the SDK from those that do not; words that only look like it are none."""

import pytest

from hiveloop_scan.usage import is_spoken_in


@pytest.mark.parametrize(
    "source",
    [
        b"import hiveloop",
        b"class HiveLoopClient: ...",
        b"HIVELOOP_KEY = 1",
        b"hive_loop.init()",
        b"task.llm_call(name)",
        b"task.retry('again')",
        b"agent = make(queue_provider=depth)",
    ],
)
def test_what_speaks_of_the_sdk_is_seen(source: bytes) -> None:
    assert is_spoken_in(source)


@pytest.mark.parametrize(
    "source", [b"async def receive_loop(self): ...", b"self.retry(exc=error)", b"task.retry(count)"]
)
def test_other_code_does_not_speak_of_it(source: bytes) -> None:
    assert not is_spoken_in(source)


def test_a_function_that_the_settings_name_counts() -> None:
    assert is_spoken_in(b"note_retry(1)", ["obs.note_retry"])
