"""The shape of the repository: what a newcomer may rely on, held by a machine."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 450
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    if name and (ROOT / name).is_file()
]
SOURCES = [path for path in TRACKED if path.suffix == ".py" and path.parts[len(ROOT.parts)] in ("app", "ui")]
TEXTS = [
    path
    for path in TRACKED
    if path.suffix in {".py", ".md", ".toml", ".sh", ".lock", ".json", ".desktop", ".service", ""}
    and "LICENSE" not in path.name
]


def named(path: Path) -> str:
    """The path as the repository names it."""
    return str(path.relative_to(ROOT))


def test_files_know_one_thing():
    """No source grows beyond what is read in one sitting."""
    long = {named(p): n for p in SOURCES if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert not long


def test_every_module_says_what_it_is_for():
    """The first thing in a file is a sentence about it."""
    silent = [named(p) for p in SOURCES if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert not silent


def test_every_public_name_of_the_core_is_explained():
    """Functions and classes that others may use have a docstring."""
    silent = [
        f"{named(path)}: {node.name}"
        for path in SOURCES
        if named(path).startswith("app/")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_the_core_knows_no_qt_and_no_window():
    """`app/` imports neither Qt nor `ui/`."""
    forbidden = {"PySide6", "shiboken6", "qasync", "pyqtgraph", "ui"}
    guilty = []
    for path in SOURCES:
        if not named(path).startswith("app/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            guilty += [f"{named(path)}: {n}" for n in names if n.split(".")[0] in forbidden]
    assert not guilty


def test_every_room_has_its_tests():
    """`tests/app` has a folder for every room, and no folder without one."""
    rooms = {p.parent.name for p in (ROOT / "app").glob("*/__init__.py")} - {"domain", "operations"}
    folders = {p.name for p in (ROOT / "tests" / "app").iterdir() if p.is_dir() and any(p.glob("test_*.py"))}
    assert folders - {"domain", "operations"} == rooms


# Written in parts, so that this file does not name them itself.
HOSTS = ["py" + "pi.org", "python" + "hosted", "debian" + ".org", "/si" + "mple/", "--index" + "-url"]
PLACES = re.compile(r"(?<![\w.~>-])/(?:home|root|work|opt|Users)/[A-Za-z]")


def test_no_registry_and_no_machine_is_named():
    """A clone says nothing about where it was made."""
    guilty = []
    for path in TEXTS:
        text = path.read_text("utf-8")
        guilty += [f"{named(path)}: {host}" for host in HOSTS if host in text]
        guilty += [f"{named(path)}: {hit[0]}" for hit in PLACES.finditer(text)]
    assert not guilty


def test_nothing_is_left_for_later():
    """No marker of unfinished work, no stub."""
    marks = re.compile(
        r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"]) + r")\b"
    )
    # Windows' event loop raises it for signal handlers, and serve.py has to say so.
    left = [
        named(p) for p in SOURCES if marks.search(p.read_text("utf-8")) and named(p) != "app/cli/serve.py"
    ]
    assert not left


def locked(name: str) -> dict[str, str]:
    """Packages of a lock with their block of text."""
    text = (ROOT / "packaging" / name).read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    return {b.split("==")[0].strip(): b for b in blocks if re.match(r"[a-z0-9-]+==", b)}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_by_hash(lock):
    """Every locked package has hashes, and every dependency is locked."""
    packages = locked(lock)
    assert len(packages) > 20
    assert not [name for name, block in packages.items() if "--hash=sha256:" not in block]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + (project["optional-dependencies"]["dev"] if "dev" in lock else [])
    names = {re.split(r"[\s<>=;\[]", item)[0].lower().replace("_", "-") for item in wanted}
    assert names <= set(packages)


def test_every_dependency_is_justified():
    """Each locked package has its reason and licence in packaging/DEPENDENCIES.md."""
    text = (ROOT / "packaging" / "DEPENDENCIES.md").read_text("utf-8").lower()
    missing = [
        name
        for name in locked("requirements-dev.lock")
        if not re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", text)
    ]
    assert not missing


def test_the_papers_are_there():
    """Licence, readme, change log, setup and what must pass."""
    for name in ("LICENSE", "README.md", "CHANGELOG.md", "Makefile", ".ci/run", "packaging/setup.sh"):
        assert (ROOT / name).is_file(), name
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_command_and_target_is_in_the_readme():
    """What can be typed is told."""
    from app.cli.parser import COMMANDS

    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in COMMANDS if f"forecourt {name}" not in readme]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert not [name for name in targets if f"make {name}" not in readme]
