"""A call is known by who plays and records at once."""

from __future__ import annotations

import dataclasses

import pytest

from voicecare.audio.devices.softphones import Phone, Softphones
from voicecare.audio.devices.telephone import (
    BELIEVED_S,
    GONE_S,
    MUTED_S,
    SILENT_S,
    UNANSWERED_S,
    Line,
    Sound,
    Telephone,
)

PLAYS = Sound(7, "4711", "baresip", "Baresip", records=False, device="headset")
RECORDS = Sound(3, "4711", "baresip", "Baresip", records=True, device="headset_mic")
PAGE_PLAYS = Sound(9, "99", "firefox", "Firefox", records=False, device="headset")
PAGE_RECORDS = Sound(8, "99", "firefox", "Firefox", records=True, device="headset_mic")
MUSIC = Sound(1, "5", "mpv", "mpv", records=False, device="headset")
RECORDER = Sound(2, "6", "obs", "OBS", records=True)
TALK = Line("talk", "Baresip", 7, "headset", "headset_mic")


def telephone(*named):
    return Telephone(Softphones.load(named))


def phases(moments, *named):
    """What is told of a day: (seconds, streams) one after the other, each phase once."""
    watched, told = telephone(*named), []
    for now_s, sounds in moments:
        phase = watched.look(sounds, now_s).phase
        if not told or told[-1] != phase:
            told.append(phase)
    return told


@pytest.mark.parametrize(
    ("what", "moments", "expected"),
    [
        ("nobody does anything", [(0, ())], ["rest"]),
        ("it rings, then they talk, then it is over",
         [(0, ()), (1, [PLAYS]), (4, [PLAYS, RECORDS]), (60, []), (60 + GONE_S, []), (61, [])],
         ["rest", "ringing", "talk", "ended", "rest"]),
        ("a ring nobody answers", [(0, [PLAYS]), (20, [])], ["ringing", "rest"]),
        ("music and a recorder are no telephone", [(0, [MUSIC, RECORDER])], ["rest"]),
        ("a program that does both and is no telephone",
         [(0, [MUSIC, dataclasses.replace(RECORDER, group="5", program="mpv")])], ["rest"]),
        ("answering, holding and resuming renew what plays",
         [(0, [PLAYS, RECORDS]), (5, [RECORDS]), (5.1, [dataclasses.replace(PLAYS, index=12), RECORDS])],
         ["talk"]),
        ("a softphone that stops playing holds",
         [(0, [PLAYS, RECORDS]), (5, [RECORDS]), (5 + SILENT_S, [RECORDS]), (30, [PLAYS, RECORDS])],
         ["talk", "hold", "talk"]),
        ("corked streams stand still",
         [(0, [PLAYS, RECORDS]), (5, [dataclasses.replace(PLAYS, corked=True), RECORDS]),
          (7, [dataclasses.replace(PLAYS, corked=True), RECORDS])],
         ["talk", "hold"]),
        ("a hold that never ends is no call",
         [(0, [PLAYS, RECORDS]), (1, [RECORDS]), (3, [RECORDS]), (1 + UNANSWERED_S, [RECORDS])],
         ["talk", "hold", "ended"]),
        ("one that mutes itself by closing the microphone goes on",
         [(0, [PLAYS, RECORDS]), (5, [PLAYS]), (5 + MUTED_S - 0.1, [PLAYS]), (10, [PLAYS, RECORDS])], ["talk"]),
        ("one that goes on playing alone is over",
         [(0, [PLAYS, RECORDS]), (5, [PLAYS]), (5 + MUTED_S, [PLAYS])], ["talk", "ended"]),
        ("a headset that is changed reopens both",
         [(0, [PLAYS, RECORDS]), (5, []), (5.2, []), (5.3, [PLAYS, RECORDS]), (9, [PLAYS, RECORDS])], ["talk"]),
        ("over and ringing anew within the time that a headset may take",
         [(0, [PLAYS, RECORDS]), (5, []), (5.2, [PLAYS]), (5 + GONE_S, [PLAYS]), (6, [PLAYS])],
         ["talk", "ended", "ringing"]),
        ("a page that tries the microphone for a moment",
         [(0, [PAGE_PLAYS, PAGE_RECORDS]), (BELIEVED_S / 2, [PAGE_PLAYS]), (5, [PAGE_PLAYS])], ["rest"]),
        ("a page that telephones, and whose microphone stays open after the call",
         [(0, [PAGE_PLAYS, PAGE_RECORDS]), (1, [PAGE_PLAYS, PAGE_RECORDS]), (9, [PAGE_RECORDS]),
          (9 + SILENT_S, [PAGE_RECORDS]), (12, [PAGE_RECORDS])],
         ["rest", "talk", "ended", "rest"]),
        ("a video in a page does not ring", [(0, [PAGE_PLAYS])], ["rest"]),
        ("a chime of the softphone is not its caller",
         [(0, [PLAYS, RECORDS]), (3, [PLAYS, RECORDS, dataclasses.replace(PLAYS, index=40, role="event")])], ["talk"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_day_is_told_by_the_streams_of_programs(what, moments, expected):  # noqa: ARG001
    assert phases(moments) == expected


def test_the_caller_is_the_newest_stream_that_plays_and_no_chime():
    watched = telephone()
    assert watched.look([PLAYS, RECORDS, MUSIC], 0.0) == TALK
    chime = dataclasses.replace(PLAYS, index=40, role="event")
    assert watched.look([PLAYS, RECORDS, chime], 1.0) == TALK
    renewed = dataclasses.replace(PLAYS, index=12, device="earphones")
    assert watched.look([renewed, RECORDS], 2.0) == dataclasses.replace(TALK, stream=12, device="earphones")
    assert watched.look([RECORDS], 3.0).stream is None


def test_while_one_program_holds_a_call_another_one_is_not_noticed():
    other = [dataclasses.replace(s, group="8", program="linphone", index=s.index + 50) for s in (PLAYS, RECORDS)]
    watched = telephone()
    watched.look([PLAYS, RECORDS], 0.0)
    assert watched.look([*other, PLAYS, RECORDS], 1.0) == TALK
    watched.look(other, 2.0)
    assert watched.look(other, 2.0 + GONE_S).phase == "ended"
    assert watched.look(other, 3.0).app == "Linphone"


def test_time_alone_matters_only_where_something_is_undecided():
    watched = telephone()
    watched.look([], 0.0)
    assert not watched.unsettled
    watched.look([PLAYS, RECORDS], 1.0)
    assert not watched.unsettled
    watched.look([], 2.0)
    assert watched.unsettled


@pytest.mark.parametrize(
    ("named", "program", "client", "expected"),
    [
        ((), "linphone", "", Phone("Linphone", "softphone")),
        ((), "MicroSIP.exe", "", Phone("MicroSIP", "softphone")),
        ((), "ALSA plug-in", "baresip", Phone("Baresip", "softphone")),
        ((), "firefox-bin", "Firefox", Phone("Firefox", "browser")),
        ((), "mpv", "mpv Media Player", None),
        ((), "", "", None),
        (("linphone",), "baresip", "Baresip", None),
        (("ourphone",), "OurPhone-2.1", "Our Phone", Phone("Our Phone", "softphone")),
        (("firefox",), "firefox", "Firefox", Phone("Firefox", "browser")),
        (("google",), "chrome", "", Phone("Google Chrome", "browser")),
    ],
)
def test_telephones_are_known_by_name_or_named_by_the_agent(named, program, client, expected):
    assert Softphones.load(named).phone(program, client) == expected
