"""Settings of the test run, and the program as its tests run it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from hiveloop_scan.cache import VARIABLE
from hiveloop_scan.cli import main
from tests.textbook import RETRY_FILE

set_hypothesis_home_dir(Path(__file__).parent.parent / ".pytest_cache" / "hypothesis")


@dataclass(frozen=True)
class Outcome:
    """What a run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Return a function that runs the program in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run_program(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr("sys.argv", ["hiveloop-scan", *arguments])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ending:
            main()
        printed = capsysbinary.readouterr()
        return Outcome(int(ending.value.code or 0), printed.out.decode(), printed.err.decode())

    return run_program


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's cache out of the tests, and one test out of the next."""
    monkeypatch.setenv(VARIABLE, str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """Return a file with one place where a call is missing."""
    file = tmp_path / "agent.py"
    file.write_text(RETRY_FILE)
    return file
