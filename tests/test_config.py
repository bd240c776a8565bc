"""Settings: every number has one place, and a misspelt one is never silently ignored."""

from __future__ import annotations

import dataclasses
import tomllib
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.config import SENSITIVITIES, Config, with_sensitivity
from voicecare.config.settings import from_values, load, to_toml
from voicecare.errors import UsageError


def test_the_printed_settings_read_back_to_the_same():
    assert from_values(tomllib.loads(to_toml(Config())), "here") == Config()


def test_a_setting_given_changes_that_one_alone():
    config = from_values({"cues": {"min_gap_s": 60}}, "here")
    assert config.cues.min_gap_s == 60.0
    assert config.turns == Config().turns


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cue": {}}, r"\[cue\].*'cues'"),
        ({"cues": {"min_gap": 1}}, "'min_gap'.*'min_gap_s'"),
        ({"cues": {"min_gap_s": "long"}}, "must be a number"),
        ({"cues": {"min_gap_s": True}}, "must be a number"),
        ({"cues": {"min_gap_s": float("nan")}}, "must be a number"),
        ({"cues": {"max_per_call": 2.5}}, "whole number"),
        ({"cues": {"shadow": 1}}, "true or false"),
        ({"cues": 3}, "must be a section"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(values, words):
    with pytest.raises(UsageError, match=words) as caught:
        from_values(values, "v.toml")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_toml_is_said(tmp_path):
    (tmp_path / "v.toml").write_bytes(b"\xff[cues")
    with pytest.raises(UsageError, match="not valid TOML"):
        load(tmp_path / "v.toml")
    with pytest.raises(UsageError, match="check the path"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e999"])
def test_no_setting_is_without_end(tmp_path, value):
    (tmp_path / "v.toml").write_text(f"[cues]\nmin_gap_s = {value}\n")
    with pytest.raises(UsageError, match="no value of a setting"):
        load(tmp_path / "v.toml")


@pytest.mark.parametrize(
    ("section", "line", "least"),
    [
        ("words", "interim_s = -1", "0 or more"),
        ("cues", "max_per_call = -1", "0 or more"),
        ("strain", "every_s = 0", "more than 0"),
        ("words", "pace_utterances = 0", "1 or more"),
        ("vad", "on = 1.5", "0 or more, at most 1"),
        ("vad", "near_db = 500", "-200 or more, at most 200"),
        ("cues", "expire_s = 100000", "0 or more, at most 86400"),
    ],
)
def test_a_length_or_a_count_no_stage_can_work_with_is_refused(tmp_path, section, line, least):
    (tmp_path / "v.toml").write_text(f"[{section}]\n{line}\n")
    with pytest.raises(UsageError, match=rf"\[{section}\] {line}: must be {least}"):
        load(tmp_path / "v.toml")


def test_every_setting_may_be_written_out_as_it_is_and_zero_switches_off(tmp_path):
    (tmp_path / "v.toml").write_text(to_toml(Config()) + "\n")
    assert load(tmp_path / "v.toml") == Config()
    (tmp_path / "v.toml").write_text("[words]\ninterim_s = 0\n[cues]\nmin_gap_s = 0\nmax_per_call = 0\n")
    assert load(tmp_path / "v.toml").cues.max_per_call == 0


def test_sensitivities_are_in_order():
    low, normal, high = (with_sensitivity(Config(), level).cues.high for level in SENSITIVITIES)
    assert low > normal > high


@given(st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.dictionaries(st.text(), st.integers()))))
def test_any_other_table_is_refused_or_taken_but_never_breaks(values):
    try:
        config = from_values(values, "here")
    except UsageError:
        return
    assert isinstance(config, Config)


def test_every_number_says_its_bounds_and_its_default_lies_within():
    for section in dataclasses.fields(Config):
        values = getattr(Config(), section.name)
        types = get_type_hints(type(values), include_extras=True)
        for entry in dataclasses.fields(values):
            value = getattr(values, entry.name)
            if type(value) in (int, float):
                bounds = types[entry.name].__metadata__[0]
                assert bounds.allow(value), f"{section.name} {entry.name}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 3_000 + "]" * 3_000, "nested"),
        ("a = " + "[\n" * 3_000 + "]" * 3_000, "nested|dots|not valid TOML"),
        ("a = " + "{a=" * 3_000 + "1" + "}" * 3_000, "nested|dots|not valid TOML"),
        (".".join(["a"] * 20_000) + " = 1", "nested|dots|not valid TOML"),
        ("[cues]\nmin_gap_s = 1" + "0" * 400, "at most"),
        ("[cues]\nmin_gap_s = 1" + "0" * 5_000, "not valid TOML"),
        ("[cues]\nmin_gap_s = 0x" + "f" * 5_000, "."),
        ("[words]\nredact = 0x" + "f" * 5_000, "too large to show"),
        ("[words]\nsentiment = 0x" + "f" * 5_000, "too large to show"),
        ("[cues]\nmax_per_call = 0x" + "f" * 5_000, "."),
        ("[words]\nredact = '" + "f" * 5_000 + "'", "must be true or false"),
        ("cues = '" + "f" * 5_000 + "'", "must be a section"),
        ("# \n" * 400_000, "larger than 1000 kB"),
        ("\ud800", "not valid TOML"),
    ],
)
def test_a_settings_file_made_to_break_the_reader_is_refused_in_one_line(tmp_path, text, said):
    (tmp_path / "v.toml").write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(UsageError, match=said) as caught:
        load(tmp_path / "v.toml")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1_000
