"""The help has an anchor for every cue, in both languages alike, and the site's own line for help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.make import why
from voicecare.care.help.help import load, site_line
from voicecare.care.help.page import render
from voicecare.errors import UsageError

LANGUAGES = ("en", "zh-Hant")
CUES = ("slow_down", "acknowledge", "slow_down_acknowledge", "well_held")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_is_explained(language):
    told = load(language)
    assert all(told.about(cue) for cue in CUES)
    assert [topic.name for topic in told.about("slow_down_acknowledge")] == ["acknowledge", "slow-down"]


def test_both_languages_tell_the_same_things():
    english, chinese = map(load, LANGUAGES)
    shape = [[(t.name, len(t.say), bool(t.known)) for t in told.topics] for told in (english, chinese)]
    assert shape[0] == shape[1]
    assert english.words.keys() == chinese.words.keys()


def test_a_language_without_words_is_told_in_english():
    assert load("nl").language == "en"


def test_what_is_not_known_names_what_is():
    with pytest.raises(UsageError, match="slow-down"):
        load().about("shout")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_file_with_an_anchor_for_each_topic(language):
    told = load(language)
    page = render(told, None)
    assert {f'id="{topic.name}"' for topic in told.topics} <= set(re.findall(r'id="[\w-]+"', page))
    assert not re.search(r"(?:src|href)=\"(?!#)|<script|url\(", page)
    assert "default-src 'none'" in page.replace("&#39;", "'")
    assert told.words["help_line"] in page


def test_the_line_of_a_site_comes_first_and_cannot_break_the_page(tmp_path):
    everybody, own = tmp_path / "site", tmp_path / "own"
    for folder in (everybody, own):
        folder.mkdir()
    assert site_line("en", (everybody, own)) is None
    (own / "help-line.txt").write_text("Ring Sam.", encoding="utf-8")
    assert site_line("en", (everybody, own)) == "Ring Sam."
    (everybody / "help-line.txt").write_text("<script>Room\x1b 12</script>\n", encoding="utf-8")
    (everybody / "help-line.zh-Hant.txt").write_text("找小明", encoding="utf-8")
    line = site_line("en", (everybody, own))
    assert line == "<script>Room? 12</script>"
    assert site_line("zh-Hant", (everybody, own)) == "找小明"
    assert "<script" not in render(load(), line)
    (everybody / "help-line.txt").write_bytes(b"\xff\xfe")
    assert site_line("en", (everybody, own)) == "Ring Sam."


def test_the_documentation_has_the_same_page():
    page = Path(__file__).parents[1] / "docs" / "why.md"
    assert page.read_text(encoding="utf-8") == why.page(load()), "run scripts/make/why.py"
