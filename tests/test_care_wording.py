"""Care's texts are whole in both languages, short, and name what the cards know."""

from __future__ import annotations

import string
import tomllib
import typing
from importlib import resources

import pytest
from care_samples import CARDS

from voicecare.care.cards import CardKind
from voicecare.care.drafts import INTENTIONS
from voicecare.care.fields import TABLES
from voicecare.care.switches import FEATURES
from voicecare.care.wording import LANGUAGES, Texts
from voicecare.errors import UsageError
from voicecare.types import CueKind


def raw(language):
    file = resources.files("voicecare.care").joinpath("texts", f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_with_the_same_names():
    english, chinese = raw("en"), raw("zh-Hant")
    assert {section: set(entries) for section, entries in english.items()} == {
        section: set(entries) for section, entries in chinese.items()
    }
    for section, entries in english.items():
        for code, text in entries.items():
            assert names(text) == names(chinese[section][code]), (section, code)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", typing.get_args(CardKind))
def test_every_card_can_be_read(language, kind):
    worded = Texts.load(language).worded(CARDS[kind])
    assert worded.title
    assert all(line and "{" not in line for line in worded.lines)
    assert [code for code, _ in worded.choices] == list(CARDS[kind].choices)
    assert sum(len(line) for line in worded.lines) <= 220


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_feature_field_cue_and_intention_has_words(language):
    messages = Texts.load(language).messages
    assert set(messages["feature"]) == set(FEATURES)
    assert set(messages["field"]) == {f"{table}_{field.name}" for table, fields in TABLES.items() for field in fields}
    assert set(messages["cue"]) == set(typing.get_args(CueKind))
    assert set(INTENTIONS) <= set(messages["choice"])


def test_an_intention_that_was_typed_is_read_as_it_was_typed():
    texts = Texts.load("en")
    assert texts.intention("@let_finish") == "If a caller is upset, I let them finish."
    assert texts.intention("{0} let_finish") == "{0} let_finish"


def test_a_language_without_texts_is_named():
    with pytest.raises(UsageError, match="zh-Hant"):
        Texts.load("xx")
