"""Codes become words in every language, whatever is known."""

from __future__ import annotations

import re
import tomllib
import typing
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.catalogue.catalogue import READERS, Catalogue, Reader, languages
from voicecare.errors import UsageError
from voicecare.timebase import samples
from voicecare.types import CueKind, Health, HealthKind, Reason

CODES = [
    "spoke_over_caller", "talked_over", "pace_up", "strain_high", "strain_rising", "strain_eased", "pitch_up",
    "voice_brighter", "voice_livelier", "voice_encoder", "negative_words", "acknowledged", "no_acknowledgement_since",
    "caller_thanked", "caller_solved", "friendly_words", "agent_helped", "trouble_words", "voice_tense",
    "voice_pleased", "stays_though_friendly", "voice_only", "words", "too_little_speech", "too_noisy", "views_differ",
    "population_baseline",
]  # fmt: skip

CATALOGUES = {(language, reader): Catalogue.load(language, reader) for language in languages() for reader in READERS}
CATALOGUE_FILES = resources.files("voicecare.catalogue")
SAID_OF_A_CALL = ("reason", "story", "party", "page", "script", "notice", "health", "explain")
"""The sections that tell of a recorded call, to whoever reads."""


def english(code: str, *at_s: float, value: float | None = None, text: str = "", to: Reader = "agent") -> str:
    return CATALOGUES["en", to].reason(Reason(code, tuple(samples(s) for s in at_s), value, text))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (english("spoke_over_caller", 72), "You spoke over the caller at 1:12"),
        (english("spoke_over_caller", 72, 91), "You spoke over the caller at 1:12 and 1:31"),
        (english("spoke_over_caller", 5, 72, 91), "You spoke over the caller at 0:05, 1:12 and 1:31"),
        (english("spoke_over_caller", *range(9)), "You spoke over the caller at 0:00, 0:01, 0:02 and 6 more"),
        (english("spoke_over_caller"), "You spoke over the caller"),
        (english("talked_over", 3, value=1.26), "You both talked for 1.3 s from 0:03"),
        (english("pace_up", value=1.31), "You speak 31 % faster than is usual for you"),
        (english("spoke_over_caller", 72, to="qa"), "The agent spoke over the caller at 1:12"),
        (english("pace_up", value=1.31, to="qa"), "The agent spoke 31 % faster than is usual for this agent"),
        (english("strain_high", 30, value=0.78), "Strain has been high since 0:30 (78 of 100)"),
        (english("pitch_up", value=2.34), "Pitch is +2.3 semitones from where the caller began"),
        (english("negative_words", value=1, text="terrible"), "Negative words: “terrible”"),
        (english("negative_words", value=3, text="terrible"), "3 negative remarks, such as “terrible”"),
        (english("a_new_code", 3, value=2), "a new code"),
    ],
)
def test_a_reason_is_worded_with_all_that_is_known_of_it(said, words):
    assert said == words


@pytest.mark.parametrize(("language", "reader"), CATALOGUES)
@pytest.mark.parametrize("code", CODES)
@settings(max_examples=25)
@given(
    at=st.lists(st.integers(0, 10**9), max_size=6).map(tuple),
    value=st.none() | st.floats(-1e6, 1e6),
    text=st.text(max_size=20),
)
def test_every_reason_reads_in_every_language_whatever_is_known(language, reader, code, at, value, text):
    said = CATALOGUES[language, reader].reason(Reason(code, at, value, text))
    assert said
    assert said != code.replace("_", " ")
    assert text in said or "“" not in said


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", typing.get_args(CueKind))
def test_every_cue_is_worded_in_every_language(language, kind):
    assert Catalogue.load(language).cue(kind) not in ("", kind.replace("_", " "))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", typing.get_args(HealthKind))
@pytest.mark.parametrize("note", ["", "agent", "caller_silent", "de", "cut_short", "a sentence of version 0.1.0"])
def test_news_of_voicecare_reads_in_every_language_whatever_is_known(language, kind, note):
    said = CATALOGUES[language, "qa"].health(Health(0, kind, 2, note))
    assert said not in ("", kind.replace("_", " "))
    assert "{" not in said


@pytest.mark.parametrize("language", languages())
def test_quality_assurance_reads_of_the_agent_and_only_the_agent_of_you(language):
    messages = CATALOGUES[language, "qa"].messages
    told = str([messages[section] for section in SAID_OF_A_CALL])
    assert re.findall(r"\b[Yy]ou(?:r|rs|rself)?\b|[你您]", told) == []
    assert re.search(r"\byou\b|你", str(CATALOGUES[language, "agent"].messages["reason"]))


@pytest.mark.parametrize("language", languages())
def test_every_language_speaks_to_the_agent_wherever_english_does(language):
    said = [
        tomllib.loads(CATALOGUE_FILES.joinpath(f"{tag}.toml").read_text("utf-8"))["you"] for tag in ("en", language)
    ]
    assert {s: set(m) for s, m in said[1].items()} == {s: set(m) for s, m in said[0].items()}


@pytest.mark.parametrize(("language", "reader"), CATALOGUES)
def test_no_language_lacks_a_message_english_has(language, reader):
    english_messages, messages = CATALOGUES["en", reader].messages, CATALOGUES[language, reader].messages
    assert {s: set(m) for s, m in messages.items()} == {s: set(m) for s, m in english_messages.items()}
    shared = {"title", "none", "hz", "pace_wpm", "wpm", "comma"}
    if language != "en":
        same = {
            code
            for section, entries in messages.items()
            for code, entry in entries.items()
            if entry == english_messages[section][code]
        }
        assert same <= shared


@pytest.mark.parametrize("language", languages())
def test_no_word_on_screen_names_a_feeling_or_a_lie(language):
    everything = str(Catalogue.load(language).messages).lower()
    assert not re.search(r"anger|angry|\blie\b|lying|stress|emotion|憤怒|生氣|說謊|情緒|壓力", everything)


def test_an_unknown_language_is_an_error_that_names_the_known_ones():
    with pytest.raises(UsageError, match=r"'tlh'; choose one of: en, zh-Hant"):
        Catalogue.load("tlh")


def test_braces_in_quoted_words_stay_words():
    assert english("acknowledged", 3, text="{at} {0} {") == "You acknowledged at 0:03: “{at} {0} {”"
