"""What a finding captures for `task.llm_call(...)`: the model, the tokens, the answer, the place."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import scan
from hiveloop_scan.files import discover
from hiveloop_scan.model import Finding
from hiveloop_scan.scan import Plan
from tests.textbook import scanned

CASES = {
    "a chat completion counts prompt and completion": (
        """
        def think(self, messages):
            response = self.client.chat.completions.create(
                model=self.model,
                messages=messages,
            )
            return response
        """,
        {
            "operation": "self.client.chat.completions.create",
            "model": "self.model",
            "tokens_in": "response.usage.prompt_tokens",
            "tokens_out": "response.usage.completion_tokens",
            "response": "response",
            "streaming": False,
            "awaited": False,
            "call_name": "think",
            "insert_line": 3,
            "insert_after_line": 6,
        },
    ),
    "a message of Anthropic counts input and output": (
        """
        async def _classify(client, text):
            reply = await client.messages.create(model="claude-small", max_tokens=9, messages=[ask(text)])
            return reply.content
        """,
        {
            "model": '"claude-small"',
            "tokens_in": "reply.usage.input_tokens",
            "tokens_out": "reply.usage.output_tokens",
            "awaited": True,
            "call_name": "classify",
        },
    ),
    "an answer that is returned at once has no name and no line behind it": (
        """
        def think(client, messages):
            return client.chat.completions.create(model="m", messages=messages).choices[0].message
        """,
        {"model": '"m"', "tokens_in": None, "response": None, "streaming": False, "insert_after_line": None},
    ),
    "a stream has no tokens yet": (
        """
        def think(client, messages):
            stream = client.chat.completions.create(model="m", messages=messages, stream=True)
            for chunk in stream:
                show(chunk)
        """,
        {"tokens_in": None, "tokens_out": None, "response": "stream", "streaming": True, "insert_after_line": None},
    ),
    "a stream that is entered is one whatever its arguments are": (
        """
        async def think(client, options):
            async with client.messages.stream(model="claude", messages=[], **options) as stream:
                return await stream.get_final_message()
        """,
        {"response": "stream", "streaming": True, "awaited": True, "tokens_in": None},
    ),
    "a switch may make it a stream": (
        """
        def think(client, messages, live):
            answer = client.chat.completions.create(model="m", messages=messages, stream=live)
            return answer
        """,
        {"response": "answer", "streaming": None, "tokens_in": None, "insert_after_line": None},
    ),
    "arguments that cannot be seen settle nothing": (
        """
        def think(client, options):
            answer = client.chat.completions.create(**options)
            return answer
        """,
        {"model": None, "streaming": None, "tokens_in": None},
    ),
    "what is read off the answer tells that it is whole": (
        """
        def think(client, options):
            answer = client.chat.completions.create(**options)
            return answer.choices[0]
        """,
        {"model": "answer.model", "streaming": False, "tokens_in": "answer.usage.prompt_tokens"},
    ),
    "a dictionary is read where it is": (
        """
        def think(client, messages):
            params = {"model": pick(), "messages": messages}
            answer = client.chat.completions.create(**params)
            return answer
        """,
        {"model": 'params["model"]', "streaming": False, "tokens_out": "answer.usage.completion_tokens"},
    ),
    "a model that must not be picked twice is taken from the answer": (
        """
        def think(self, messages):
            answer = self.client.chat.completions.create(model=self.pick(), messages=messages)
            return answer
        """,
        {"model": "answer.model"},
    ),
    "an answer that is made an object of a class counts nothing": (
        """
        def think(client, messages):
            route = client.chat.completions.create(model="m", messages=messages, response_model=Route)
            return route
        """,
        {"model": '"m"', "response": "route", "tokens_in": None, "tokens_out": None},
    ),
    "a raw answer counts nothing": (
        """
        def think(client, messages):
            raw = client.chat.completions.with_raw_response.create(model="m", messages=messages)
            return raw.parse()
        """,
        {"model": '"m"', "tokens_in": None, "tokens_out": None},
    ),
    "calls that only wait hand the answer on": (
        """
        async def think(client, messages):
            answer = await asyncio.wait_for(client.chat.completions.create(model="m", messages=messages), 30)
            return answer
        """,
        {"response": "answer", "awaited": True, "tokens_in": "answer.usage.prompt_tokens"},
    ),
    "another thread hands the answer on": (
        """
        async def think(client, messages):
            answer = await asyncio.to_thread(client.chat.completions.create, model="m", messages=messages)
            return answer
        """,
        {"operation": "client.chat.completions.create", "model": '"m"', "response": "answer", "awaited": True},
    ),
    "Bedrock answers with a dictionary": (
        """
        def think(runtime, messages):
            client = boto3.client("bedrock-runtime")
            answer = client.converse(modelId="titan", messages=messages)
            return answer
        """,
        {
            "model": '"titan"',
            "tokens_in": 'answer["usage"]["inputTokens"]',
            "tokens_out": 'answer["usage"]["outputTokens"]',
        },
    ),
    "Gemini names its model first": (
        """
        import google.generativeai as genai

        def think(text):
            answer = genai.GenerativeModel("gemini-flash").generate_content(text)
            return answer.text
        """,
        {
            "model": '"gemini-flash"',
            "tokens_in": "answer.usage_metadata.prompt_token_count",
            "tokens_out": "answer.usage_metadata.candidates_token_count",
        },
    ),
    "a plain request counts nothing that is certain": (
        """
        def think(key, messages):
            reply = requests.post(URL + "/v1/chat/completions", json={"model": "m", "messages": messages})
            return reply.json()
        """,
        {"operation": "requests.post", "model": None, "tokens_in": None, "response": "reply", "streaming": None},
    ),
    "a chat model of LangChain may have counted": (
        """
        from langchain_openai import ChatOpenAI

        def think(messages):
            answer = ChatOpenAI(model="small").invoke(messages)
            return answer
        """,
        {
            "model": '"small"',
            "tokens_in": '(answer.usage_metadata or {}).get("input_tokens")',
            "tokens_out": '(answer.usage_metadata or {}).get("output_tokens")',
            "streaming": False,
        },
    ),
    "a parser behind the model leaves nothing to count": (
        """
        from langchain_openai import ChatOpenAI

        async def think(prompt, text):
            answer = await (prompt | ChatOpenAI(model="small") | parser).ainvoke({"text": text})
            return answer
        """,
        {"tokens_in": None, "tokens_out": None, "response": "answer", "awaited": True},
    ),
}


def model_calls(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.method == "llm_call"]


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_a_model_call_captures(source: str, expected: dict[str, object]) -> None:
    (finding,) = model_calls(scanned(dedent(source)).findings)
    assert {name: finding.captures[name] for name in expected} == expected


def found_in(root: Path, files: dict[str, str], rules: dict[str, dict[str, list[str]]] | None = None) -> list[str]:
    """Scan a small project; return the file and line of each model call that is reported."""
    for name, source in files.items():
        (root / name).write_text(dedent(source), "utf-8")
    report = scan(discover([root]), Plan(tuple(load_rules((), rules)), Config(root)))
    return [f"{Path(finding.path).name}:{finding.span.line}" for finding in model_calls(report.findings)]


GATEWAY = """\
class Gateway:
    def __init__(self, client):
        self.client = client

    def invoke(self, messages):
        return self.client.chat.completions.create(model="m", messages=messages)
"""
AGENT = """\
from langchain_core.messages import HumanMessage
from {module} import {name}


class Agent:
    def __init__(self):
        self.llm = {value}

    def turn(self, text):
        return self.llm.invoke([HumanMessage(text)])
"""


def test_a_wrapper_of_another_file_is_reported_where_it_asks_and_not_where_it_is_called(tmp_path: Path) -> None:
    agent = AGENT.format(module="gateway", name="Gateway", value="Gateway(client)")
    assert found_in(tmp_path, {"agent.py": agent, "gateway.py": GATEWAY}) == ["gateway.py:6"]


def test_a_module_that_asks_is_not_asked_through_again(tmp_path: Path) -> None:
    gateway = 'def invoke(messages):\n    return client.chat.completions.create(model="m", messages=messages)\n'
    agent = """\
    from langchain_core.messages import HumanMessage
    import llm

    def turn(text):
        return llm.invoke([HumanMessage(text)])
    """
    assert found_in(tmp_path, {"agent.py": agent, "llm.py": gateway}) == ["llm.py:2"]


def test_a_model_of_an_unknown_maker_is_reported_where_it_is_asked(tmp_path: Path) -> None:
    agent = AGENT.format(module="elsewhere", name="get_llm", value="get_llm()")
    assert found_in(tmp_path, {"agent.py": agent}) == ["agent.py:10"]


OWN = """\
def turn(gateway, text):
    return gateway.ask_large_model(text)
"""


def test_a_function_of_the_user_counts_when_it_is_named(tmp_path: Path) -> None:
    assert found_in(tmp_path, {"agent.py": OWN}) == []
    named = {"unreported-llm-call": {"model_calls": ["ask_large_model"]}}
    assert found_in(tmp_path, {"agent.py": OWN}, named) == ["agent.py:2"]


PICKED = """\
from app.models import pick


def turn(text):
    answer = pick("large").invoke(text)
    return answer
"""


def test_what_the_user_names_hands_out_models(tmp_path: Path) -> None:
    assert found_in(tmp_path, {"agent.py": PICKED}) == []
    named = {"unreported-chat-model-call": {"chat_model_makers": ["pick"]}}
    assert found_in(tmp_path, {"agent.py": PICKED}, named) == ["agent.py:5"]
