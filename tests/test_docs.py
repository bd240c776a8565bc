"""The documentation says what the program does: made pages are fresh, links lead somewhere, and the site builds."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import typing
from pathlib import Path

import pytest
from conftest import absent

from scripts.make import cli, licences
from voicecare.session import KINDS
from voicecare.types import CueKind, HealthKind, Phase, PhraseKind, TurnKind

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    file
    for folder in (ROOT, DOCS, DOCS / "decisions", ROOT / "models", ROOT / "tests" / "gold")
    for file in folder.glob("*.md")
)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
SCHEMA = json.loads((DOCS / "voicecare.schema.json").read_text(encoding="utf-8"))


def test_the_help_of_every_command_in_the_docs_is_the_programs_own():
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == cli.page(), "run scripts/make/cli.py"


def test_the_licences_in_the_docs_are_those_of_what_is_installed():
    if sys.platform != "linux" or not sys.maxsize > 2**32:
        pytest.skip("the wheels of 64-bit Linux are looked into")
    missing = [name for name, _ in licences.locked() if name not in licences.ELSEWHERE and not _installed(name)]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    assert (DOCS / "licences.md").read_text(encoding="utf-8") == licences.page(), "run scripts/make/licences.py"


def _installed(name: str) -> bool:
    try:
        licences.distribution(name)
    except licences.PackageNotFoundError:
        return False
    return True


def test_what_is_under_the_gpl_is_named():
    page = (DOCS / "licences.md").read_text(encoding="utf-8")
    gpl = {name for name, spdx in licences.LIBRARIES.items() if spdx.startswith("GPL-2.0")}
    assert gpl == {"libx264", "libx265"}
    assert all(f"| av | {name} | GPL-2.0-or-later |" in page for name in gpl)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_of_the_repository(page):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["newcomers.md", "glossary.md", "operators.md"])
def test_every_path_a_page_names_exists(page):
    named = re.findall(
        r"`((?:voicecare|scripts|docs|tests|models)/[\w./-]+)`", (DOCS / page).read_text(encoding="utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_decision_has_its_line_and_the_form_of_a_record():
    records = sorted((DOCS / "decisions").glob("0*.md"))
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    assert [record.name for record in records] == re.findall(r"\((\d{4}-[\w-]+\.md)\)", index)
    form = re.findall(r"^## .*", (DOCS / "decisions" / "template.md").read_text(encoding="utf-8"), re.MULTILINE)
    for record in records:
        assert re.findall(r"^## .*", record.read_text(encoding="utf-8"), re.MULTILINE) == form


@pytest.mark.parametrize(
    ("event", "field", "kinds"),
    [
        ("turn", "kind", TurnKind),
        ("phrase", "kind", PhraseKind),
        ("cue", "kind", CueKind),
        ("phase", "phase", Phase),
        ("health", "kind", HealthKind),
    ],
)
def test_the_schema_and_the_page_of_events_name_every_kind(event, field, kinds):
    names = typing.get_args(kinds)
    assert set(SCHEMA["$defs"][event]["properties"][field]["enum"]) == set(names)
    events = (DOCS / "events.md").read_text(encoding="utf-8")
    assert [name for name in names if f"`{name}`" not in events] == []


def test_the_page_of_events_names_every_type_of_event():
    events = (DOCS / "events.md").read_text(encoding="utf-8")
    assert [name for name in KINDS if f"`{name}`" not in events and f'"{name}"' not in events] == []


def test_the_text_for_the_package_index_needs_no_file_of_the_repository():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hook = project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    text = "".join((ROOT / fragment["path"]).read_text(encoding="utf-8") for fragment in hook["fragments"])
    for change in hook["substitutions"]:
        text = re.sub(change["pattern"], change["replacement"], text)
    assert LINK.findall(text) == []
    assert "![" not in text
    assert "The page of the demo call" in text  # a picture's own words stand for it


@pytest.mark.slow
def test_the_site_builds_strictly_with_every_link_in_order(tmp_path):
    if importlib.util.find_spec("mkdocs") is None:
        absent("mkdocs is not installed: scripts/venv.sh docs")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        env={"PATH": str(Path(sys.executable).parent), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stdout + built.stderr) == (0, "")
    pages = [file for file in (tmp_path / "site").rglob("*.html") if file.name != "404.html"]
    assert len(pages) > 20
    for page in pages:
        fetched = re.findall(
            r"<(?:script|link|img)[^>]+(?:src|href)=\"?(https?:[^\" >]+)", page.read_text(encoding="utf-8")
        )
        assert fetched == [], f"{page.name} fetches something from elsewhere"


def test_the_three_first_changes_touch_the_files_their_page_says():
    text = (DOCS / "newcomers.md").read_text(encoding="utf-8")
    numbers = [file for file in (ROOT / "voicecare").rglob("*.py") if "early_reply_s: " in file.read_text("utf-8")]
    assert [file.relative_to(ROOT).as_posix() for file in numbers] == ["voicecare/config/turns.py"]
    vendors = [
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "voicecare").rglob("*.py")
        if re.search(r"genesys", file.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert vendors == ["voicecare/report/presets.py"]
    assert all(f"`{path}`" in text for path in ("voicecare/config/turns.py", "voicecare/report/presets.py"))


def test_every_room_says_its_one_idea():
    rooms = [file for folder in ("voicecare", "scripts") for file in (ROOT / folder).rglob("__init__.py")]
    ideas = {
        file.parent.relative_to(ROOT).as_posix(): ast.get_docstring(ast.parse(file.read_text("utf-8")))
        for file in rooms
    }
    assert [room for room, idea in ideas.items() if not idea or not idea.splitlines()[0].endswith((".", "?"))] == []
    assert len(set(ideas.values())) == len(ideas)
    folders = {file.parent for folder in ("voicecare", "scripts") for file in (ROOT / folder).rglob("*.py")}
    assert {folder.relative_to(ROOT).as_posix() for folder in folders} == set(ideas)
