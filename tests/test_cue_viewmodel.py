"""What the agent's screen shows: the cue, its reasons, and honestly when nobody listens."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.cue import placement
from voicecare.cue.palette import PALETTES, contrast
from voicecare.cue.reading import reading_s
from voicecare.cue.viewmodel import ENDED_S, NOTICE_S, STALL_S, ViewModel
from voicecare.timebase import samples
from voicecare.types import CallPhase, Cue, Health, Reason

CUE = Cue(1, "slow_down", 0, (Reason("spoke_over_caller", (samples(72),)),), samples(20))


def model(heard_s=100.0):
    screen = ViewModel(Catalogue.load("en", "agent"))
    screen.beat(0.0)
    screen.beat(heard_s)
    return screen


def test_before_anything_is_heard_it_says_that_it_is_starting():
    assert ViewModel(Catalogue.load("en", "agent")).view(0.0).mood == "starting"


def test_a_call_begins_with_the_notice_that_analysis_runs_and_then_shrinks_to_a_dot():
    screen = model(heard_s=0.0)
    first = screen.view(1.0)
    assert (first.mood, first.quiet, len(first.details)) == ("listening", False, 1)
    screen.beat(NOTICE_S)
    later = screen.view(NOTICE_S)
    assert (later.mood, later.shape, later.quiet) == ("listening", "dot", True)


def test_a_cue_shows_with_its_reason_until_it_is_cleared():
    screen = model()
    screen.push(CUE)
    shown = screen.view(100.0)
    assert (shown.headline, shown.shape, shown.tone) == ("Slow down", "square", "high")
    assert shown.details == ("You spoke over the caller",)
    assert shown.more == ("You spoke over the caller at 1:12",)
    screen.push(dataclasses.replace(CUE, cleared_at=5, cleared_by="expired"))
    assert screen.view(100.0).quiet


def test_a_cue_logged_in_shadow_mode_is_not_shown():
    screen = model()
    screen.push(dataclasses.replace(CUE, shown=False))
    assert screen.view(100.0).quiet


def test_clearing_an_old_cue_leaves_the_one_that_replaced_it():
    screen = model()
    screen.push(CUE)
    screen.push(dataclasses.replace(CUE, id=2, kind="acknowledge"))
    screen.push(dataclasses.replace(CUE, cleared_at=5, cleared_by="replaced"))
    assert screen.view(100.0).headline == "Acknowledge"


def test_a_vanished_device_is_said_over_any_cue_and_the_cue_is_back_after_it():
    screen = model()
    screen.push(CUE)
    screen.push(Health(0, "not_listening", 0, "caller_device_gone"))
    deaf = screen.view(100.0)
    assert (deaf.mood, deaf.quiet) == ("deaf", False)
    assert "caller" in deaf.details[0].lower()
    screen.push(Health(0, "listening", 0, "caller_device_gone"))
    assert screen.view(100.0).mood == "cue"


def test_of_two_faults_the_end_of_one_leaves_the_other():
    screen = model()
    screen.push(Health(0, "not_listening", 0, "caller_device_gone"))
    screen.push(Health(0, "silent_leg", 0, "agent_silent"))
    screen.push(Health(0, "listening", 0, "caller_device_gone"))
    assert screen.view(100.0).mood == "deaf"


def test_an_engine_that_stopped_is_noticed_without_an_event():
    screen = model()
    assert screen.view(100.0 + STALL_S - 0.1).mood == "listening"
    assert screen.view(100.0 + STALL_S + 0.1).mood == "deaf"


def test_a_caller_who_is_silent_is_no_fault():
    screen = model()
    screen.push(Health(0, "silent_leg", 0, "caller_silent"))
    assert screen.view(100.0).mood == "waiting"


def test_snooze_hides_cues_until_it_ends():
    screen = model()
    screen.push(CUE)
    screen.wishes.snoozed_until_s = 100.0 + 300
    assert screen.view(100.0).mood == "snoozed"
    screen.beat(400.5)
    assert screen.view(400.5).mood == "cue"


def test_a_fault_is_said_although_cues_are_snoozed():
    screen = model()
    screen.wishes.snoozed_until_s = 1000.0
    screen.push(Health(0, "not_listening", 0, "agent_muted"))
    assert screen.view(100.0).mood == "deaf"


def test_pause_and_objection_say_so_and_a_new_call_takes_the_objection_back():
    screen = model()
    screen.wishes.paused = True
    assert screen.view(100.0).mood == "paused"
    screen.wishes.objected = True
    assert screen.view(100.0).mood == "objected"
    assert not screen.wishes.analyses()
    screen.wishes.paused = screen.wishes.objected = False
    screen.new_call()
    assert screen.view(100.0).mood == "starting"


def test_a_failed_recogniser_is_no_deafness_and_is_told_to_who_asks():
    screen = model()
    screen.push(Health(0, "stage_failed", 1, "no_words"))
    view = screen.view(100.0)
    assert view.mood == "listening"
    assert view.details


def test_after_a_night_asleep_the_screen_listens_again():
    screen = model()
    for kind in ("not_listening", "listening"):
        screen.push(Health(0, kind, 0, "slept"))
    assert screen.view(100.0).mood == "listening"


health = st.builds(
    Health,
    at=st.just(0),
    kind=st.sampled_from(["not_listening", "listening", "silent_leg", "leak", "gap", "recogniser_behind"]),
    amount=st.just(0),
    note=st.sampled_from(["caller_device_gone", "agent_silent", "caller_silent", "slept", ""]),
)


@given(st.lists(health, max_size=20), st.floats(0, 1e6), st.booleans(), st.booleans())
def test_whatever_happens_there_is_something_to_say(events, now_s, paused, objected):
    screen = model()
    screen.wishes.paused, screen.wishes.objected = paused, objected
    for event in events:
        screen.push(event)
    view = screen.view(now_s)
    assert view.headline
    assert not view.quiet or view.mood != "deaf"


@pytest.mark.parametrize("name", PALETTES)
def test_every_colour_can_be_read_on_its_ground(name):
    palette = PALETTES[name]
    for colour in (palette.text, palette.detail, *palette.tones.values()):
        assert contrast(colour, palette.ground) >= 4.5


def test_levels_differ_in_shape_and_not_in_colour_alone():
    screens = []
    for kind in ("slow_down", "acknowledge", "well_held"):
        screen = model()
        screen.push(dataclasses.replace(CUE, kind=kind))
        screens.append(screen.view(100.0))
    for one, other in itertools.combinations(screens, 2):
        assert one.shape != other.shape
        assert one.headline != other.headline


def test_the_place_of_the_pill_is_remembered(tmp_path):
    path = tmp_path / "deep" / "window.json"
    chosen = placement.Placement(screen="HDMI-1", right_px=40, top_px=8, scale=1.5, palette="light")
    placement.save(path, chosen)
    assert placement.load(path) == chosen


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"top_px": -99999999999}', '{"scale": 99, "palette": "pink", "right_px": "x", "new": 1}']
)
def test_a_broken_or_foreign_place_falls_back_to_the_default(tmp_path, text):
    path = tmp_path / "window.json"
    path.write_text(text)
    assert placement.load(path) == placement.Placement()


def test_a_cue_that_was_followed_at_once_stands_until_it_could_be_read_and_says_that_it_was_followed():
    screen = model()
    screen.push(CUE)
    first = screen.view(100.0)
    screen.push(dataclasses.replace(CUE, cleared_at=5, cleared_by="heeded"))
    takes_s = reading_s(first.headline, *first.details)
    screen.beat(100.0 + takes_s)
    standing = screen.view(100.0 + takes_s - 0.1)
    assert (standing.mood, standing.headline, standing.shape) == ("done", first.headline, "check")
    assert screen.view(100.0 + takes_s + 0.1).mood == "listening"


def test_a_cue_that_was_read_goes_at_once_when_it_is_followed():
    screen = model()
    screen.push(CUE)
    screen.view(100.0)
    screen.beat(110.0)
    screen.push(dataclasses.replace(CUE, cleared_at=5, cleared_by="eased"))
    assert screen.view(110.0).mood == "listening"


def test_another_cue_needs_no_waiting_for_the_last_one_to_be_read():
    screen = model()
    screen.push(CUE)
    screen.view(100.0)
    screen.push(dataclasses.replace(CUE, cleared_at=5, cleared_by="heeded"))
    screen.push(dataclasses.replace(CUE, id=2, kind="acknowledge"))
    assert screen.view(100.1).cue_id == 2


@pytest.mark.parametrize("language", languages())
def test_the_pill_says_no_figure_and_no_moment_in_mid_call(language):
    reasons = [Reason("strain_high", (samples(31),), 0.72), Reason("pitch_up", (samples(31),), 11.6)]
    for first in (reasons, reasons[::-1], [Reason("voice_only"), *reasons]):
        screen = ViewModel(Catalogue.load(language, "agent"))
        screen.beat(0.0)
        screen.push(dataclasses.replace(CUE, kind="acknowledge", because=tuple(first)))
        view = screen.view(0.0)
        assert len(view.details) == 1
        assert not re.search(r"\d", view.details[0])
        assert any("0:31" in line for line in view.more)


def test_every_language_can_be_read_in_the_time_given():
    assert reading_s("Slow down") == pytest.approx(2.5)
    assert reading_s("放慢一點", "你打斷了來電者") > reading_s("放慢一點")


def phase(name, at=0):
    return CallPhase(at, name, "softphone")


def test_the_moments_of_a_cue_count_from_the_start_of_the_call():
    screen = model()
    screen.push(phase("ringing"))
    screen.push(phase("talk", samples(8)))
    screen.push(CUE)
    assert screen.view(100.0).more == ("You spoke over the caller at 1:04",)


def test_between_calls_nothing_is_on_screen_and_nothing_complains_of_a_silent_microphone():
    screen = model()
    screen.push(phase("talk"))
    screen.push(Health(0, "silent_leg", 0, "agent_silent"))
    assert screen.view(100.0).mood == "deaf"
    screen.push(phase("ended"))
    assert (screen.view(100.0).mood, screen.view(100.0).size) == ("ended", "label")
    screen.push(phase("rest"))
    assert screen.view(100.0).mood == "ended", "the end is shown for a moment, also where rest follows at once"
    screen.push(Health(0, "silent_leg", 0, "agent_silent"))
    for after_s in (ENDED_S + 0.1, 3600.0):
        rest = screen.view(100.0 + after_s)
        assert (rest.mood, rest.size, rest.details) == ("rest", "none", ())


def test_between_calls_it_is_said_when_the_next_one_would_not_be_noticed():
    screen = model()
    screen.push(phase("rest"))
    screen.push(Health(0, "not_listening", 0, "agent_server_gone"))
    view = screen.view(100.0)
    assert (view.mood, view.size) == ("deaf", "words")
    assert "sound server" in view.details[0]


def test_ringing_and_hold_are_said_and_a_cue_waits_while_the_caller_does():
    screen = model()
    screen.push(phase("ringing"))
    assert screen.view(100.0).mood == "ringing"
    screen.push(phase("talk"))
    screen.push(CUE)
    assert screen.view(100.0).mood == "cue"
    screen.push(phase("hold"))
    held = screen.view(100.0)
    assert (held.mood, held.size, held.headline) == ("hold", "label", "On hold")
    assert screen.view(1000.0).mood == "hold", "nothing comes from the devices while nobody listens"
    screen.push(phase("talk"))
    assert screen.view(100.0).mood == "cue"


def test_snoozed_paused_and_objected_look_and_read_each_in_their_own_way():
    looks = []
    for wish in ("snoozed_until_s", "paused", "objected"):
        screen = model()
        setattr(screen.wishes, wish, 1e9 if wish == "snoozed_until_s" else True)
        screen.view(100.0)
        screen.beat(200.0)
        view = screen.view(200.0)
        assert view.size == "label", "a state to be sure of keeps its words on screen"
        looks.append((view.mood, view.shape, view.headline))
    assert len({look[1] for look in looks}) == len({look[2] for look in looks}) == 3


def test_a_new_call_ends_the_objection_and_neither_snooze_nor_pause():
    screen = model()
    screen.wishes.paused = screen.wishes.objected = True
    screen.wishes.snoozed_until_s = 1000.0
    screen.wishes.new_call()
    assert (screen.wishes.paused, screen.wishes.objected, screen.wishes.snoozed_until_s) == (True, False, 1000.0)


def test_a_pause_that_outlasts_a_call_is_said_in_full_when_the_next_begins():
    screen = model()
    screen.wishes.paused = True
    screen.push(phase("rest"))
    resting = screen.view(100.0)
    assert (resting.mood, resting.shape) == ("rest", "bar")
    assert "Paused" in resting.details[0]
    screen.push(phase("talk"))
    assert (screen.view(200.0).mood, screen.view(200.0).size) == ("paused", "words")
    assert screen.view(200.0 + NOTICE_S).size == "label"


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("Jabra Evolve", "The call plays on Jabra Evolve"),
        ("\x1b[2J<b>x</b>\u202e", "The call plays on ?[2J<b>x</b>?"),
        ("a" * 900, "The call plays on " + "a" * 40),
    ],
)
def test_a_call_on_another_device_names_it_and_obeys_no_name(device, said):
    screen = model()
    screen.push(Health(0, "not_listening", 0, "caller_elsewhere", {"device": device}))
    assert screen.view(100.0).details == (said,)
    screen.push(Health(0, "not_listening", 0, "caller_elsewhere"))
    assert screen.view(100.0).details == ("The call plays on another device",)


def test_an_answer_is_about_the_last_cue_of_this_call_or_the_one_before():
    screen = model()
    screen.push(phase("talk"))
    screen.push(dataclasses.replace(CUE, id=3))
    screen.push(phase("ended"))
    screen.new_call()
    assert screen.last_cue == 3
    screen.beat(300.0)
    assert screen.last_cue is None


def test_that_the_limit_keeps_cues_away_is_said_beside_listening_until_one_shows_again():
    screen = model()
    screen.push(Health(0, "cue_limit", 1, "acknowledge"))
    assert "one comes back" in screen.view(100.0).details[0]
    screen.push(CUE)
    screen.push(dataclasses.replace(CUE, cleared_at=samples(10), cleared_by="heeded"))
    assert screen.view(100.0).details == ()


def test_legs_that_may_be_swapped_are_said_on_the_screen():
    screen = model()
    screen.push(Health(0, "swapped_legs", 1))
    assert "swapped" in screen.view(100.0).details[0]
