"""What is written down of the SDK is what the installed package says."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import warnings
from importlib.metadata import version

import pytest

from hiveloop_scan.sdk.signatures import (
    EVENT_SEVERITIES,
    EVENT_TYPES,
    EXPORTS,
    INTEGRATIONS,
    MOST_SUMMARY_CHARACTERS,
    SIGNATURES,
    VALUES,
    Kind,
    Signature,
    kinds_with,
    methods_of,
)

hiveloop = importlib.import_module("hiveloop")
agents = importlib.import_module("hiveloop._agent")
enums = importlib.import_module("hiveloop._enums")
OWNERS = {
    Kind.MODULE: hiveloop,
    Kind.CLIENT: hiveloop.HiveBoard,
    Kind.AGENT: hiveloop.Agent,
    Kind.TASK: hiveloop.Task,
    Kind.ACTION: agents._ActionContext,
}
every_signature = pytest.mark.parametrize("signature", SIGNATURES.values(), ids=lambda s: f"{s.kind}.{s.method}")


def test_the_package_is_the_one_that_was_read() -> None:
    assert version("hiveloop") == "0.2.0"


@every_signature
def test_a_signature_is_that_of_the_package(signature: Signature) -> None:
    shipped = inspect.signature(getattr(OWNERS[signature.kind], signature.method)).parameters
    expected = [
        (one.name, one.kind is one.KEYWORD_ONLY, None if one.default is one.empty else repr(one.default))
        for one in shipped.values()
        if one.name != "self"
    ]
    assert [(one.name, one.keyword_only, one.default) for one in signature.parameters] == expected


@pytest.mark.parametrize("kind", OWNERS, ids=str)
def test_no_public_method_is_left_out(kind: Kind) -> None:
    owner = OWNERS[kind]
    names = hiveloop.__all__ if kind is Kind.MODULE else [name for name in vars(owner) if not name.startswith("_")]
    shipped = {name for name in names if inspect.isroutine(getattr(owner, name, None))}
    assert methods_of(kind) - {"HiveBoard"} == shipped


def test_the_values_are_those_of_the_package() -> None:
    assert set(EVENT_TYPES) == set(enums.EventType)
    assert set(EVENT_SEVERITIES) == set(enums.Severity)
    assert enums.MAX_SUMMARY_CHARS == MOST_SUMMARY_CHARACTERS


def test_values_belong_to_parameters_that_there_are() -> None:
    for method, parameter in VALUES:
        assert all(parameter in SIGNATURES[kind, method].names for kind in kinds_with(method))


def test_the_names_to_import_are_those_of_the_package() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = importlib.import_module("hiveloop.integrations").__path__
        assert {module.name for module in pkgutil.iter_modules(folder)} == set(INTEGRATIONS)
        importlib.import_module("hiveloop.contrib")
    assert set(EXPORTS) == set(hiveloop.__all__) | {"contrib", "integrations"}
