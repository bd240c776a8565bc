"""Every script that a document names is there, and every command shown can be typed: its options are in its help."""

import functools
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "models/*.md", ".github/**/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "CHANGELOG.md"  # tells of what was
)
SOURCES = sorted(path for folder in ("voicecare", "scripts") for path in (ROOT / folder).rglob("*.py"))
NAMED = re.compile(r"(?<![\w/.])scripts/[\w*./-]*\w")
ENTRY_POINTS = ("demo", "test", "check")
RUN = sorted(
    str(path.relative_to(ROOT))
    for path in ROOT.glob("scripts/*/*.py")
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
)


def missing_in(path):
    """What a document or a docstring names under scripts/ and is not there."""
    named = set(NAMED.findall(path.read_text(encoding="utf-8")))
    return sorted(name for name in named if not any(ROOT.glob(name)))


def commands_in(path):
    """(script, options) of every command shown: in a document between backticks or in a block, in a source indented."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        shown = re.findall(r"^    (python scripts/.*(?:\n {8}.*)*)", text, re.MULTILINE)
    else:
        blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
        spans = re.findall(r"`([^`]+)`", re.sub(r"```\w*\n.*?```", "", text, flags=re.DOTALL))
        shown = [*spans, *(line for block in blocks for line in block.splitlines())]
    for command in shown:
        found = re.match(r"(?:python )?(scripts/[\w/]+\.py)([^#]*)", command)
        if found:
            yield found[1], tuple(sorted(set(re.findall(r"(?<![\w-])--[\w-]+", found[2]))))


COMMANDS = sorted({command for path in (*DOCUMENTS, *SOURCES) for command in commands_in(path)})


@functools.cache
def help_of(script):
    command = [sys.executable, ROOT / script, "--help"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_documents_show_commands():
    """Else the tests below would have nothing to look at."""
    assert len(COMMANDS) >= 15
    assert ("scripts/bench/turns.py", ("--line", "--minutes", "--seed", "--vad")) in COMMANDS


def test_every_script_that_is_named_is_there():
    missing = {str(path.relative_to(ROOT)): missing_in(path) for path in (*DOCUMENTS, *SOURCES)}
    assert {path: names for path, names in missing.items() if names} == {}


@pytest.mark.parametrize(("script", "options"), COMMANDS, ids=lambda value: " ".join(value) if value else "-")
def test_every_command_that_is_shown_can_be_typed(script, options):
    told = help_of(script)
    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", told)] == []


@pytest.mark.parametrize("script", RUN)
def test_every_option_of_a_script_is_explained(script):
    lines = help_of(script).split("options:\n")[1].splitlines()
    alone = re.compile(r"  --?[\w-]+(?: \S+)*")  # nothing beside it, nor below
    assert [a for a, b in itertools.pairwise([*lines, ""]) if alone.fullmatch(a) and not b.startswith("   ")] == []


def test_the_entry_points_can_be_run():
    assert all(os.access(ROOT / "scripts" / name, os.X_OK) for name in ENTRY_POINTS)
    files = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.name.startswith(".")}
    assert files == {*ENTRY_POINTS, "venv.sh", "apt-packages.txt", "__init__.py"}
