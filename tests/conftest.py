"""Settings of the test run, and the program as its tests run it."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from hiveloop_scan.cli import main
from hiveloop_scan.identity import VARIABLE
from tests.textbook import RETRY_FILE

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each command that a test starts would compile all of our modules
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


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Start Debian's Chromium, with its console in reach."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("there is no chromium here")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--window-size=1200,900",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield started
    started.quit()
