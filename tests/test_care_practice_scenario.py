"""A scenario is one text file; a mistake in it is named with what is allowed."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from voicecare.care.practice.scenario import HEATS, PARTS, load, parse, read, shipped
from voicecare.care.practice.voices import voiced
from voicecare.errors import InputError, UsageError
from voicecare.timebase import RATE_HZ

NAMES = shipped("en")
LANGUAGES = {"en": 0.2, "zh-Hant": 0.6}
"""And how long a character takes to be said at most, in seconds."""


def test_six_scenarios_ship():
    assert NAMES == ["bereavement", "billing-error", "delivery-lost", "new-phone", "outage", "unfair-complaint"]


def test_they_ship_in_every_language_they_are_spoken_in():
    assert all(shipped(language) == NAMES for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_what_ships_has_a_voice_for_every_line_and_an_answer_to_everything(name, language):
    scenario = load(name, language)
    made = resources.files("voicecare.care.practice") / "scenarios" / language / f"{name}.json"
    assert made.is_file(), "run scripts/make/practice.py"
    assert {line: one["text"] for line, one in json.loads(made.read_text("utf-8"))["lines"].items()} == {
        line: text for line, _, text in scenario.lines()
    }
    assert scenario.title
    assert scenario.brief
    assert all(scenario.parts[part].at(heat) is not None for part in PARTS for heat in HEATS)
    sounds = voiced(scenario)
    for line, _, text in scenario.lines():
        assert 0.4 < len(sounds[line]) / RATE_HZ < LANGUAGES[language] * len(text), line
        assert abs(sounds[line]).max() > 1000


def test_a_missing_wording_is_taken_from_the_nearest_calmer_heat_else_from_a_hotter_one():
    part = parse('[[step]]\ncalm = "a"\nhot = "b"', "x", "en").steps[0]
    assert [part.at(heat) for heat in HEATS] == ["step1.calm", "step1.calm", "step1.hot"]
    assert parse('[[step]]\nhot = "b"', "x", "en").steps[0].at("calm") == "step1.hot"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needs 1 to 40 parts"),
        ("[[step]]\nloud = 'x'", "may hold calm, warm, hot and rises"),
        ("[[step]]\nrises = true", "has no words"),
        ("[[step]]\ncalm = 3", "must be one line"),
        ("[[step]]\ncalm = 'a\\u0007'", "must be one line"),
        (f"[[step]]\ncalm = '{'a' * 500}'", "at most 400"),
        ("[[step]]\ncalm = 'a'\nrises = 1", "true or false"),
        ("begins = 'furious'\n[[step]]\ncalm = 'a'", "choose calm, warm, hot"),
        ("language = '../..'\n[[step]]\ncalm = 'a'", "must be a code"),
        ("goodbye = 1\n[[step]]\ncalm = 'a'", "unknown goodbye"),
        ("step = 3", "needs 1 to 40 parts"),
        ("[[step", "not valid TOML"),
        ("a" + ".a" * 20 + " = " + "[" * 5000, "not valid TOML"),
    ],
)
def test_a_mistake_is_named(text, said):
    if "\\u0007" in text:
        text = text.replace("'", '"')
    with pytest.raises(InputError, match=said.replace("[", r"\[")):
        parse(text, "own", "en")


def test_a_scenario_that_is_not_there_names_those_that_are():
    with pytest.raises(UsageError, match="delivery-lost"):
        load("delivery", "en")
    with pytest.raises(UsageError, match="none ship in tlh"):
        load("delivery-lost", "tlh")


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read(tmp_path / "none.toml")
    (tmp_path / "big.toml").write_bytes(b"#" * 200_000)
    with pytest.raises(InputError, match="larger than"):
        read(tmp_path / "big.toml")
    (tmp_path / "latin.toml").write_bytes(b"title = '\xe9'")
    with pytest.raises(InputError, match="not UTF-8"):
        read(tmp_path / "latin.toml")


def test_without_a_voice_it_is_said_which_program_speaks(monkeypatch):
    monkeypatch.setattr("voicecare.care.practice.voices.shutil.which", lambda _: None)
    with pytest.raises(InputError, match="apt install espeak-ng"):
        voiced(parse('[[step]]\ncalm = "Hello."', "own", "en"))
