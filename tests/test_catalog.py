"""Rules load, and what is wrong with one is told with its folder and key."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from hiveloop_scan.catalog import Rule, find_rule, load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.methods import METHODS, MISUSED
from hiveloop_scan.model import Confidence, ScanError
from hiveloop_scan.selection import is_linted, is_reported, select_rules

GOOD = {
    "method": '"retry"',
    "guide": '"7.3"',
    "severity": '"warning"',
    "message": '"`{operation}` is tried again"',
    "detector": '"unreported-retry-loop"',
    "evidence": "{ repeats = 3, leaves = -5 }",
    "options": '{ words = ["again"] }',
    "triage": '[{ shape = "loop", words = ["words"] }]',
}


@pytest.fixture
def rules_root(tmp_path: Path) -> Path:
    return tmp_path / "rules"


def write_rule(root: Path, name: str = "told-twice", /, **changes: str | None) -> Path:
    """Write a rule whose keys are those of GOOD with `changes`; None leaves a key out."""
    folder = root / name
    folder.mkdir(parents=True)
    keys = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    (folder / "rule.toml").write_text("".join(f"{key} = {value}\n" for key, value in keys.items()), "utf-8")
    (folder / "README.md").write_text(f"# {name}\n", "utf-8")
    return folder


def loaded(root: Path, **changes: str | None) -> Rule:
    write_rule(root, **changes)
    return find_rule(load_rules([root]), "told-twice")


def complaint(root: Path) -> str:
    with pytest.raises(ScanError) as caught:
        load_rules([root])
    return f"{caught.value.message} ({caught.value.hint})"


def test_every_built_in_rule_loads_and_has_a_detector() -> None:
    rules = [rule for rule in load_rules() if rule.kind != "gate"]
    assert rules
    for rule in rules:
        assert rule.method in (METHODS if rule.kind == "missing" else MISUSED)
        assert rule.load_detector().kinds
        assert rule.readme.startswith(f"# {rule.name}")


def test_rules_travel_to_worker_processes() -> None:
    rules = load_rules()
    assert pickle.loads(pickle.dumps(rules)) == rules


def test_a_rule_of_the_user_loads_beside_the_built_in_ones(rules_root: Path) -> None:
    rule = loaded(rules_root)
    assert (rule.name, rule.method, rule.options) == ("told-twice", "retry", {"words": frozenset({"again"})})


def test_a_rule_names_its_own_detector_by_default(rules_root: Path) -> None:
    write_rule(rules_root / "copy", "unreported-retry-loop", detector=None)
    assert "its name is taken" in complaint(rules_root / "copy")


@pytest.mark.parametrize("key", ["method", "guide", "severity", "message", "evidence", "triage"])
def test_a_missing_key_is_named_with_the_folder(rules_root: Path, key: str) -> None:
    folder = write_rule(rules_root, **{key: None})
    assert f"rule folder {folder}: key '{key}' is missing" in complaint(rules_root)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"metod": '"retry"'}, "key 'metod' is unknown (did you mean 'method'?)"),
        ({"method": '"retri"'}, "key 'method' is not an SDK method: 'retri' (did you mean 'retry'?)"),
        ({"guide": "7.3"}, "key 'guide' must be a str, not float"),
        ({"severity": '"bad"'}, "key 'severity' is not one of error, warning, note: 'bad'"),
        ({"message": '"{operation"'}, "key 'message' is no template"),
        ({"detector": '"retry-loop"'}, "key 'detector' names no detector: 'retry-loop' (did you mean"),
        ({"evidence": "{ repeats = true }"}, "key 'evidence.repeats' must be a whole number, not True"),
        ({"confidence": "{ hihg = 7 }"}, "key 'confidence.hihg' is unknown (did you mean 'high'?)"),
        ({"options": '{ words = "again" }'}, "key 'options.words' must be a list of words"),
        ({"triage": "[]"}, "key 'triage' is empty"),
        ({"triage": '[{ shape = "lop" }]'}, "key 'triage' needs tables with a shape out of"),
        (
            {"triage": '[{ shape = "loop", word = [] }]'},
            "key 'triage.word' is unknown (did you mean 'words'?)",
        ),
        ({"triage": '[{ shape = "loop", words = "words" }]'}, "key 'triage.words' must be a list of options"),
        (
            {"triage": '[{ shape = "loop", words = ["word"] }]'},
            "names no option: 'word' (did you mean 'words'?)",
        ),
    ],
)
def test_a_wrong_value_is_named_with_folder_key_and_advice(
    rules_root: Path, changes: dict[str, str], expected: str
) -> None:
    folder = write_rule(rules_root, **changes)
    assert f"rule folder {folder}: " in complaint(rules_root)
    assert expected in complaint(rules_root)


def test_broken_toml_is_named_with_its_line(rules_root: Path) -> None:
    folder = write_rule(rules_root)
    (folder / "rule.toml").write_text('method = "retry\n', "utf-8")
    assert f"rule folder {folder}: rule.toml is not valid TOML" in complaint(rules_root)
    assert "line 1" in complaint(rules_root)


@pytest.mark.parametrize("missing", ["rule.toml", "README.md"])
def test_a_folder_without_its_files_is_named(rules_root: Path, missing: str) -> None:
    folder = write_rule(rules_root)
    (folder / missing).unlink()
    assert f"rule folder {folder}: {missing}" in complaint(rules_root)


def test_a_rules_folder_that_is_not_there_or_empty_is_an_error(rules_root: Path) -> None:
    assert f"no such rules folder: {rules_root}" in complaint(rules_root)
    rules_root.mkdir()
    assert f"no rule in the rules folder {rules_root}" in complaint(rules_root)


def test_hidden_folders_are_no_rules(rules_root: Path) -> None:
    write_rule(rules_root)
    (rules_root / "__pycache__").mkdir()
    (rules_root / ".git").mkdir()
    assert find_rule(load_rules([rules_root]), "told-twice")


def test_a_user_extends_the_words_of_a_rule(rules_root: Path) -> None:
    write_rule(rules_root)
    rules = load_rules([rules_root], {"told-twice": {"words": ["Encore"]}})
    rule = find_rule(rules, "told-twice")
    assert rule.options["words"] == {"again", "encore"}
    assert rule.needs[0].words == ("again", "encore")


def test_a_need_of_a_word_out_of_none_is_never_met(rules_root: Path) -> None:
    write_rule(rules_root, options="{ words = [] }")
    assert find_rule(load_rules([rules_root]), "told-twice").needs == ()


@pytest.mark.parametrize(
    ("vocabulary", "expected"),
    [
        ({"told-twise": {"words": []}}, "settings for an unknown rule: told-twise"),
        ({"told-twice": {"word": []}}, "option 'word' set in"),
    ],
)
def test_words_for_an_unknown_rule_or_option_are_an_error(
    rules_root: Path, vocabulary: dict[str, dict[str, list[str]]], expected: str
) -> None:
    write_rule(rules_root)
    with pytest.raises(ScanError, match="told-tw") as caught:
        load_rules([rules_root], vocabulary)
    assert expected in caught.value.message
    assert "did you mean" in caught.value.hint


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ([], None),
        (["repeats"], Confidence.LOW),
        (["repeats", "leaves"], None),
        (["repeats", "repeats"], Confidence.LOW),
    ],
)
def test_weights_of_the_facts_make_the_confidence(rules_root: Path, facts: list[str], grade: Confidence | None) -> None:
    assert loaded(rules_root).weigh(facts)[0] is grade


def test_thresholds_of_a_rule_override_the_usual_ones(rules_root: Path) -> None:
    rule = loaded(rules_root, confidence="{ high = 3 }")
    assert rule.weigh(["repeats"])[0] is Confidence.HIGH


def test_facts_are_listed_strongest_first(rules_root: Path) -> None:
    assert [fact.name for fact in loaded(rules_root).weigh(["leaves", "repeats"])[1]] == ["repeats", "leaves"]


def test_a_fact_without_a_weight_is_named_with_the_folder(rules_root: Path) -> None:
    with pytest.raises(ScanError, match=r"told-twice: key 'evidence' has no weight for the fact 'sleeps'"):
        loaded(rules_root).weigh(["sleeps"])


def test_a_message_that_speaks_of_what_is_not_captured_is_named_with_the_folder(rules_root: Path) -> None:
    with pytest.raises(ScanError, match=r"told-twice: key 'message' speaks of 'operation'"):
        loaded(rules_root).describe({"attempt": "n"})


def test_a_capture_without_a_value_is_spoken_of_as_the_operation(rules_root: Path) -> None:
    assert loaded(rules_root).describe({"operation": None}) == "the operation is tried again"


def selected(rules_root: Path, **wanted: list[str]) -> set[str]:
    write_rule(rules_root, "told-twice")
    write_rule(rules_root, "not-planned", method='"plan"')
    rules = [rule for rule in load_rules([rules_root]) if rule.folder.is_relative_to(rules_root)]
    per_file = {"*.py": tuple(wanted.get("per_file", ()))}
    config = Config(Path(), tuple(wanted.get("select", ())), tuple(wanted.get("ignore", ())), per_file_ignores=per_file)
    return {rule.name for rule in select_rules(rules, config, wanted.get("methods", ()), wanted.get("names", ()))}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, {"told-twice", "not-planned"}),
        ({"select": ["retry"]}, {"told-twice"}),
        ({"select": ["told-twice"]}, {"told-twice"}),
        ({"ignore": ["retry"]}, {"not-planned"}),
        ({"ignore": ["not-planned"]}, {"told-twice"}),
        ({"methods": ["plan"]}, {"not-planned"}),
        ({"select": ["retry"], "methods": ["plan"]}, set()),
        ({"ignore": ["retry"], "names": ["told-twice"]}, {"told-twice"}),
    ],
)
def test_settings_and_the_command_line_choose_the_rules(
    rules_root: Path, wanted: dict[str, list[str]], expected: set[str]
) -> None:
    assert selected(rules_root, **wanted) == expected


@pytest.mark.parametrize("where", ["select", "ignore", "per_file", "methods", "names"])
def test_an_unknown_name_is_an_error_with_a_suggestion(rules_root: Path, where: str) -> None:
    with pytest.raises(ScanError) as caught:
        selected(rules_root, **{where: ["not-planed" if where != "methods" else "plam"]})
    assert "did you mean" in caught.value.hint


@pytest.mark.parametrize(
    ("unasked", "expected"),
    [(is_reported, {"told-twice", "not-escalated"}), (is_linted, {"never-told", "not-escalated"})],
    ids=["report", "lint"],
)
def test_a_command_runs_its_own_kinds_of_rules(
    rules_root: Path, unasked: Callable[[Rule], bool], expected: set[str]
) -> None:
    write_rule(rules_root, "told-twice")
    write_rule(rules_root, "never-told", kind='"misuse"', method='"any"')
    write_rule(rules_root, "not-escalated", method='"escalate"')
    rules = [rule for rule in load_rules([rules_root]) if rule.folder.is_relative_to(rules_root)]
    chosen = {rule.name for rule in select_rules(rules, Config(Path()), unasked=unasked)}
    assert chosen == expected


def test_a_rule_about_misuse_is_reported_when_it_is_named(rules_root: Path) -> None:
    rule = loaded(rules_root, kind='"misuse"', method='"any"', triage=None)
    assert select_rules([rule], Config(Path()), names=["told-twice"]) == (rule,)
    assert [need.shape for need in rule.needs] == ["sdk-use"]


def test_a_rule_about_misuse_weighs_how_sure_the_object_is(rules_root: Path) -> None:
    rule = loaded(rules_root, kind='"misuse"')
    doubt = ["repeats", "looks-like-an-sdk-object"]
    assert rule.weigh(["repeats", "on-an-sdk-object"])[0] is Confidence.HIGH
    assert rule.weigh(doubt)[0] is None
    assert rule.weigh([*doubt, "project-uses-the-sdk"])[0] is Confidence.HIGH


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": '"mistake"'}, "key 'kind' is not one of missing, misuse"),
        ({"method": '"any"'}, "is not an SDK method"),
    ],
)
def test_a_kind_and_the_methods_it_can_be_about_are_checked(
    rules_root: Path, changes: dict[str, str], expected: str
) -> None:
    write_rule(rules_root, **changes)
    assert expected in complaint(rules_root)
