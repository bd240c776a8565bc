"""What the agent's screen shows: the cue, its reasons, and honestly when nobody listens."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue import placement
from voicecare.cue.palette import PALETTES, contrast
from voicecare.cue.viewmodel import NOTICE_S, STALL_S, ViewModel
from voicecare.timebase import samples
from voicecare.types import Cue, Health, Reason

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
    assert "1:12" in shown.details[0]
    screen.push(dataclasses.replace(CUE, cleared_at=5, cleared_by="heeded"))
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
