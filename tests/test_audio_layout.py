"""Copies are refused, silent legs and leaks are said, and real calls pass."""

from __future__ import annotations

import time

import numpy as np
import pytest
import soundfile

from voicecare.audio.files.layout import LayoutMeter, refuse_copies
from voicecare.audio.files.leakage import TRANSFORM, WINDOW, Leak, LeakMeter
from voicecare.audio.files.recording import open_pair, open_recording
from voicecare.audio.joining.framing import Framer
from voicecare.errors import InputError
from voicecare.timebase import HOP, RATE_HZ

LENGTH_S = 48


def voice(seed, length_s=LENGTH_S):
    """Noise with the spectrum and the syllables of speech; exact enough where only likeness is asked."""
    rng = np.random.default_rng(seed)
    length = length_s * RATE_HZ
    spectrum = np.fft.rfft(rng.standard_normal(length))
    hz = np.fft.rfftfreq(length, 1 / RATE_HZ)
    spectrum *= (hz > 200) * (hz < 3_400) / (1 + (hz / 500) ** 2)
    syllables = np.interp(
        np.arange(length) / RATE_HZ, np.arange(0, length_s + 1, 0.2), rng.uniform(0, 1, length_s * 5 + 5)
    )
    sound = np.fft.irfft(spectrum, length) * syllables
    return (0.1 * sound / sound.std()).astype(np.float32)


def turns(offset, length_s=LENGTH_S):
    """Who speaks when: 3 s on, 3 s off."""
    second = np.arange(length_s * RATE_HZ) / RATE_HZ
    return (((second + offset) // 3) % 2 == 0).astype(np.float32)


def two_parties(length_s=LENGTH_S):
    hiss = np.random.default_rng(9).standard_normal((2, length_s * RATE_HZ)) * 10 ** (-65 / 20)
    legs = [voice(1, length_s) * turns(0, length_s), voice(2, length_s) * turns(2.7, length_s)]
    return (np.stack(legs) + hiss).astype(np.float32)


def later(samples, lag_ms):
    lag = round(lag_ms * RATE_HZ / 1_000)
    return np.concatenate([np.zeros(lag, np.float32), samples])[: len(samples)]


def measured(legs):
    meter = LayoutMeter()
    for block in Framer().push(np.asarray(legs, np.float32)):
        meter.push(block)
    return meter.report()


def saved(path, legs, rate_hz=RATE_HZ, **settings):
    soundfile.write(path, np.asarray(legs).T, rate_hz, **settings)
    return open_recording(path, agent_channel="left")


def test_two_parties_are_two_parties():
    layout = measured(two_parties())
    assert (layout.kind, layout.silent, layout.leaks, layout.health(0)) == ("two_parties", (), (), [])
    assert layout.similarity < 0.05
    assert layout.levels_dbfs == pytest.approx((-19, -19), abs=3)


MONO = voice(1, 10) + voice(2, 10)
OTHER_NOISE = np.random.default_rng(3).standard_normal(len(MONO)) * 10 ** (-55 / 20)

COPIES = {
    "the same samples": (MONO, MONO),
    "another level": (MONO, 0.4 * MONO),
    "inverted": (MONO, -MONO),
    "a little noise in one": (MONO, MONO + OTHER_NOISE),
    "a sample later": (MONO, later(MONO, 1 / 16)),
    "30 ms later": (later(MONO, 30), MONO),
    "panned, each a little louder on its own side": (
        voice(1, 10) + 0.85 * voice(2, 10),
        0.85 * voice(1, 10) + voice(2, 10),
    ),
}


@pytest.mark.parametrize("copy", COPIES)
def test_copies_are_refused_after_ten_seconds_with_what_to_do(tmp_path, copy):
    with pytest.raises(InputError, match=r"^call.wav: both channels carry the same sound .* --caller FILE$"):
        refuse_copies(saved(tmp_path / "call.wav", COPIES[copy], subtype="FLOAT"))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("call.wav", {"subtype": "ULAW"}),
        ("call.wav", {"subtype": "PCM_U8"}),
        ("call.wav", {"subtype": "IMA_ADPCM"}),
        ("call.mp3", {"format": "MP3", "bitrate_mode": "CONSTANT", "compression_level": 0.99}),
        ("call.ogg", {"format": "OGG", "subtype": "VORBIS", "compression_level": 0.9}),
        ("call.opus", {"format": "OGG", "subtype": "OPUS", "compression_level": 0.9}),
    ],
)
def test_copies_that_a_codec_made_a_little_different_are_refused(tmp_path, name, settings):
    legs = np.stack([MONO, 0.7 * MONO + OTHER_NOISE])
    with pytest.raises(InputError, match="the same sound"):
        refuse_copies(saved(tmp_path / name, legs, **settings))


def test_a_copy_given_as_two_files_is_refused_too(tmp_path):
    for name in ("agent.wav", "caller.wav"):
        soundfile.write(tmp_path / name, MONO, RATE_HZ)
    with pytest.raises(InputError, match=r"^agent.wav and caller.wav: "):
        refuse_copies(open_pair(tmp_path / "agent.wav", tmp_path / "caller.wav"))


@pytest.mark.parametrize("gain", [1.0, 4.0])
def test_a_minute_of_music_in_both_channels_does_not_make_a_call_a_copy(tmp_path, gain):
    music = gain * voice(5, 60)
    legs = np.concatenate([np.stack([music, music]), two_parties(24)], axis=1)
    refuse_copies(saved(tmp_path / "call.wav", legs, subtype="FLOAT"))
    layout = measured(legs)
    assert (layout.kind, layout.leaks) == ("two_parties", ())
    assert layout.similarity > 0.5


def test_two_parties_who_always_talk_at_once_are_no_copy_for_a_ring_back_in_both_channels():
    rings = np.stack([voice(5, 3)] * 2)
    together = np.stack([voice(1, 12), voice(2, 12)])
    layout = measured(np.concatenate([rings, together], axis=1))
    assert layout.kind == "two_parties"
    assert layout.similarity > 0.1


def test_an_ordinary_call_is_settled_before_it_is_read_whole():
    meter = LayoutMeter()
    framer = Framer()
    legs = two_parties(96)
    for start in range(0, legs.shape[1], RATE_HZ):
        for block in framer.push(legs[:, start : start + RATE_HZ]):
            meter.push(block)
        if meter.settled:
            break
    assert meter.settled
    assert start < 90 * RATE_HZ


@pytest.mark.parametrize(("row", "leg"), [(0, "agent"), (1, "caller")])
@pytest.mark.parametrize("noise_dbfs", [None, -70])
def test_a_silent_leg_is_said_and_not_refused(tmp_path, row, leg, noise_dbfs):
    legs = np.stack([MONO, MONO])
    legs[row] = 0 if noise_dbfs is None else OTHER_NOISE * 10 ** ((noise_dbfs + 55) / 20)
    layout = measured(legs)
    assert (layout.kind, layout.silent) == ("silent_leg", (leg,))
    (said,) = layout.health(77)
    assert (said.at, said.kind, said.note) == (77, "silent_leg", f"{leg}_silent")
    refuse_copies(saved(tmp_path / "call.wav", legs, subtype="FLOAT"))


def test_a_recording_of_nothing_has_two_silent_legs():
    assert measured(np.zeros((2, 5 * RATE_HZ))).silent == ("agent", "caller")


def test_one_click_does_not_end_the_silence_of_a_leg():
    legs = np.stack([MONO, np.zeros_like(MONO)])
    legs[1, 70_000:70_020] = 0.9
    assert measured(legs).silent == ("caller",)


@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize(("gain_db", "lag_ms"), [(-1, 0), (-3, 0), (-3, 3), (-10, 20), (-20, 100), (-30, 8), (-35, 50)])
def test_a_voice_in_the_other_leg_is_found_with_its_level_and_delay(gain_db, lag_ms, source):
    legs = two_parties()
    legs[1 - source] += 10 ** (gain_db / 20) * later(legs[source], lag_ms)
    layout = measured(legs)
    assert layout.kind == "leak"
    (leak,) = layout.leaks
    assert leak.source == ("agent", "caller")[source]
    assert leak.gain_db == pytest.approx(gain_db, abs=0.7)
    assert leak.lag_ms == pytest.approx(lag_ms, abs=0.5)


def test_a_leak_is_said_in_numbers():
    legs = two_parties()
    legs[0] += 10 ** (-12 / 20) * later(legs[1], 40)
    (said,) = measured(legs).health(5)
    assert (said.kind, said.note) == ("leak", "caller")
    assert said.details["quieter_db"] == pytest.approx(12, abs=0.7)
    assert said.details["later_ms"] == pytest.approx(40, abs=0.5)


def test_what_comes_before_its_source_is_no_leak():
    meter = LeakMeter("agent")
    for window in np.split(voice(1)[: 16 * 4 * WINDOW], 16):
        late, early = np.fft.rfft(later(window, 20)[::4], TRANSFORM), np.fft.rfft(window[::4], TRANSFORM)
        meter.push(late, 0.5 * early)
    assert meter.leak() is None


def test_noise_in_the_pauses_does_not_make_a_copy_less_alike():
    pause = np.random.default_rng(4).standard_normal((2, 20 * RATE_HZ)) * 10 ** (-52 / 20)
    assert measured(np.concatenate([np.stack([MONO, MONO]), pause], axis=1)).similarity > 0.9


def test_a_strong_leak_without_delay_is_not_also_seen_from_its_other_end():
    mirror, leak = Leak("agent", -15.3, -0.5), Leak("caller", -3.2, 0.5)
    assert LayoutMeter._one_way([mirror, leak]) == (leak,)


def test_leaks_both_ways_are_two():
    legs = two_parties()
    both = np.stack([legs[0] + 0.2 * later(legs[1], 60), legs[1] + 0.1 * later(legs[0], 10)])
    assert {leak.source: round(leak.lag_ms) for leak in measured(both).leaks} == {"caller": 60, "agent": 10}


def test_a_leak_into_a_silent_leg_is_no_copy():
    legs = np.stack([MONO, 10 ** (-25 / 20) * later(MONO, 15)])
    layout = measured(legs)
    assert layout.kind == "leak"
    assert [leak.source for leak in layout.leaks] == ["agent"]


def test_what_is_too_short_to_judge_passes():
    layout = measured(np.stack([MONO, MONO])[:, : RATE_HZ // 2])
    assert (layout.kind, layout.similarity) == ("two_parties", 0)


# Real recordings.


@pytest.mark.data
def test_no_real_call_is_refused_or_said_to_leak_and_every_copy_is_refused(data_dir):
    copies = {"config-sample.wav", "identical-channels.mp3"}
    paths = [*data_dir.glob("calls/*/*.wav"), *data_dir.glob("calls/*/*.mp3"), *data_dir.glob("heated/*.wav")]
    judged = {}
    for path in paths:
        if soundfile.info(path).channels == 2:
            meter = LayoutMeter()
            for block in open_recording(path):
                meter.push(block)
            judged[path.name] = meter.report().kind
    assert len(judged) >= 18
    assert judged == {name: "identical" if name in copies else "two_parties" for name in judged}


@pytest.mark.data
@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize(("gain_db", "lag_ms"), [(-3, 0), (-10, 45), (-25, 100), (-35, 10)])
def test_a_leak_mixed_into_a_real_call_is_found(data_dir, tmp_path, gain_db, lag_ms, source):
    path = data_dir / "calls/semi-real/day2_consultation03_t30.L-caller.R-agent.ulaw.8k.wav"
    legs, rate_hz = soundfile.read(path, dtype="float32")
    legs = legs.T
    lag = round(lag_ms * rate_hz / 1_000)
    legs[1 - source, lag:] += 10 ** (gain_db / 20) * legs[source, : legs.shape[1] - lag]
    meter = LayoutMeter()
    for block in saved(tmp_path / "call.wav", legs, rate_hz, subtype="ULAW"):
        meter.push(block)
    (leak,) = meter.report().leaks
    assert leak.source == ("agent", "caller")[source]
    assert leak.gain_db == pytest.approx(gain_db, abs=1.5)
    assert leak.lag_ms == pytest.approx(lag_ms, abs=0.5)


@pytest.mark.data
def test_the_level_of_a_leak_is_not_overstated_where_there_is_little_speech(data_dir):
    agent, caller = soundfile.read(data_dir / "calls/edge/two_channel_16k.wav", dtype="float32")[0].T
    (leak,) = measured(np.stack([agent, caller + 10 ** (-30 / 20) * later(agent, 10)])).leaks
    assert (leak.source, leak.lag_ms) == ("agent", 10)
    assert leak.gain_db == pytest.approx(-30, abs=3)


@pytest.mark.data
def test_measuring_costs_under_a_thousandth_of_the_call(data_dir):
    path = data_dir / "calls/auto-repairs/Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav"
    blocks = list(open_recording(path))
    meter = LayoutMeter()
    started = time.process_time()
    for block in blocks:
        meter.push(block)
    assert (time.process_time() - started) / (len(blocks) * HOP / RATE_HZ) < 0.001


@pytest.mark.parametrize("row", [0, 1])
def test_a_leg_that_ends_early_or_starts_late_is_said_with_its_moment(row):
    party = ("agent", "caller")[row]
    legs = two_parties()
    legs[row, 20 * RATE_HZ :] = 0.0
    (told,) = measured(legs).health(LENGTH_S * RATE_HZ)
    assert (told.kind, told.note) == ("silent_leg", f"{party}_silent")
    assert abs(told.at - told.amount - 20 * RATE_HZ) <= HOP
    legs = two_parties()
    legs[row, : 15 * RATE_HZ] = 0.0
    began, ended = measured(legs).health(LENGTH_S * RATE_HZ)
    assert (began.kind, ended.kind, began.note) == ("silent_leg", "listening", ended.note)
    assert abs(began.amount - 15 * RATE_HZ) <= HOP


def test_a_call_whose_legs_both_end_in_silence_or_in_a_short_one_is_not_said_to_be_cut():
    legs = two_parties()
    legs[:, 20 * RATE_HZ :] = 0.0
    assert measured(legs).health(0) == []
    legs = two_parties()
    legs[1, -5 * RATE_HZ :] = 0.0
    assert measured(legs).health(0) == []


def test_a_leg_too_quiet_to_be_heard_at_all_is_said_to_be_so_and_one_that_can_be_heard_is_not():
    for level_db, told in ((-8, []), (-36, ["quiet_leg"]), (-60, ["silent_leg"])):
        legs = two_parties()
        legs[1] *= 10 ** (level_db / 20)
        assert [event.kind for event in measured(legs).health(0)] == told


@pytest.mark.parametrize("source", [0, 1])
@pytest.mark.parametrize("gain_db", [-0.5, 0, 0.5, 3, 12])
def test_a_leg_that_is_a_mix_of_both_is_said_to_be_one_at_any_level(gain_db, source):
    legs = 0.2 * two_parties()
    legs[1 - source] += 10 ** (gain_db / 20) * legs[source]
    layout = measured(legs)
    (leak,) = layout.leaks
    assert layout.kind == "leak"
    assert leak.source == ("agent", "caller")[source]
    assert leak.gain_db == pytest.approx(gain_db, abs=1.5)
    (said,) = layout.health(0)
    assert said.details["mixed_db"] == pytest.approx(gain_db, abs=1.5)


def test_music_in_both_legs_amid_the_talk_makes_no_leg_a_mix():
    legs = two_parties()
    legs[:, 18 * RATE_HZ : 30 * RATE_HZ] = voice(5)[: 12 * RATE_HZ]
    assert measured(legs).leaks == ()


@pytest.mark.data
@pytest.mark.parametrize("row", [0, 1], ids=["into the agent's leg", "into the caller's leg"])
@pytest.mark.parametrize("gain_db", [-1, 0, 3])
def test_a_leg_of_a_real_call_that_is_a_mix_of_both_is_said(data_dir, tmp_path, gain_db, row):
    path = data_dir / "calls/semi-real/day1_consultation01_t0.L-caller.R-agent.ulaw.8k.wav"
    legs, rate_hz = soundfile.read(path, dtype="float32")
    legs = 0.5 * legs.T
    legs[row] += 10 ** (gain_db / 20) * legs[1 - row]
    meter = LayoutMeter()
    for block in saved(tmp_path / "call.wav", legs, rate_hz, subtype="ULAW"):
        meter.push(block)
    (leak,) = meter.report().leaks
    assert leak.source == ("agent", "caller")[1 - row]
    assert leak.gain_db == pytest.approx(gain_db, abs=1.5)
