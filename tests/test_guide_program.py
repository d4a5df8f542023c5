"""The program of the guide's last example, in words of our own: what `apply` writes tells what a person would tell.

The desk runs with the real SDK against a local server, once as `apply` leaves it and once with calls written by hand.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hiveloop  # type: ignore[import-untyped]
import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.codemod import Wish, propose
from hiveloop_scan.config import Config
from hiveloop_scan.files import discover
from hiveloop_scan.fix.calls import Style
from hiveloop_scan.fix.starting import new_module
from hiveloop_scan.model import Confidence
from hiveloop_scan.scan import Plan
from tests.sink import KEY, Sink, kind_of, open_sink
from tests.test_fixtures import FIXTURES, without_marks

METHODS = {
    "plan", "plan_step", "track_context", "retry", "escalate", "report_issue", "resolve_issue", "queue_provider",
    "llm_call",
}  # fmt: skip
PAUSE = 0.01
HELPED = """\
from contextlib import contextmanager

import hiveloop

from .helpers import open_task


def connect(key, endpoint):
    return hiveloop.init(api_key=key, endpoint=endpoint, flush_interval=0.2)


@contextmanager
def working_on(agent, number):
    with open_task(f"vendor-{number}", agent, project="purchasing", type="onboarding"):
        yield
"""
"""What stands in the place of the desk's own getters in a project for which `init` has written its module."""

KEY_FIELDS = {
    "plan_created": ("steps", "revision"),
    "plan_step": ("step_index", "action", "total_steps", "plan_revision"),
    "retry_started": ("attempt", "backoff_seconds"),
    "escalated": ("assigned_to",),
    "issue": ("action", "severity", "category", "occurrence_count"),
    "queue_snapshot": ("depth",),
    "llm_call": ("name", "model", "tokens_in", "tokens_out"),
}


class Register:
    def find(self, name: str, country: str) -> str | None:
        return None if name == "Murky" else f"{country}-{len(name)}"


class Directory:
    def __init__(self) -> None:
        self.told: list[str] = []

    def buyer_for(self, country: str) -> str:
        return f"buyer-{country}"

    def notify(self, person: str, text: str) -> None:
        self.told.append(person)

    def hand_over(self, assignee: str, text: str) -> None:
        self.told.append(assignee)


class Bureau:
    """A credit bureau that times out as often as each vendor's name says in `timeouts`."""

    def __init__(self, timeout: type[Exception], timeouts: dict[str, int]) -> None:
        self.timeout = timeout
        self.left = dict(timeouts)
        self.asked = 0

    def report_on(self, vendor: Any) -> str:
        self.asked += 1
        self.left[vendor.name] -= 1
        if self.left[vendor.name] >= 0:
            raise self.timeout
        return "good"


class Model:
    """Answers each question with its length; it stands in for the client of a provider."""

    def __init__(self) -> None:
        self.chat = SimpleNamespace(completions=self)

    def create(self, model: str, messages: list[dict[str, str]]) -> Any:
        question = messages[-1]["content"]
        message = SimpleNamespace(content=f"{len(question)} letters")
        usage = SimpleNamespace(prompt_tokens=len(question), completion_tokens=2)
        return SimpleNamespace(choices=[SimpleNamespace(message=message)], usage=usage, model=model)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink() as opened:
        yield opened


def applied_to(folder: Path, style: Style, methods: Collection[str] = METHODS) -> set[str]:
    """Have `apply` write all calls of some methods into the files of a folder; return the methods that were written."""
    rules = tuple(rule for rule in load_rules() if rule.method in methods)
    proposal = propose(discover([folder]), [], Plan(rules, Config(folder), Confidence.HIGH), Wish(style))
    for change in proposal.changes:
        change.path.write_bytes(change.after)
    return {outcome.finding.method for outcome in proposal.outcomes if outcome.is_written}


def run(folder: Path, sink: Sink, patch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Have the desk under `folder` admit four vendors; return what HiveBoard was told."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "vendor_desk"]:
        patch.delitem(sys.modules, name)
    patch.syspath_prepend(str(folder))
    modules = {name: importlib.import_module(f"vendor_desk.{name}") for name in ("desk", "toolbox", "vendors")}
    services, observability = (importlib.import_module(f"vendor_desk.{name}") for name in ("services", "observability"))
    patch.setattr(modules["desk"], "PAUSE_SECONDS", PAUSE)
    vendors = [modules["vendors"].Vendor(number, name, "NL") for number, name in enumerate(TIMEOUTS, 1)]
    bureau = Bureau(services.ServiceTimeout, TIMEOUTS)
    directory = Directory()
    toolbox = modules["toolbox"].Toolbox(Register(), bureau, directory)
    desk = modules["desk"].VendorDesk(toolbox, Model(), observability.connect(KEY, sink.endpoint))
    for vendor in vendors:
        desk.hand_in(vendor)
    desk.agent._emit_heartbeat()  # the SDK's own clock is slow: the first comes after 30 s
    cases = desk.work()
    assert [case.gaps for case in cases] == [[], [], ["fetch_credit_report"], []]
    assert directory.told == ["buyer-NL", "buyer-NL", "senior-buyers", "buyer-NL"]
    assert bureau.asked == 1 + 2 + 3 + 1
    events = [told(event) for event in sink.arrived()]
    hiveloop.reset()
    sink.events.clear()
    return events


TIMEOUTS = {"Fine": 0, "Slow": 1, "Murky": 3, "Last": 0}
"""The vendors, and how often the bureau times out for each."""


def told(event: dict[str, Any]) -> tuple[str, Any]:
    """Return the kind of an event and what matters of it: no ids of the SDK's, times or wordings."""
    kind = kind_of(event)
    payload = event.get("payload", {})
    data = {**payload, **payload.get("data", {})}
    if kind == "plan_created":
        data["steps"] = [step["description"] for step in data["steps"]]
    fields = {name: data.get(name) for name in KEY_FIELDS.get(kind, ("action_name", "exception_type"))}
    return kind, (event.get("task_id"), event["agent_id"], fields)


def without_calls(folder: Path, style: Style) -> Path:
    """Copy the desk as it is before `apply`; helpers come from the module that `init` writes."""
    desk = without_marks("vendor_desk", folder)
    if style is Style.HELPER:
        (desk / "observability.py").write_text(HELPED)
        (desk / "helpers.py").write_text(new_module(desk, "helpers").text)
    return desk


def by_hand(folder: Path) -> Path:
    """Copy the desk with the calls that a person has written."""
    copy = without_marks("vendor_desk", folder)
    shutil.copytree(FIXTURES / "vendor_desk_by_hand", copy, dirs_exist_ok=True)
    return copy


@pytest.mark.parametrize("is_helped", [False, True], ids=["getters of its own", "the module of init"])
def test_applied_calls_tell_what_calls_by_hand_tell(
    is_helped: bool, sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(tmp_path / "hand")
    expected = run(tmp_path / "hand", sink, monkeypatch)
    style = Style.HELPER if is_helped else Style.INLINE
    desk = without_calls(tmp_path / "applied", style)
    assert applied_to(desk, style) == METHODS
    assert run(tmp_path / "applied", sink, monkeypatch) == expected
    assert applied_to(desk, Style.INLINE) == set()


def test_the_story_of_the_guide_is_told(sink: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_hand(tmp_path / "hand")
    kinds = [kind for kind, _ in run(tmp_path / "hand", sink, monkeypatch)]
    assert kinds.count("plan_created") == 4
    assert kinds.count("action_failed") == 4
    assert kinds.count("retry_started") == 3
    assert {"queue_snapshot", "issue", "escalated"} <= set(kinds)


def test_the_calls_by_hand_are_known_for_what_they_are(tmp_path: Path) -> None:
    folder = by_hand(tmp_path)
    assert applied_to(folder, Style.INLINE) == set()
