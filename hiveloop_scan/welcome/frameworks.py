"""Agent frameworks, by the modules that they are imported from, and what makes an agent there."""

from __future__ import annotations

import re
from collections.abc import Collection

from hiveloop_scan.syntax.names import words

FRAMEWORKS = {
    "agent_framework": "Agent Framework",
    "agents": "OpenAI Agents SDK",
    "agno": "Agno",
    "autogen": "AutoGen",
    "autogen_agentchat": "AutoGen",
    "autogen_core": "AutoGen",
    "camel": "CAMEL",
    "claude_agent_sdk": "Claude Agent SDK",
    "crewai": "CrewAI",
    "dspy": "DSPy",
    "google.adk": "Google ADK",
    "haystack": "Haystack",
    "langchain": "LangChain",
    "langchain_classic": "LangChain",
    "langchain_core": "LangChain",
    "langgraph": "LangGraph",
    "langgraph_supervisor": "LangGraph",
    "langgraph_swarm": "LangGraph",
    "letta": "Letta",
    "livekit.agents": "LiveKit Agents",
    "llama_index": "LlamaIndex",
    "pydantic_ai": "Pydantic AI",
    "semantic_kernel": "Semantic Kernel",
    "smolagents": "smolagents",
    "strands": "Strands Agents",
}
_MAKERS = frozenset({"StateGraph", "ClaudeSDKClient", "create_supervisor", "create_swarm", "AgentWorkflow"})
"""What makes an agent without being called one."""

_IMPORTED = re.compile(
    rb"^[ \t]*(?:from|import)[ \t]+(" + b"|".join(root.encode().replace(b".", rb"\.") for root in FRAMEWORKS) + rb")\b",
    re.MULTILINE,
)


def frameworks_imported(source: bytes) -> set[str]:
    """Return the modules of frameworks that a source imports, by a look at its lines."""
    return {found.decode() for found in _IMPORTED.findall(source)}


def framework_of(reference: str, own: Collection[str]) -> str:
    """Return the name of the framework that a reference leads to; "" for none, and for the project's `own` modules."""
    parts = reference.split(".")
    if not parts[0] or parts[0] in own:
        return ""
    return FRAMEWORKS.get(parts[0]) or FRAMEWORKS.get(".".join(parts[:2]), "")


def makes_an_agent(reference: str) -> bool:
    """Say whether calling what a reference of a framework names makes an agent: ``crewai.Agent``."""
    name = reference.rpartition(".")[2]
    return name in _MAKERS or words(name)[-1:] == ("agent",)
