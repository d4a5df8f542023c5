"""The classes of other people's libraries whose objects ask a model, and the methods that do it."""

from __future__ import annotations

import re

from hiveloop_scan.models.apis import (
    ANSWER_OF_OBJECT,
    AUTOGEN,
    CHAT,
    COUNTED,
    DICTIONARY,
    GEMINI_MODEL,
    LANGCHAIN,
    LITELLM,
    OLLAMA,
    STREAM,
    STREAM_OF_OBJECT,
    UNCOUNTED,
    XAI,
    Api,
)

Methods = dict[str, Api]

_OLLAMA: Methods = {"chat": OLLAMA, "generate": OLLAMA}
_COHERE: Methods = {"chat": UNCOUNTED, "generate": UNCOUNTED, "chat_stream": STREAM, "generate_stream": STREAM}
_ROUTER: Methods = dict.fromkeys(("completion", "acompletion", "text_completion", "atext_completion"), LITELLM)
_INSTRUCTOR: Methods = dict.fromkeys(("create", "create_with_completion"), ANSWER_OF_OBJECT) | dict.fromkeys(
    ("create_partial", "create_iterable"), STREAM
)
_GEMINI: Methods = {
    "generate_content": GEMINI_MODEL,
    "generate_content_async": GEMINI_MODEL,
    "send_message": GEMINI_MODEL,
    "send_message_async": GEMINI_MODEL,
    "send_message_stream": STREAM_OF_OBJECT,
}
_WATSONX: Methods = {
    **dict.fromkeys(("generate", "generate_text", "chat", "achat", "agenerate"), ANSWER_OF_OBJECT),
    **dict.fromkeys(("generate_text_stream", "chat_stream", "achat_stream"), STREAM_OF_OBJECT),
}
_LLAMA_CPP: Methods = {"create_chat_completion": DICTIONARY, "create_completion": DICTIONARY}

CLIENTS: tuple[tuple[re.Pattern[str], Methods], ...] = tuple(
    (re.compile(pattern), methods)
    for pattern, methods in (
        (r"ollama\.(Async)?Client", _OLLAMA),
        (r"cohere\.(Async)?Client(V2)?", _COHERE),
        (
            r"huggingface_hub\.(Async)?InferenceClient",
            {"chat_completion": CHAT, "text_generation": UNCOUNTED},
        ),
        (r"azure\.ai\.inference\.(aio\.)?ChatCompletionsClient", {"complete": CHAT}),
        (r"llama_cpp\.Llama(\.from_pretrained)?", _LLAMA_CPP),
        (r"litellm\.(router\.)?Router", {**_ROUTER, "aresponses": COUNTED, "responses": COUNTED}),
        (r"instructor\.(from_\w+|patch|apatch|(Async)?Instructor)", _INSTRUCTOR),
        (r"(google\.generativeai|vertexai\.[\w.]+)\.GenerativeModel", _GEMINI),
        (r"(.+\.)?(start_chat|chats\.create)", _GEMINI),
        (r"(.+\.)?chat\.create", {"sample": XAI, "parse": ANSWER_OF_OBJECT, "stream": STREAM_OF_OBJECT}),
        (r"ibm_watsonx_ai\.[\w.]*ModelInference", _WATSONX),
        (r"vllm\.LLM", dict.fromkeys(("generate", "chat"), ANSWER_OF_OBJECT)),
        (r"gpt4all\.GPT4All", {"generate": ANSWER_OF_OBJECT}),
        (r"llm\.get_(async_)?model", {"prompt": ANSWER_OF_OBJECT}),
    )
)
"""What makes the object (its class, or the method that hands it out) -> its methods that ask a model."""

CLIENT_METHODS = frozenset(method for _, methods in CLIENTS for method in methods)

LANGCHAIN_METHODS: Methods = {
    **dict.fromkeys(("invoke", "ainvoke", "predict_messages", "apredict_messages"), LANGCHAIN),
    **dict.fromkeys(("stream", "astream"), STREAM_OF_OBJECT),
    **dict.fromkeys(("batch", "abatch", "generate", "agenerate", "generate_prompt"), ANSWER_OF_OBJECT),
    **dict.fromkeys(("agenerate_prompt", "predict", "apredict"), ANSWER_OF_OBJECT),
}
"""Methods of LangChain's models."""

CHAIN_METHODS: Methods = {
    **dict.fromkeys(("invoke", "ainvoke", "batch", "abatch", "run", "arun", "predict", "apredict"), ANSWER_OF_OBJECT),
    **dict.fromkeys(("stream", "astream"), STREAM_OF_OBJECT),
}
"""Methods of a pipe that has a chat model in it; what comes out of the pipe counts nothing."""

_LLAMA_INDEX: Methods = {
    **dict.fromkeys(("chat", "achat", "complete", "acomplete", "predict", "apredict"), ANSWER_OF_OBJECT),
    **dict.fromkeys(("structured_predict", "astructured_predict"), ANSWER_OF_OBJECT),
    **dict.fromkeys(("chat_with_tools", "achat_with_tools"), ANSWER_OF_OBJECT),
    **dict.fromkeys(("stream_chat", "astream_chat", "stream_complete", "astream_complete"), STREAM_OF_OBJECT),
}
_NO_LANGCHAIN_MODEL = re.compile(
    r"Chat(Prompt|Message|Generation|Result|History|Session|Loader)|.*(Prompt|Embeddings?)$"
)
_LANGCHAIN_MODEL = re.compile(
    r"(Azure)?Chat[A-Z]\w*|BaseChatModel|BaseLanguageModel|BaseLLM|BaseChatOpenAI|init_chat_model|LLMChain"
)

MODELS: tuple[tuple[re.Pattern[str], Methods], ...] = tuple(
    (re.compile(pattern), methods)
    for pattern, methods in (
        (r"llama_index\.llms\.[\w.]+|llama_index\.core\.Settings\.llm", _LLAMA_INDEX),
        (
            r"autogen_(ext|core)\.models\.[\w.]*ChatCompletionClient",
            {"create": AUTOGEN, "create_stream": STREAM_OF_OBJECT},
        ),
        (r"autogen\.(oai\.)?OpenAIWrapper", {"create": AUTOGEN}),
    )
)
"""Model objects of frameworks, like CLIENTS; those of LangChain are told by `chat_model_methods`."""


def client_methods(maker: str) -> Methods | None:
    """Return the methods with which an object that `maker` made asks a model; None for anything else."""
    return next((methods for pattern, methods in CLIENTS if pattern.fullmatch(maker)), None)


def chat_model_methods(maker: str) -> Methods | None:
    """Return the methods of a framework's model object; None when `maker` does not make one."""
    for pattern, methods in MODELS:
        if pattern.fullmatch(maker):
            return methods
    return LANGCHAIN_METHODS if _is_langchain_model(maker) else None


def _is_langchain_model(maker: str) -> bool:
    root, _, _ = maker.partition(".")
    if not root.startswith("langchain"):
        return False
    parts = maker.split(".")
    if _NO_LANGCHAIN_MODEL.match(parts[-1]):
        return False
    return bool(_LANGCHAIN_MODEL.fullmatch(parts[-1])) or ("llms" in parts and parts[-1][:1].isupper())


MODEL_METHODS = frozenset([*LANGCHAIN_METHODS, *CHAIN_METHODS, *(name for _, methods in MODELS for name in methods)])
