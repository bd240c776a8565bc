"""What `devices` says of telephones."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from voicecare.audio.devices.telephone import Sound
from voicecare.commands.live import calls_known_by
from voicecare.commands.telephones import WHOLE_OUTPUT, telephone_lines
from voicecare.errors import UsageError

PLAYS = Sound(1, "1", "baresip", "Baresip", records=False)
RECORDS = Sound(2, "1", "baresip", "Baresip", records=True)
OTHER = [Sound(3, "2", "ourphone", "Our Phone", records=False), Sound(4, "2", "ourphone", "Our Phone", records=True)]


def test_a_telephone_is_named_with_what_it_does():
    assert telephone_lines([PLAYS]) == ["telephone: Baresip plays"]
    assert telephone_lines([PLAYS, RECORDS]) == ["telephone: Baresip plays and records: a call"]


def test_a_program_that_does_both_and_is_not_known_is_offered():
    (line,) = telephone_lines(OTHER)
    assert line == "perhaps a telephone: Our Phone plays and records; if it is yours, add --app 'Our Phone'"
    assert telephone_lines(OTHER, ["our phone"]) == ["telephone: Our Phone plays and records: a call"]


def test_what_stands_still_or_only_plays_music_is_not_mentioned():
    music = Sound(9, "7", "mpv", "mpv", records=False)
    assert telephone_lines([music, dataclasses.replace(PLAYS, corked=True)]) == telephone_lines([])


def test_where_the_system_does_not_tell_it_is_said():
    assert telephone_lines(None) == [WHOLE_OUTPUT]


@pytest.mark.parametrize(
    ("asked", "own_line", "apps", "platform", "expected"),
    [
        (None, False, False, "linux", "softphone"),
        (None, True, False, "linux", "sound"),
        (None, False, False, "win32", "sound"),
        (None, False, True, "darwin", "softphone"),
        ("asked", False, False, "linux", "asked"),
        ("sound", True, False, "linux", "sound"),
    ],
)
def test_how_calls_are_known_is_chosen_where_it_was_not_said(monkeypatch, asked, own_line, apps, platform, expected):
    monkeypatch.setattr(sys, "platform", platform)
    assert calls_known_by(asked, own_line=own_line, apps=apps) == expected


@pytest.mark.parametrize(
    ("asked", "own_line", "apps", "said"),
    [
        ("phone", False, False, "choose softphone, sound, asked"),
        ("softphone", True, False, "leave out --caller and --stereo"),
        (None, True, True, "--app NAME goes with --calls softphone"),
        ("sound", False, True, "--app NAME goes with --calls softphone"),
    ],
)
def test_ways_that_do_not_go_together_are_refused(asked, own_line, apps, said):
    with pytest.raises(UsageError, match=said):
        calls_known_by(asked, own_line=own_line, apps=apps)
