"""A run on what earlier runs have kept tells the same as one that looks at everything anew."""

import multiprocessing
import random
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hiveloop_scan import cache as cache_module
from hiveloop_scan.cache import Cache, clear_cache
from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.identity import VARIABLE, cache_folder, digest_of
from hiveloop_scan.model import Confidence, Report
from hiveloop_scan.scan import Plan
from tests.textbook import RETRY, plan_for

CALLER = """
from helpers import {name}


def fetch(client):
    for attempt in range(3):
        try:
            return client.get()
        except TimeoutError:
            {name}(attempt)
"""
HELPERS = {
    "sleeps": "import time\n\n\ndef {name}(attempt):\n    time.sleep(attempt)\n",
    "tells": "import hiveloop\n\n\ndef {name}(attempt):\n    hiveloop.task.retry('again', attempt=attempt)\n",
    "notes": "def {name}(attempt):\n    print(attempt)\n",
}
NAMES = ("pause", "note")
STEPS = 300


def seen(folder: Path, plan: Plan, cache: Cache | None = None) -> Report:
    return replace(scan(discover([folder]), plan, cache=cache), seconds=0)


def edit(folder: Path, dice: random.Random) -> None:
    """Do to the folder what people do: write, change, break, rename and delete files."""
    name = dice.choice(NAMES)
    texts = [
        *(text.format(name=name) for text in HELPERS.values()),
        CALLER.format(name=name),
        RETRY,
        "def broken(:\n",
        "x = 1\n",
    ]
    file = folder / dice.choice(["helpers.py", "agent.py", "other.py"])
    if file.exists() and dice.random() < 0.2:
        file.unlink()
    elif file.exists() and dice.random() < 0.1:
        file.replace(folder / "moved.py")
    else:
        file.write_text(dice.choice(texts[:3]) if file.name == "helpers.py" else dice.choice(texts), "utf-8")


def test_a_warm_run_tells_what_a_cold_run_tells_after_any_edits(tmp_path: Path) -> None:
    dice = random.Random(6)
    folder = tmp_path / "agent"
    folder.mkdir()
    rules = tuple(rule for rule in load_rules() if rule.method == "retry")
    plans = [Plan(rules, Config(folder), grade) for grade in (Confidence.LOW, Confidence.MEDIUM)]
    plans.append(Plan(rules[:4], Config(folder)))
    cold: dict[object, Report] = {}
    found = set()
    for _ in range(STEPS):
        edit(folder, dice)
        number = dice.randrange(len(plans))
        state = (number, *((path.name, path.read_bytes()) for path in sorted(folder.iterdir())))
        warm = seen(folder, plans[number], Cache(tmp_path))
        if state not in cold:
            cold[state] = seen(folder, plans[number])
        assert warm == cold[state]
        found.add(len(warm.findings))
    assert len(cold) > STEPS / 4
    assert len(found) > 2


def test_what_has_not_changed_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "agent.py").write_text(RETRY, "utf-8")
    plan = plan_for(tmp_path)
    first = seen(tmp_path, plan, Cache(tmp_path))
    monkeypatch.setattr("hiveloop_scan.workers.scan_as_read", lambda path, plan: pytest.fail(f"looked at {path}"))
    assert seen(tmp_path, plan, Cache(tmp_path)) == first
    assert len(first.findings) == 1


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\x00 and no more", b"\x00" * 9000, None])
def test_a_damaged_file_is_a_miss_and_is_mended(tmp_path: Path, damage: bytes | None) -> None:
    (tmp_path / "agent.py").write_text(RETRY, "utf-8")
    plan = plan_for(tmp_path)
    first = seen(tmp_path, plan, Cache(tmp_path))
    [file] = tmp_path.glob("*.sqlite")
    if damage is None:
        with sqlite3.connect(file) as table:
            table.execute("update results set value = x'00' || value")
        table.close()
    else:
        file.write_bytes(damage)
    for _ in range(2):
        assert seen(tmp_path, plan, Cache(tmp_path)) == first
    assert file.read_bytes() != damage


def test_what_is_kept_can_only_make_the_nouns_of_the_model(tmp_path: Path) -> None:
    code = b"cos\nsystem\n(S'touch gone'\ntR."
    with pytest.raises(cache_module._DamagedError):
        cache_module._unpacked(digest_of(code) + code)


def test_a_folder_that_cannot_be_written_costs_the_cache_only(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(RETRY, "utf-8")
    (tmp_path / "taken").write_text("a file", "utf-8")
    assert len(seen(tmp_path, plan_for(tmp_path), Cache(tmp_path / "taken" / "cache")).findings) == 1


def seen_with(folder: Path) -> Report:
    return seen(folder, plan_for(folder), Cache(folder.parent / "cache"))


def test_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "agent"
    folder.mkdir()
    for number in range(12):
        (folder / f"file_{number}.py").write_text(f"{RETRY}# {number}\n", "utf-8")
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        reports = list(pool.map(seen_with, [folder] * 4))
    assert reports == [seen(folder, plan_for(folder))] * 4


def test_what_nobody_asks_for_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "agent.py").write_text(RETRY, "utf-8")
    plan = plan_for(tmp_path)
    seen(tmp_path, plan, Cache(tmp_path))
    [file] = tmp_path.glob("*.sqlite")
    table = sqlite3.connect(file)
    with table:
        table.execute("update results set used = used - 31")
    (tmp_path / "agent.py").write_text(RETRY + "# changed\n", "utf-8")
    seen(tmp_path, plan, Cache(tmp_path))
    assert table.execute("select count(*) from results").fetchone() == (1,)
    table.close()


def test_clearing_deletes_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "agent.py").write_text(RETRY, "utf-8")
    seen(tmp_path, plan_for(tmp_path), Cache(cache_folder()))
    assert clear_cache() == tmp_path / "results-1.sqlite"
    assert clear_cache() is None
