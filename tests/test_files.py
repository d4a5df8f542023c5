"""Paths become files to scan: what git and the settings leave out stays out, what is named is taken."""

import os
import socket
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from hiveloop_scan.files import Bounds, Discovery, discover, display_path
from hiveloop_scan.model import ScanError


def make(root: Path, files: Iterable[str] | Mapping[str, str]) -> None:
    """Write files below `root`; a mapping gives their texts."""
    texts = files if isinstance(files, Mapping) else dict.fromkeys(files, "")
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def names(found: Discovery, root: Path) -> list[str]:
    return [file.relative_to(root).as_posix() for file in found.files]


def found_in(root: Path, exclude: Sequence[str] = ()) -> list[str]:
    return names(discover([root], exclude, root), root)


def test_python_files_come_in_the_order_of_their_folders(tmp_path: Path) -> None:
    make(tmp_path, ["b.py", "a.py", "z/c.py", "a/d.py", "notes.txt", "stub.pyi", "a/e.PY"])
    assert found_in(tmp_path) == ["a.py", "b.py", "a/d.py", "z/c.py"]


@pytest.mark.parametrize(
    "folder",
    [".git", ".venv", "__pycache__", "node_modules", "site-packages", "venv", "build", "dist", "x.egg-info"],
)
def test_folders_that_nobody_wrote_by_hand_are_left_out_at_every_level(tmp_path: Path, folder: str) -> None:
    make(tmp_path, [f"{folder}/a.py", f"src/{folder}/deep/a.py", "src/b.py"])
    assert found_in(tmp_path) == ["src/b.py"]


@pytest.mark.parametrize("sign", ["pyvenv.cfg", "conda-meta/history"])
def test_a_virtual_environment_is_known_by_what_it_holds(tmp_path: Path, sign: str) -> None:
    make(tmp_path, [f"python/{sign}", "python/lib/a.py", "env/simulator.py"])
    found = discover([tmp_path])
    assert names(found, tmp_path) == ["env/simulator.py"]
    assert found.skipped == {"virtual environment": 1}


@pytest.mark.parametrize("name", ["tests/a.py", "src/test_a.py", "src/a_test.py", "src/conftest.py"])
def test_tests_are_left_out_and_counted(tmp_path: Path, name: str) -> None:
    make(tmp_path, [name])
    found = discover([tmp_path])
    assert (found.files, found.skipped) == ([], {"test": 1})


@pytest.mark.parametrize("name", ["examples/a.py", "package/data/examples/chat/a.py"])
def test_examples_are_left_out_and_counted_unless_their_folder_is_named(tmp_path: Path, name: str) -> None:
    make(tmp_path, [name])
    assert (discover([tmp_path]).files, discover([tmp_path]).skipped) == ([], {"example": 1})
    assert [file.name for file in discover([(tmp_path / name).parent]).files] == ["a.py"]


@pytest.mark.parametrize("name", ["_vendor/a.py", "src/third_party/a.py", "api_pb2.py", "db/alembic/versions/a.py"])
def test_code_of_others_is_left_out_and_counted(tmp_path: Path, name: str) -> None:
    make(tmp_path, [name])
    found = discover([tmp_path])
    assert (found.files, found.skipped) == ([], {"generated or vendored": 1})


@pytest.mark.parametrize("name", ["build/a.py", "test_a.py", ".hidden/a.py", "script", "ignored.py", "a.txt"])
def test_a_file_named_outright_is_always_taken(tmp_path: Path, name: str) -> None:
    make(tmp_path, {name: "", ".gitignore": "*"})
    assert names(discover([tmp_path / name], exclude=["*"]), tmp_path) == [name]


@pytest.mark.parametrize("folder", ["build", "tests", ".hidden/deep", "ignored", "ignored/deep"])
def test_a_folder_named_outright_is_walked(tmp_path: Path, folder: str) -> None:
    make(tmp_path, {f"{folder}/a.py": "", ".gitignore": "ignored/\n", ".git/HEAD": ""})
    assert names(discover([tmp_path / folder]), tmp_path) == [f"{folder}/a.py"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match=r"no such file or folder: .*nowhere"):
        discover([tmp_path / "nowhere"])


def test_a_file_named_twice_is_found_once(tmp_path: Path) -> None:
    make(tmp_path, ["src/a.py"])
    (tmp_path / "link.py").symlink_to("src/a.py")
    assert len(discover([tmp_path / "src", tmp_path / "src/a.py", tmp_path, tmp_path / "link.py"]).files) == 1


GIT_CASES = {
    "a folder": ["gen/"],
    "a name anywhere": ["old.py"],
    "a name at the top": ["/old.py"],
    "a path": ["src/old.py"],
    "any depth": ["src/**/old.py"],
    "negation": ["*.py", "!keep.py"],
    "negation of a folder": ["*", "!/src", "!*.py"],
    "everything but python": ["*", "!*/", "!*.py"],
    "what is inside a folder": ["gen/**", "!gen/keep.py"],
    "no way back into a folder that is out": ["gen/", "!gen/keep.py"],
    "the order counts": ["!keep.py", "*.py"],
    "comments and blanks": ["# old.py", "", "  ", "old.py   "],
    "the end of a name": ["*ld.py", "*en/", "!src/old.py"],
    "a name again and again": ["old.py", "!old.py", "keep.py", "!keep.py", "keep.py", "old.py/"],
    "a name between patterns": ["k*.py", "!keep.py", "o?d.py", "!old.py", "*d.py", "gen", "!gen/"],
    "odd lines": ["[z-a]", "!", "bad\\", "[[:alpha:]]", "old.py"],
    "windows line ends": ["old.py\r", "gen/\r"],
}


@pytest.mark.parametrize("lines", GIT_CASES.values(), ids=GIT_CASES)
def test_an_ignore_file_means_what_it_means_to_git(tmp_path: Path, lines: list[str]) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    folders = ("", "src/", "gen/", "src/gen/")
    make(tmp_path, [f"{folder}{name}.py" for folder in folders for name in ("old", "keep")])
    (tmp_path / ".gitignore").write_bytes("\n".join(lines).encode())
    listing = ["git", "-C", str(tmp_path), "ls-files", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
    assert sorted(found_in(tmp_path)) == sorted(listed)


def test_ignore_files_deeper_down_decide_first(tmp_path: Path) -> None:
    make(tmp_path, ["a.py", "src/a.py", "src/deep/a.py", "src/deep/b.py"])
    make(tmp_path, {".gitignore": "a.py", "src/.gitignore": "!a.py", "src/deep/.gitignore": "b.py"})
    assert found_in(tmp_path) == ["src/a.py", "src/deep/a.py"]


def test_ignore_files_above_count_up_to_the_top_of_the_repository(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "b.py", "repo/.git/HEAD": "", "repo/.gitignore": "a.py"})
    make(tmp_path, ["repo/src/a.py", "repo/src/b.py"])
    assert names(discover([tmp_path / "repo/src"]), tmp_path) == ["repo/src/b.py"]


def test_without_a_repository_ignore_files_above_do_not_count(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "a.py", "src/a.py": ""})
    assert names(discover([tmp_path / "src"]), tmp_path) == ["src/a.py"]


def test_a_repository_inside_another_has_its_own_rules(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "a.py", "a.py": "", "module/.git": "gitdir: elsewhere", "module/a.py": ""})
    assert found_in(tmp_path) == ["module/a.py"]


def test_an_ignore_file_may_start_with_a_byte_order_mark(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "\ufeffa.py\n", "a.py": "", "b.py": ""})
    assert found_in(tmp_path) == ["b.py"]


def test_excluded_paths_are_left_out_and_counted(tmp_path: Path) -> None:
    make(tmp_path, ["a.py", "src/a.py", "src/gen/b.py"])
    found = discover([tmp_path], exclude=["/a.py", "gen/"], exclude_root=tmp_path)
    assert names(found, tmp_path) == ["src/a.py"]
    assert found.skipped == {"excluded": 2}


def test_the_user_takes_back_what_would_be_left_out(tmp_path: Path) -> None:
    make(tmp_path, {"build/a.py": "", "tests/helper.py": "", "tests/test_a.py": "", ".gitignore": "build/"})
    assert found_in(tmp_path, exclude=["!build/", "!tests/"]) == ["build/a.py", "tests/helper.py"]


def test_names_are_excluded_outside_the_root_too(tmp_path: Path) -> None:
    make(tmp_path, ["project/a.py", "other/gen.py", "other/b.py"])
    found = discover([tmp_path / "other"], exclude=["gen.py", "/b.py"], exclude_root=tmp_path / "project")
    assert names(found, tmp_path) == ["other/b.py"]


def test_an_exclusion_that_is_no_pattern_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScanError, match="not a pattern: exclude '!'"):
        discover([tmp_path], exclude=["!"])


def errors(found: Discovery) -> dict[str, str]:
    return {Path(error.path).name: error.message for error in found.errors}


def test_broken_and_circular_links_are_errors_of_their_own(tmp_path: Path) -> None:
    make(tmp_path, ["good.py"])
    (tmp_path / "broken.py").symlink_to("nowhere.py")
    (tmp_path / "circular.py").symlink_to("circular.py")
    found = discover([tmp_path])
    assert names(found, tmp_path) == ["good.py"]
    assert errors(found) == {
        "broken.py": "broken symbolic link to nowhere.py",
        "circular.py": "circular symbolic link",
    }


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, ["src/a.py"])
    (tmp_path / "src" / "loop").symlink_to(tmp_path / "src")
    (tmp_path / "src" / "folder.py").symlink_to(tmp_path)
    found = discover([tmp_path])
    assert (names(found, tmp_path), found.errors) == (["src/a.py"], [])


def test_a_linked_folder_named_outright_is_walked(tmp_path: Path) -> None:
    make(tmp_path, ["src/a.py"])
    (tmp_path / "link").symlink_to("src")
    assert names(discover([tmp_path / "link"]), tmp_path) == ["link/a.py"]


def test_a_folder_named_like_a_file_is_walked(tmp_path: Path) -> None:
    make(tmp_path, ["x.py/a.py"])
    assert found_in(tmp_path) == ["x.py/a.py"]
    assert names(discover([tmp_path / "x.py"]), tmp_path) == ["x.py/a.py"]


def test_pipes_and_sockets_do_not_hold_up_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.py")
        found = discover([tmp_path])
    assert errors(found) == {"pipe.py": "not a regular file", "socket.py": "not a regular file"}
    assert discover([Path("pipe.py")]).files == [Path("pipe.py")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, ["closed/a.py", "open/a.py"])
    (tmp_path / "closed").chmod(0)
    found = discover([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert names(found, tmp_path) == ["open/a.py"]
    assert "cannot list this folder" in errors(found)["closed"]


@pytest.mark.parametrize("name", ["with space.py", "größe_数.py", os.fsdecode(b"bad_\xff.py"), "-dash.py"])
def test_odd_names_are_found_and_can_be_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, [name])
    [file] = discover([tmp_path]).files
    assert display_path(file) == name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def test_paths_are_shown_from_the_working_folder_or_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, ["here/src/a.py", "there/a.py"])
    monkeypatch.chdir(tmp_path / "here")
    assert display_path(Path("src/../src/a.py")) == "src/a.py"
    assert display_path(tmp_path / "here/src/a.py") == "src/a.py"
    assert display_path(Path("../there/a.py")) == (tmp_path / "there/a.py").as_posix()


def test_without_bounds_everything_is_found_and_with_them_the_look_ends(tmp_path: Path) -> None:
    make(tmp_path, [f"{folder}/{name}.py" for folder in "abc" for name in "123"])
    assert len(discover([tmp_path]).files) == 9
    found = discover([tmp_path], bounds=Bounds(files=100, entries=7))
    assert (names(found, tmp_path), found.is_cut) == (["a/1.py", "a/2.py", "a/3.py"], True)
    assert not discover([tmp_path], bounds=Bounds(files=9, entries=12)).is_cut
