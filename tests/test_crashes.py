"""A killed `apply` leaves whole files behind."""

import sys
from pathlib import Path

import pytest

from tests.crashes import kill_at_random


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_run_leaves_old_or_new_files_and_the_next_run_finishes(tmp_path: Path) -> None:
    assert len(kill_at_random(tmp_path, files=20, rounds=2, seed=7)) == 2
