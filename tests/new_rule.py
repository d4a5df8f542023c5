"""Begin a rule: python -m tests.new_rule NAME --like RULE "One sentence that says what it finds."

Makes its folder out of that of a rule whose detector fits, its words and weights included, a page to be filled in, and
its rows in both tables of rules. `python -m pytest tests/test_rules.py -k NAME` fails until the rest is done.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from hiveloop_scan.catalog import Rule, find_rule, load_rules, rules_folder
from hiveloop_scan.model import ScanError

ROOT = Path(__file__).parent.parent
_NAME = re.compile(r"[a-z]+(-[a-z]+)+")
_UNTOLD = ", and HiveBoard is not told"
_PAGE = """\
# {name}

{sentence}

## Why it matters

What nobody sees as long as this is not told, in three sentences.

## Examples

### {example}

```python before
```

### {look_alike}

```python ok
```

## Fix safety

What `hiveloop-scan apply` writes here, or why it writes nothing.
"""


def begin(name: str, like: str, sentence: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new rule below `root`; return those that were made or changed."""
    rules = load_rules()
    model = find_rule(rules, like)
    if not _NAME.fullmatch(name) or any(rule.name == name for rule in rules):
        raise ScanError(f"no name for a new rule: {name}", "say what is wrong, in small words joined by dashes")
    if sentence.count(".") != 1 or not sentence.endswith("."):
        raise ScanError(f"not one sentence: {sentence}", "begin with a capital and end with the only full stop")
    folder = root / "rules" / name
    folder.mkdir()
    (folder / "rule.toml").write_text(_facts(model), "utf-8")
    page = _PAGE.format(name=name, sentence=sentence, example="What is reported", look_alike="What only looks like it")
    (folder / "README.md").write_text(page, "utf-8")
    rows = {
        root / "README.md": f"| `{name}` | {sentence} |",
        root / "rules" / "README.md": f"| `{name}` | {sentence[0].lower()}{sentence[1:-1].removesuffix(_UNTOLD)} |",
    }
    if model.kind == "misuse":
        rows = dict.fromkeys(rows, f"| `{name}` | {sentence} | {model.severity} |")
    for page_of_rules, row in rows.items():
        _add_row(page_of_rules, like, row)
    return [folder / "README.md", folder / "rule.toml", *rows]


def _facts(model: Rule) -> str:
    """Return the facts of a rule for one that shares its detector."""
    text = (rules_folder() / model.name / "rule.toml").read_text("utf-8")
    if "\ndetector = " in text:
        return text
    detector = f'detector = "{model.name}"\n'
    return re.sub(r"^(message = .*\n)", lambda found: found[1] + detector, text, count=1, flags=re.MULTILINE)


def _add_row(page: Path, like: str, row: str) -> None:
    """Put a row behind that of the rule it is made of."""
    lines = page.read_text("utf-8").splitlines(keepends=True)
    position = next(number for number, line in enumerate(lines) if line.startswith(f"| `{like}` |"))
    lines.insert(position + 1, f"{row}\n")
    page.write_text("".join(lines), "utf-8")


def main() -> None:
    """Read the command line, and say what comes next."""
    parser = argparse.ArgumentParser(prog="python -m tests.new_rule", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", help="what is wrong, in words joined by dashes")
    parser.add_argument("sentence", help="what it finds, in one sentence")
    parser.add_argument("--like", required=True, metavar="RULE", help="the rule whose detector, words and weights fit")
    given = parser.parse_args()
    try:
        written = begin(given.name, given.like, given.sentence)
    except ScanError as error:
        sys.exit(f"{error.message}\n{error.hint}")
    for path in written:
        print(f"wrote {path.relative_to(ROOT)}")
    print(f"""
Next:
  1. rules/{given.name}/rule.toml: the message, and under [options] the words that your code uses
  2. rules/{given.name}/README.md: examples that are reported and look-alikes that are not
  3. python -m pytest tests/test_rules.py -k {given.name}""")


if __name__ == "__main__":
    main()
