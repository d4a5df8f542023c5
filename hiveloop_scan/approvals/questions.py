"""Calls that ask a person at a console: which they are, how they can be answered, and what they say."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from hiveloop_scan.approvals.answers import literals_in
from hiveloop_scan.module import ParsedModule
from hiveloop_scan.origins import values_of
from hiveloop_scan.syntax.names import words
from hiveloop_scan.syntax.tree import dotted, last_name, statements

_CONFIRMS = {
    "click.confirm", "typer.confirm", "click.confirmation_option", "rich.prompt.Confirm.ask", "questionary.confirm",
    "inquirer.confirm", "InquirerPy.inquirer.confirm", "beaupy.confirm", "prompt_toolkit.shortcuts.confirm",
    "prompt_toolkit.shortcuts.yes_no_dialog", "prompt_toolkit.shortcuts.button_dialog", "easygui.ynbox",
    "tkinter.messagebox.askyesno", "tkinter.messagebox.askokcancel", "pyautogui.confirm", "easygui.ccbox",
}  # fmt: skip
"""Library functions that can only be answered with yes or no."""

_PROMPTS = {
    "click.prompt", "typer.prompt", "click.getchar", "rich.prompt.Prompt.ask", "questionary.select", "questionary.text",
    "questionary.rawselect", "questionary.autocomplete", "inquirer.prompt", "inquirer.list_input", "inquirer.text",
    "InquirerPy.inquirer.select", "InquirerPy.inquirer.text", "InquirerPy.prompt", "prompt_toolkit.prompt",
    "prompt_toolkit.shortcuts.prompt", "beaupy.select", "beaupy.prompt", "simple_term_menu.TerminalMenu",
    "aioconsole.ainput", "builtins.input", "easygui.buttonbox", "easygui.choicebox",
}  # fmt: skip
_RUNNERS = ("to_thread", "run_in_executor", "run_sync", "wait_for", "submit", "partial")
_CONSOLES = ("console", "_console", "Console", "session", "_session", "prompt_session", "_prompt_session")
_ASKED_OF_CONSOLES = ("input", "prompt", "prompt_async")
_SAY = {"print", "write", "echo", "secho", "writelines", "rule", "print_panel"}
_TEXT_KEYWORDS = ("prompt", "text", "message", "msg", "question", "title")
_LINES_BEFORE = 6
_MOST_NAMES = 12
_ASKING = {"ask", "prompt", "confirm"}
_READING = {"get", "read", "take", "request", "wait", "query", "console", "terminal", "user", "human", "safe", "input"}
_READ = {"input", "answer", "yes", "yn", "confirmation", "consent", "choice", "user", "human", "operator", "permission"}
_AGREES = {"yes", "approve", "allow", "accept", "confirm", "proceed", "y"}
_REFUSES = {"no", "reject", "deny", "refuse", "decline", "cancel", "abort", "n"}
_NOT_PEOPLE = {
    "llm", "model", "agent", "agents", "gpt", "ai", "chat", "completion", "template", "tool", "tools", "json", "system",
    "messages", "tokens", "build", "format", "schema", "args", "arguments", "params", "data", "dict", "prompts", "for",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A question to a person: the call that waits, the expression of its text, whether only yes or no answers it.

    `asked_by` is the plain name of what reads the answer.
    """

    call: cst.Call
    text: cst.BaseExpression | None
    is_yes_or_no: bool
    asked_by: str


def question_in(call: cst.Call, module: ParsedModule) -> Question | None:
    """Return the question that `call` puts to the person at the console; None when it asks nobody."""
    name = last_name(call.func)
    if _is_input(call.func, module):
        return Question(call, _text_of(call, 0), False, "input")
    for index, arg in enumerate(call.args if name in _RUNNERS else ()):
        if isinstance(arg.value, cst.Name) and _is_input(arg.value, module):  # asyncio.to_thread(input, "ok? ")
            return Question(call, _text_of(call, index + 1), False, "input")
    origin = module.resolve(call.func)
    if origin in _CONFIRMS or dotted(call.func).endswith("Confirm.ask"):
        return Question(call, _text_of(call, 0), True, dotted(call.func))
    if origin in _PROMPTS or dotted(call.func).endswith("Prompt.ask"):
        return Question(call, _text_of(call, 0), False, dotted(call.func))
    owner = dotted(call.func).rpartition(".")[0].rpartition(".")[2]
    if name in _ASKED_OF_CONSOLES and owner in _CONSOLES:
        return Question(call, _text_of(call, 0), False, dotted(call.func))
    if origin == "sys.stdin.readline":
        return Question(call, None, False, origin)
    return None


def helped_question_in(call: cst.Call, module: ParsedModule) -> Question | None:
    """Return the question that a helper is told to put to a person: ``get_user_input("Overwrite? [y/N] ")``."""
    name = last_name(call.func)
    said = words(name)
    if not said or not call.args or name[:1].isupper() or _NOT_PEOPLE.intersection(words(dotted(call.func))):
        return None
    if len(said) == 1 and (isinstance(call.func, cst.Attribute) or said[0] not in _ASKING):
        return None
    if said[0] not in _ASKING and not (said[0] in _READING and said[-1] in _READ and not _only_fetches(said)):
        return None
    return Question(call, _text_of(call, 0), False, dotted(call.func))


def menu_in(call: cst.Call, module: ParsedModule) -> Question | None:
    """Return the choice between a yes and a no that a menu is told to offer: ``_menu(["Yes", "No"], console)``."""
    for arg in call.args:
        listed: list[cst.BaseExpression] = [arg.value]
        if isinstance(arg.value, cst.Name):
            listed += values_of(arg.value.value, call, module)
        for options in listed:
            if isinstance(options, (cst.List, cst.Tuple)) and _offers_a_no(options, module):
                return Question(call, options, False, dotted(call.func))
    return None


def _offers_a_no(options: cst.List | cst.Tuple, module: ParsedModule) -> bool:
    """Say whether listed texts are ways to agree and to refuse."""
    first = [words(texts[0])[:1] for element in options.elements if (texts := literals_in(element.value, module))]
    said = {word for found in first for word in found}
    return bool(said & _AGREES) and bool(said & _REFUSES)


def _only_fetches(said: tuple[str, ...]) -> bool:
    """Say whether a name is one of looking up a record: ``get_user``; ``get_user_input`` asks."""
    return said[0] in ("get", "read", "take", "query") and said[-1] in ("user", "human", "operator")


def _is_input(callee: cst.BaseExpression, module: ParsedModule) -> bool:
    """Say whether a name is Python's own ``input``."""
    return (
        isinstance(callee, cst.Name)
        and callee.value == "input"
        and "input" not in module.imports
        and "input" not in module.functions
        and not _is_parameter(callee, module)
    )


def _is_parameter(name: cst.Name, module: ParsedModule) -> bool:
    function = module.function_of(name)
    if function is None:
        return False
    params = (*function.params.posonly_params, *function.params.params, *function.params.kwonly_params)
    if any(param.name.value == name.value for param in params):
        return True
    return bool(values_of(name.value, name, module))


def _text_of(call: cst.Call, index: int) -> cst.BaseExpression | None:
    for arg in call.args:
        if arg.keyword and arg.keyword.value in _TEXT_KEYWORDS:
            return arg.value
    plain = [arg.value for arg in call.args if arg.keyword is None and not arg.star]
    return plain[index] if index < len(plain) else None


def words_around(question: Question, module: ParsedModule) -> str:
    """Return what the person reads: the question's own text, what its names hold, else what is written just before."""
    texts: list[str] = []
    if question.text is not None:
        texts += _said_by(question.text, module)
    if len(" ".join(texts).strip(" >:?\n")) < 4:
        texts += _written_before(question.call, module)
    return "\n".join(texts)


def _said_by(text: cst.BaseExpression, module: ParsedModule) -> list[str]:
    said = literals_in(text, module)
    pending = [name.value for name in module.below(text, cst.Name)]
    for name in pending:  # grows: a name may hold a text that is put together from other names
        said.append(name)
        for value in values_of(name, text, module):
            said += literals_in(value, module)
            pending += [
                part.value
                for part in module.below(value, cst.Name)
                if part.value not in pending and len(pending) < _MOST_NAMES
            ]
    return said


def _written_before(call: cst.Call, module: ParsedModule) -> list[str]:
    """Return the literals of the lines written in the statements before `call` in its function."""
    function = module.function_of(call)
    body = statements(function.body) if function else [module.tree]
    before = [
        written
        for written in module.below(body, cst.Call)
        if last_name(written.func) in _SAY and module.is_before(written, call)
    ]
    return [text for written in before[-_LINES_BEFORE:] for text in literals_in(written, module)]
