"""What is imported is declared, what is declared is used, and what ships is pinned by its hashes."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from voicecare.backends import whisper_parts

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAMED_BY_THE_USER = ("sounddevice", "librosa", "numpy", "webrtcvad-wheels", "faster-whisper")
ELSEWHERE = {"pyaudiowpatch": "pyaudiowpatch", "pycaw": "pycaw", "catap": "catap", "opensmile": "opensmile"}
"""What this machine may not have: it is made for other systems, or never installed by itself."""
BY_HAND = {"pyworld", "misaki", "ten_vad", "pyrnnoise"}
"""Yardsticks and tools that a script's own docstring asks for."""
TOOLS = {
    "pytest-randomly",
    "pytest-xdist",
    "import-linter",
    "ruff",
    "mypy",
    "codespell",
    "hatchling",
    "hatch-fancy-pypi-readme",
}
"""Run or plugged in, never imported."""


def plain(requirement: str) -> str:
    """The name of a requirement, as every index compares it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def imported(*folders: str) -> set[str]:
    """The top-level names that Python files import or look up by `find_spec`, the standard library's left out."""
    found: set[str] = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    found.add(node.module.split(".")[0])
                elif isinstance(node, ast.Call) and "find_spec" in ast.unparse(node.func):
                    found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    own = {file.stem for file in (ROOT / "tests").glob("*.py")} | {"voicecare", "scripts"}
    return found - set(sys.stdlib_module_names) - own


def distributions(modules: set[str]) -> dict[str, set[str]]:
    known = packages_distributions()
    return {
        module: {plain(name) for name in known.get(module, [])} or {ELSEWHERE.get(module, plain(module))}
        for module in modules
    }


def declared(section: dict[str, list[str]]) -> set[str]:
    return {plain(one) for requirements in section.values() for one in requirements if isinstance(one, str)}


SHIPS = {plain(one) for one in PROJECT["project"]["dependencies"]} | declared(
    PROJECT["project"]["optional-dependencies"]
)
FOR_WORK = declared(PROJECT["dependency-groups"])


def test_every_package_the_product_imports_is_declared():
    missing = {module for module, names in distributions(imported("voicecare")).items() if not names & SHIPS}
    assert missing == set()


def test_every_declared_package_is_imported_by_the_product():
    used = set().union(*distributions(imported("voicecare")).values(), map(plain, whisper_parts.PACKAGES))
    assert SHIPS - used == set()


def test_scripts_and_tests_import_only_what_is_declared():
    known = distributions(imported("scripts", "tests") - BY_HAND)
    assert {module for module, names in known.items() if not names & (SHIPS | FOR_WORK)} == set()


def test_every_package_for_work_is_used():
    used = set().union(*distributions(imported("scripts", "tests")).values())
    docs = {plain(one) for one in PROJECT["dependency-groups"]["docs"]}
    assert FOR_WORK - used - TOOLS - docs == set()


@pytest.mark.parametrize("name", NAMED_BY_THE_USER)
def test_the_five_packages_voicecare_rests_on_are_each_imported_where_they_work(name):
    assert name in SHIPS
    modules = {module for module, names in distributions(imported("voicecare")).items() if name in names}
    files = [
        file.relative_to(ROOT / "voicecare").as_posix()
        for file in (ROOT / "voicecare").rglob("*.py")
        if modules & {word for line in file.read_text("utf-8").splitlines() for word in _imports(line)}
    ]
    where = {
        "sounddevice": "audio/devices/|commands/listening",
        "librosa": "report/pictures",
        "numpy": "",
        "webrtcvad-wheels": "backends/webrtc",
        "faster-whisper": "backends/whisper",
    }
    assert files
    assert [file for file in files if not re.search(where[name], file)] == []


def _imports(line: str) -> set[str]:
    found = re.match(r"\s*(?:import|from) (\w+)", line)
    return {found[1]} if found else set()


def pins(file: str) -> dict[str, str]:
    lines = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {plain(name): version for name, version in lines}


def test_what_ships_is_locked_by_hash_at_the_versions_that_are_tested():
    locked, tested = pins("requirements.lock"), pins("constraints.txt")
    assert SHIPS - set(locked) == set()
    assert {name for name, version in locked.items() if tested.get(name, version) != version} == set()
    blocks = re.split(r"^(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("file", ["requirements.lock", "constraints.txt"])
def test_no_pin_names_an_address_or_a_folder_of_a_machine(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in pinned if re.search(r"://|--(index|find|extra|trusted)|^-|@|^/|=/", line)] == []
