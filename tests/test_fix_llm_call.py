"""What `apply` writes around a call of a model, and where it leaves it alone."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.fixing import applied, proposed

TURN = """\
from openai import OpenAI

client = OpenAI()


def answer(messages):
    response = client.chat.completions.create(model="gpt-5", messages=messages)
    return response.choices[0].message.content
"""
ASK = '    response = client.chat.completions.create(model="gpt-5", messages=messages)\n'
IMPORTS = """\
from time import perf_counter

from openai import OpenAI

from observability import get_current_task
"""
TOLD = """\
    _hl_task = get_current_task()
    if _hl_task:
        try:
            _hl_task.llm_call(
                "answer",
                "gpt-5",
                tokens_in=int(response.usage.prompt_tokens),
                tokens_out=int(response.usage.completion_tokens),
                duration_ms=round((perf_counter() - _hl_started) * 1000),
            )
        except Exception:
            pass
"""


def told(source: str, folder: Path) -> str:
    return applied(source, "llm_call", folder)


def with_ask(ask: str) -> str:
    return TURN.replace(ASK, ask)


def reason(source: str, folder: Path) -> str:
    proposal = proposed(source, "llm_call", folder)
    assert not proposal.changed
    (outcome,) = proposal.outcomes
    return outcome.reason


def test_a_clock_starts_before_the_call_and_the_event_follows_it(tmp_path: Path) -> None:
    expected = TURN.replace("from openai import OpenAI\n", IMPORTS)
    assert told(TURN, tmp_path) == expected.replace(ASK, f"    _hl_started = perf_counter()\n{ASK}{TOLD}")


def test_the_model_is_read_and_not_worked_out_again(tmp_path: Path) -> None:
    after = told(TURN.replace('"gpt-5"', "pick_model(messages)"), tmp_path)
    assert "str(response.model)[:200]" in after
    assert after.count("pick_model(") == 1


def test_the_clock_is_the_one_that_the_file_imports(tmp_path: Path) -> None:
    after = told("import time\n" + TURN, tmp_path)
    assert "_hl_started = time.perf_counter()" in after
    assert "from time import" not in after


def test_a_call_that_is_awaited_is_told_when_the_answer_is_there(tmp_path: Path) -> None:
    source = TURN.replace("OpenAI", "AsyncOpenAI").replace("def answer", "async def answer")
    source = source.replace("= client.chat", "= await client.chat")
    assert f"messages=messages)\n{TOLD}" in told(source, tmp_path)


def test_an_answer_that_may_not_count_its_tokens_is_told_all_the_same(tmp_path: Path) -> None:
    source = """\
from google import genai

client = genai.Client()


def answer(contents):
    response = client.models.generate_content(model="gemini-pro", contents=contents)
    return response.text
"""
    assert "tokens_in=int(response.usage_metadata.prompt_token_count or 0)" in told(source, tmp_path)


WHERE = {
    "several lines and a comment behind": ASK.replace(
        "messages=messages)", "\n        messages=messages,\n    )  # ask"
    ),
    "a comment above": f"    # ask\n{ASK}",
    "a handler": f"    try:\n    {ASK}    except TimeoutError:\n        raise\n",
    "a branch of its own": f"    if not messages:\n        return None\n    elif messages:\n    {ASK}",
    "a case": f"    match messages:\n        case [*_]:\n        {ASK}",
}


@pytest.mark.parametrize("ask", WHERE.values(), ids=WHERE)
def test_all_other_lines_stay_as_they_are(ask: str, tmp_path: Path) -> None:
    before = [line for line in with_ask(ask).splitlines() if line]
    after = [line for line in told(with_ask(ask), tmp_path).splitlines() if line]
    assert [line for line in after if line in before] == before
    assert len(after) == len(before) + TOLD.count("\n") + 3


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("    ", "\t")], ids=["line ends", "tabs"])
def test_the_ways_of_the_file_are_kept(change: tuple[str, str], tmp_path: Path) -> None:
    assert told(TURN.replace(*change), tmp_path) == told(TURN, tmp_path).replace(*change)


REFUSED = {
    "the answer comes in pieces": ASK.replace(")", ", stream=True)"),
    "it cannot be told whether the answer comes in pieces": ASK.replace(")", ", stream=live)"),
    "the answer is returned as it comes": ASK.replace("response =", "return"),
    "the statement shares its line with other code": f"    if messages: {ASK.strip()}\n",
    "the statement shares its last line with other code": f"{ASK.rstrip()}; print(response)\n",
}


@pytest.mark.parametrize(("why", "ask"), REFUSED.items(), ids=REFUSED)
def test_what_is_not_certain_is_refused(why: str, ask: str, tmp_path: Path) -> None:
    assert reason(with_ask(ask), tmp_path) == why


class Task:
    """A stand-in for the SDK's task that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def llm_call(self, name: str, model: str, **facts: Any) -> None:
        self.told.append((name, model, facts["tokens_in"], type(facts["duration_ms"])))


@pytest.mark.parametrize("usage", [SimpleNamespace(prompt_tokens=7, completion_tokens=2), None], ids=["counted", "not"])
def test_an_answer_without_its_numbers_costs_the_event_and_nothing_else(
    usage: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task()
    observability, openai = ModuleType("observability"), ModuleType("openai")
    observability.get_current_task = lambda: task  # type: ignore[attr-defined]
    message = SimpleNamespace(message=SimpleNamespace(content="yes"))
    reply = SimpleNamespace(usage=usage, choices=[message])
    create = SimpleNamespace(create=lambda **_: reply)
    openai.OpenAI = lambda: SimpleNamespace(chat=SimpleNamespace(completions=create))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "observability", observability)
    monkeypatch.setitem(sys.modules, "openai", openai)
    names: dict[str, Any] = {}
    exec(told(TURN, tmp_path), names)
    assert names["answer"]([]) == "yes"
    assert task.told == ([("answer", "gpt-5", 7, int)] if usage else [])
