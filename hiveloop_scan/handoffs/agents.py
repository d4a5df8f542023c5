"""Tell where a conversation is handed from one agent to another while it runs."""

from __future__ import annotations

import libcst as cst

from hiveloop_scan.model import Options
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import derives_from, parameters
from hiveloop_scan.syntax.names import mentions, words
from hiveloop_scan.syntax.tree import code, dotted, is_name, last_name

_NOT_YET = ("init", "setup", "reset", "start", "create", "build", "load", "from", "clone", "copy", "post")


def speaks_of_a_handoff(node: cst.CSTNode, module: ParsedModule, options: Options) -> bool:
    """Say whether the functions around a place, or the branches in them, are about a handoff."""
    for outer in module.ancestors(node):
        if isinstance(outer, cst.FunctionDef) and mentions(outer.name.value, options["handoff_words"]):
            return True
        if isinstance(outer, cst.If) and mentions(code(outer.test), options["handoff_words"]):
            return True
    return False


def is_in_a_handoff_class(node: cst.CSTNode, module: ParsedModule, options: Options) -> bool:
    """Say whether a class around a place is about handoffs."""
    owner = module.enclosing(node, cst.ClassDef)
    return isinstance(owner, cst.ClassDef) and mentions(owner.name.value, options["handoff_words"])


def is_about_a_beginning(function: cst.FunctionDef) -> bool:
    """Say whether a function sets things up: the first agent of a run is no handoff."""
    return bool(set(words(function.name.value)[:1]) & set(_NOT_YET))


def derives_from_a_handoff(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether the called agent was looked up by what a handoff says."""
    callee = call.func
    return isinstance(callee, cst.Attribute) and derives_from(
        callee.value, module, lambda part: mentions(dotted(part), options["handoff_words"])
    )


def switches_agent(node: cst.Assign, module: ParsedModule, options: Options) -> list[str]:
    """Return the facts of an assignment that makes another agent the one that goes on."""
    function = module.function_of(node)
    if function is None or isinstance(node.value, (cst.SimpleString, cst.Await)) or is_name(node.value, "None"):
        return []
    if set(words(function.name.value)[:1]) & {*_NOT_YET, *options["hook_words"]}:
        return []
    names = [dotted(target.target) for target in node.targets]
    name = next((name for name in names if name), "")
    last = name.rpartition(".")[2]
    value = code(node.value)
    if mentions(last, options["active_words"]):
        if isinstance(node.value, cst.Call) and last_name(node.value.func)[:1].isupper():
            return []
        facts = ["active-agent-changes"]
    elif last in ("agent", "assistant") and _comes_with_an_answer(node, name, function, module, options):
        facts = ["active-agent-changes"]
        facts.append(
            "answer-names-the-next-agent" if isinstance(node.value, cst.Attribute) else "function-switches-agents"
        )
        if any(dotted(part.value) == name for part in module.all_below(function.body, cst.Attribute)):
            facts.append("agent-before-is-asked")
    else:
        return []
    if mentions(value, options["handoff_words"]) or derives_from(
        node.value, module, lambda part: mentions(dotted(part), options["handoff_words"])
    ):
        facts.append("speaks-of-a-handoff")
    return facts


def _comes_with_an_answer(
    node: cst.Assign, name: str, function: cst.FunctionDef, module: ParsedModule, options: Options
) -> bool:
    """``agent = result.agent`` in the loop that asks agents, or ``self.agent = agent`` in a function that switches."""
    if isinstance(node.value, cst.Attribute) and node.value.attr.value in ("agent", "next_agent", "target_agent"):
        answers = mentions(dotted(node.value.value), options["answer_words"])
        return answers and module.enclosing(node, cst.For, cst.While) is not None
    given = [param.name.value for param in parameters(function)]
    switches = mentions(function.name.value, ("set_agent", "switch_agent", "change_agent", "swap_agent"))
    return switches and name.startswith("self.") and isinstance(node.value, cst.Name) and node.value.value in given


def asks_for_a_switch(call: cst.Call, options: Options) -> bool:
    """Say whether a call makes its argument the active agent: ``session.update_agent(new_agent)``."""
    name = last_name(call.func)
    return name.lstrip("_") in options["switching_words"] and isinstance(call.func, cst.Attribute) and bool(call.args)


def runs_target(call: cst.Call, module: ParsedModule, options: Options) -> bool:
    """Say whether a call runs the agent to which something is handed off, itself or in another thread."""
    callee = call.func
    if last_name(callee) in ("submit", "create_task", "to_thread", "run_in_executor") and call.args:
        callee = next((arg.value for arg in call.args[:2] if isinstance(arg.value, cst.Attribute)), callee)
    if not isinstance(callee, cst.Attribute) or callee.attr.value not in options["run_words"]:
        return False
    owner = dotted(callee.value)
    if not owner or owner in ("self", "super"):
        return False
    last = owner.rpartition(".")[2]
    if mentions(last, options["target_words"]) or last in options["target_words"]:
        return True
    return mentions(last, ("agent", "assistant")) and derives_from(
        callee.value, module, lambda part: isinstance(part, cst.Subscript) or _looks_up(part)
    )


def _looks_up(part: cst.CSTNode) -> bool:
    return isinstance(part, cst.Call) and last_name(part.func) in (
        "get",
        "get_agent",
        "find_agent",
        "lookup",
        "resolve",
    )


def returns_an_agent(node: cst.Return, function: cst.FunctionDef, module: ParsedModule, options: Options) -> bool:
    """Say whether a transfer function answers with the agent that takes over: ``return refunds_agent``."""
    makes = {"create", "make", "build", "get"}.intersection(words(function.name.value)[:1])
    if makes or not mentions(function.name.value, options["transfer_words"]):
        return False
    if not isinstance(node.value, (cst.Name, cst.Attribute)):
        return False
    name = last_name(node.value)
    return mentions(name, ("agent", "assistant", "bot")) or any(
        dotted(target.target) == name and mentions(last_name(assign.value), ("agent",))
        for assign in module.nodes(cst.Assign)
        if isinstance(assign.value, cst.Call)
        for target in assign.targets
    )


def sends_a_handoff(call: cst.Call, options: Options) -> bool:
    """Say whether a call makes the message or the result by which a run goes to another agent."""
    kind = last_name(call.func)
    if not kind[:1].isupper() or not mentions(kind, ("handoff", "hand_off", "handover")):
        return False
    if mentions(kind, ("start", "error", "config", "tool", "input", "schema", "filter", "response")):
        return False
    return mentions(kind, options["sent_words"]) or (kind.endswith(("Handoff", "HandOff")) and len(words(kind)) > 2)


def goes_to_another_graph(call: cst.Call, module: ParsedModule) -> bool:
    """Say whether a call is LangGraph's command that leaves this agent for another node of the graph above."""
    if not module.resolve(call.func).startswith("langgraph") or last_name(call.func) != "Command":
        return False
    keywords = {arg.keyword.value: code(arg.value) for arg in call.args if arg.keyword}
    if keywords.get("goto", "").strip("\"'").rpartition(".")[2] in ("__end__", "END"):
        return False
    return "goto" in keywords and keywords.get("graph", "").endswith("PARENT")
