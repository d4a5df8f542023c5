"""The public APIs through which Python code asks a language model, and where each answer counts its tokens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Api:
    """One way to ask a model; ``{answer}`` stands for the name of the answer, None for what is not certain.

    `streams` tells whether the call always streams (True), never (False) or as its arguments say (None).
    """

    tokens_in: str | None = None
    tokens_out: str | None = None
    model_keys: tuple[str, ...] = ("model",)
    model_place: int | None = None
    answer_names_model: bool = False
    streams: bool | None = None


def _streaming(api: Api) -> Api:
    return Api(None, None, api.model_keys, api.model_place, False, True)


CHAT = Api("{answer}.usage.prompt_tokens", "{answer}.usage.completion_tokens", answer_names_model=True)
COUNTED = Api("{answer}.usage.input_tokens", "{answer}.usage.output_tokens", answer_names_model=True)
"""The shape of Anthropic's messages and of OpenAI's responses."""

LITELLM = Api(CHAT.tokens_in, CHAT.tokens_out, model_place=0, answer_names_model=True)
GEMINI = Api(
    "{answer}.usage_metadata.prompt_token_count", "{answer}.usage_metadata.candidates_token_count", streams=False
)
GEMINI_MODEL = Api(GEMINI.tokens_in, GEMINI.tokens_out, model_keys=())
"""The model is named where the object is made."""

BEDROCK = Api(
    '{answer}["usage"]["inputTokens"]', '{answer}["usage"]["outputTokens"]', model_keys=("modelId",), streams=False
)
BEDROCK_BODY = Api(model_keys=("modelId",), streams=False)
OLLAMA = Api('{answer}.get("prompt_eval_count")', '{answer}.get("eval_count")', model_place=0)
DICTIONARY = Api('{answer}["usage"]["prompt_tokens"]', '{answer}["usage"]["completion_tokens"]', model_keys=())
MISTRAL = Api(CHAT.tokens_in, CHAT.tokens_out, answer_names_model=True, streams=False)
XAI = Api(CHAT.tokens_in, CHAT.tokens_out, model_keys=(), streams=False)
DASHSCOPE = Api("{answer}.usage.input_tokens", "{answer}.usage.output_tokens", model_place=0)
AUTOGEN = Api(CHAT.tokens_in, CHAT.tokens_out, model_keys=(), streams=False)
LANGCHAIN = Api(
    '({answer}.usage_metadata or {{}}).get("input_tokens")',
    '({answer}.usage_metadata or {{}}).get("output_tokens")',
    model_keys=(),
    streams=False,
)
UNCOUNTED = Api()
STREAM = Api(streams=True)
STREAM_OF_OBJECT = Api(model_keys=(), streams=True)
ANSWER_OF_OBJECT = Api(model_keys=(), streams=False)

WRAPPED = frozenset({"with_raw_response", "with_streaming_response"})
"""Attributes in a chain after which the answer is an HTTP response and counts nothing itself."""

_COMPLETIONS = {
    "create": CHAT,
    "parse": MISTRAL,
    "stream": STREAM,
    "acreate": CHAT,
    "create_with_completion": ANSWER_OF_OBJECT,
    "create_partial": STREAM,
    "create_iterable": STREAM,
}
CERTAIN_CHAINS: dict[tuple[str, str], dict[str, Api]] = {
    ("chat", "completions"): {**_COMPLETIONS, "complete": CHAT},
    ("chat", "asyncCompletions"): {"create": UNCOUNTED},
    ("aio", "models"): {"generate_content": GEMINI, "generate_content_stream": _streaming(GEMINI)},
}
"""The last attributes of a chain, as no other library writes them."""

LIKELY_CHAINS: dict[str, dict[str, Api]] = {
    "messages": {"create": COUNTED, "stream": _streaming(COUNTED), "parse": COUNTED},
    "responses": {"create": COUNTED, "stream": _streaming(COUNTED), "parse": COUNTED},
    "completions": {"create": CHAT, "acreate": CHAT},
    "models": {"generate_content": GEMINI, "generate_content_stream": _streaming(GEMINI)},
    "chat": {
        "complete": MISTRAL,
        "complete_async": MISTRAL,
        "parse": MISTRAL,
        "parse_async": MISTRAL,
        "stream": STREAM,
        "stream_async": STREAM,
        "parse_stream": STREAM,
    },
}
"""The last two attributes of a chain; other libraries have ``messages.create`` too."""

LIKELY_METHODS: dict[str, Api] = {
    "generate_content": GEMINI_MODEL,
    "generate_content_async": GEMINI_MODEL,
    "generate_content_stream": _streaming(GEMINI),
    "converse": BEDROCK,
    "converse_stream": _streaming(BEDROCK),
    "invoke_model": BEDROCK_BODY,
    "invoke_model_with_response_stream": _streaming(BEDROCK_BODY),
    "create_chat_completion": DICTIONARY,
    "acompletion": LITELLM,
    "completion": LITELLM,
    "text_completion": LITELLM,
    "responses": COUNTED,
    "aresponses": COUNTED,
    "chat": UNCOUNTED,
    "chat_stream": STREAM,
    "generate": UNCOUNTED,
    "text_generation": UNCOUNTED,
    "chat_completion": CHAT,
}
"""Methods that count only with what else speaks for a client of a provider."""

FUNCTIONS: dict[str, Api] = {
    "litellm.completion": LITELLM,
    "litellm.acompletion": LITELLM,
    "litellm.completion_with_retries": LITELLM,
    "litellm.acompletion_with_retries": LITELLM,
    "litellm.text_completion": LITELLM,
    "litellm.atext_completion": LITELLM,
    "litellm.responses": Api(COUNTED.tokens_in, COUNTED.tokens_out, answer_names_model=True),
    "litellm.aresponses": Api(COUNTED.tokens_in, COUNTED.tokens_out, answer_names_model=True),
    "litellm.anthropic.messages.acreate": UNCOUNTED,
    "ollama.chat": OLLAMA,
    "ollama.generate": OLLAMA,
    "openai.ChatCompletion.create": CHAT,
    "openai.ChatCompletion.acreate": CHAT,
    "openai.Completion.create": CHAT,
    "openai.Completion.acreate": CHAT,
    "dashscope.Generation.call": DASHSCOPE,
    "dashscope.AioGeneration.call": DASHSCOPE,
    "dashscope.MultiModalConversation.call": DASHSCOPE,
    "pydantic_ai.direct.model_request": Api(COUNTED.tokens_in, COUNTED.tokens_out, model_place=0, streams=False),
    "pydantic_ai.direct.model_request_sync": Api(COUNTED.tokens_in, COUNTED.tokens_out, model_place=0, streams=False),
    "pydantic_ai.direct.model_request_stream": Api(model_place=0, streams=True),
}
"""Functions by their full names."""
