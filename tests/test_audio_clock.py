"""Two devices with crystals of their own become one call: nothing lost silently, nothing late, no clicks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.audio.joining.clock import DeviceClock
from voicecare.audio.joining.drift import read_between
from voicecare.audio.joining.joining import Joiner, Stamped
from voicecare.audio.joining.wire import Fault, Opened, Tick
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import AudioBlock, Health

TONE_HZ = 110.0


class Device:
    """A sound card that hears a tone through a crystal of its own and delivers 20 ms blocks with a jitter."""

    def __init__(self, leg, *, ppm=0.0, latency_s=0.01, jitter_s=0.003, seed=0, block=320, begins_s=0.0):
        self.leg, self.block, self.latency_s, self.begins_s = leg, block, latency_s, begins_s
        self.rate_hz = RATE_HZ * (1 + ppm * 1e-6)
        self.jitter_s, self.random = jitter_s, np.random.default_rng(seed)
        self.count = 0

    def next(self):
        """The next block: what the tone was at the device's own moments, stamped when it arrives."""
        spoken_s = self.begins_s + (self.count + np.arange(self.block)) / self.rate_hz
        self.count += self.block
        due_s = self.begins_s + self.count / self.rate_hz + self.latency_s
        samples_ = (0.5 * np.sin(2 * np.pi * TONE_HZ * spoken_s)).astype(np.float32)
        return Stamped(self.leg, due_s + self.random.exponential(self.jitter_s), samples_)

    def play(self, length_s) -> Iterator[Stamped]:
        while self.count < length_s * self.rate_hz:
            yield self.next()


def in_order(*streams: Iterable[Stamped]) -> list[Stamped]:
    return sorted((m for stream in streams for m in stream), key=lambda m: m.arrived_s)


def run(messages):
    joiner = Joiner()
    out = [item for message in messages for item in joiner.push(message)]
    return joiner, [x for x in out if isinstance(x, AudioBlock)], [x for x in out if isinstance(x, Health)]


def audio(blocks):
    assert [b.start for b in blocks] == list(range(0, HOP * len(blocks), HOP)), "hops are contiguous from sample 0"
    return np.concatenate([b.samples for b in blocks], axis=1)


def lag_s(row, begins_s=0.0, tail_s=1.0):
    """How far the tone in the last second of a row lies behind the true tone, folded to ±half its period."""
    n = np.arange(len(row) - samples(tail_s), len(row))
    turn = np.exp(-2j * np.pi * TONE_HZ * (n / RATE_HZ + begins_s))
    phase = np.angle(np.sum(row[n] * turn)) + np.pi / 2
    return -(((phase + np.pi) % (2 * np.pi)) - np.pi) / (2 * np.pi * TONE_HZ)


def apart_s(row):
    """How far the legs are apart."""
    apart = lag_s(row[0]) - lag_s(row[1])
    return abs((apart + 0.5 / TONE_HZ) % (1 / TONE_HZ) - 0.5 / TONE_HZ)


def roughness(row):
    """The largest departure from the recurrence every pure tone obeys: a click sticks out."""
    centre = 2 * np.cos(2 * np.pi * TONE_HZ / RATE_HZ)
    return float(np.max(np.abs(row[2:] - centre * row[1:-1] + row[:-2])))


@given(st.floats(-200, 200), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_the_drift_of_a_crystal_is_known_to_a_few_ppm_after_two_minutes(ppm, seed):
    random, clock, count = np.random.default_rng(seed), DeviceClock(), 0
    while count < samples(130):
        count += 320
        clock.observe(count, 5.0 + count / (RATE_HZ * (1 + ppm * 1e-6)) + random.exponential(0.004))
    assert clock.drift_ppm == pytest.approx(ppm, abs=6)


def test_a_latency_that_wanders_is_not_taken_for_a_crystal():
    """Measured on a busy machine: minima of two seconds between 0 and 11 ms, then a step of 14 ms for good."""
    random, clock, count = np.random.default_rng(1), DeviceClock(), 0
    while count < samples(180):
        count += 320
        nominal_s = count / RATE_HZ
        wander_s = 0.005 * (1 + np.sin(nominal_s)) if nominal_s < 60 else 0.019
        clock.observe(count, 5.0 + nominal_s + wander_s + random.exponential(0.002))
        assert clock.drift_ppm == 0.0
    assert not clock.steady


def test_reading_between_samples_keeps_a_tone_pure_to_eighty_decibels():
    n = np.arange(3000)
    for tone_hz in (300, 1000, 3400):
        tone = np.sin(2 * np.pi * tone_hz / RATE_HZ * n).astype(np.float32)
        places = 40.25 + 1.0002 * np.arange(2800)
        error = read_between(tone, 40.25, 1.0002, 2800) - np.sin(2 * np.pi * tone_hz / RATE_HZ * places)
        assert 10 * np.log10(np.mean(error**2) / 0.5) < -80


def test_with_equal_crystals_the_samples_are_the_devices_own():
    agent, caller = Device("agent", seed=1), Device("caller", seed=2)
    sent = in_order(agent.play(20), caller.play(20))
    _, blocks, health = run(sent)
    heard = audio(blocks)
    assert health == []
    for row, leg in enumerate(("agent", "caller")):
        whole = np.concatenate([m.samples for m in sent if m.leg == leg])
        whole = np.clip(np.rint(whole * 32_768), -32_768, 32_767) / np.float32(32_768)  # a device gives 16 bits
        start = int(
            np.argmax(np.all(np.lib.stride_tricks.sliding_window_view(whole[:2000], 900) == heard[row, :900], 1))
        )
        assert np.array_equal(heard[row], whole[start : start + heard.shape[1]])


def test_two_crystals_drifting_apart_stay_together_without_clicks():
    drifting(-200, 200, 4)


@pytest.mark.slow
@pytest.mark.soak
def test_an_hour_of_two_crystals_drifting_apart_loses_nothing():
    drifting(200, -200, 60)


def drifting(agent_ppm, caller_ppm, minutes):
    agent = Device("agent", ppm=agent_ppm, seed=3, block=1600)
    caller = Device("caller", ppm=caller_ppm, seed=4, block=1600)
    joiner, second, position = Joiner(), samples(1.0), 0
    worst_apart_s = worst_click = 0.0
    kept: list = []
    streams = [agent.next(), caller.next()]
    while position < samples(minutes * 60):
        streams.sort(key=lambda m: m.arrived_s)
        message = streams.pop(0)
        for block in joiner.push(message):
            assert isinstance(block, AudioBlock), f"nothing is wrong, yet {block}"
            assert not block.gap
            kept.append(block.samples)
            position = block.end
        if sum(b.shape[1] for b in kept) >= 2 * second:
            row = np.concatenate(kept, axis=1)
            kept.clear()
            worst_click = max(worst_click, roughness(row[0]), roughness(row[1]))
            if position > samples(150):
                worst_apart_s = max(worst_apart_s, apart_s(row))
        streams.append((agent if message.leg == "agent" else caller).next())
    assert worst_click < 0.002, "a click of -48 dBFS would stick out"
    assert worst_apart_s < 0.005, "once the crystals are known the legs are within five milliseconds"
    assert joiner.drift_ppm["agent"] == pytest.approx(agent_ppm, abs=5)
    assert joiner.drift_ppm["caller"] == pytest.approx(caller_ppm, abs=5)


def stalled(messages, at_s, length_s, legs=("agent", "caller")):
    """Everything that would have arrived in the stall arrives at its end."""
    return sorted(
        (
            Stamped(m.leg, at_s + length_s + i * 1e-5, m.samples)
            if m.leg in legs and at_s <= m.arrived_s < at_s + length_s
            else m
            for i, m in enumerate(messages)
        ),
        key=lambda m: m.arrived_s,
    )


@pytest.mark.parametrize("length_s", [0.18, 1.6, 2.5])
def test_a_stall_that_delivers_everything_late_loses_nothing(length_s):
    agent, caller = Device("agent", seed=5), Device("caller", seed=6)
    sent = in_order(agent.play(12), caller.play(12))
    _, smooth, _ = run(sent)
    _, blocks, health = run(stalled(sent, 5.0, length_s))
    assert health == []
    assert not any(b.gap for b in blocks)
    assert np.array_equal(audio(blocks), audio(smooth)[:, : HOP * len(blocks)])


@given(at=st.floats(3, 8), length_s=st.floats(0.1, 4.0))
@settings(max_examples=15, deadline=None)
def test_lost_blocks_become_marked_zeros_and_the_rest_stays_in_time(at, length_s):
    agent, caller = Device("agent", seed=7), Device("caller", seed=8)
    sent = in_order(agent.play(16), caller.play(16))
    kept = [m for m in sent if not (m.leg == "caller" and at <= m.arrived_s < at + length_s)]
    _, blocks, health = run(kept)
    heard = audio(blocks)
    assert abs(lag_s(heard[0]) - lag_s(heard[1])) < 0.004
    assert [h.kind for h in health] == (["not_listening", "listening"] if length_s > 1.1 else []) or length_s > 0.9
    gaps = [b for b in blocks if b.gap]
    assert len(gaps) * HOP == pytest.approx(samples(length_s), abs=samples(0.12))
    assert all(not np.any(b.samples[1]) for b in gaps[1:-1]), "zeros stand for what was lost"
    assert roughness(heard[0]) < 0.001, "the other leg goes on untouched"


def test_a_device_that_vanishes_is_said_within_two_seconds_and_its_return_too():
    agent, caller = Device("agent", seed=9), Device("caller", seed=10)
    before = list(caller.play(5))
    after = [Opened("caller", 11.0, "headset"), *Device("caller", seed=11, begins_s=11.0).play(6)]
    fault = [Fault("caller", 5.1, "device_gone")]
    _, blocks, health = run(in_order(agent.play(17), before, fault, after))
    said = [(h.kind, h.note) for h in health]
    assert said == [("not_listening", "caller_device_gone"), ("listening", "caller_device_gone")]
    assert health[0].at < samples(5 + 2)
    assert health[1].amount == pytest.approx(samples(6), abs=samples(0.1))
    assert abs(lag_s(audio(blocks)[0]) - lag_s(audio(blocks)[1])) < 0.004


def test_both_devices_gone_time_goes_on_with_the_ticks():
    agent, caller = Device("agent", seed=12), Device("caller", seed=13)
    ticks = [Tick(4 + 0.1 * n) for n in range(40)]
    _, blocks, health = run(in_order(agent.play(4), caller.play(4), ticks))
    assert blocks[-1].end > samples(7.0)
    assert {h.note for h in health if h.kind == "not_listening"} == {"agent_no_sound", "caller_no_sound"}


def test_a_loopback_that_sleeps_while_nothing_plays_is_silence_and_not_a_loss():
    agent, caller = Device("agent", seed=14), Device("caller", seed=15)
    sent = in_order(agent.play(20), caller.play(20))
    kept = [m for m in sent if not (m.leg == "caller" and 4 <= m.arrived_s < 15)]
    _, blocks, health = run([Opened("caller", 0.0, "loopback", sleeps=True), *kept])
    assert health == []
    assert not any(b.gap for b in blocks)
    assert not np.any(blocks[10 * RATE_HZ // HOP].samples[1])
    heard = audio(blocks)
    assert abs(lag_s(heard[0]) - lag_s(heard[1])) < 0.004


def test_a_night_asleep_is_skipped_and_said():
    agent, caller = Device("agent", seed=16), Device("caller", seed=17)
    sent = in_order(agent.play(10), caller.play(10))
    slept = [m if m.arrived_s < 5 else Stamped(m.leg, m.arrived_s + 3600, m.samples) for m in sent]
    _, blocks, health = run(slept)
    assert [(h.kind, h.note) for h in health][:2] == [("not_listening", "slept"), ("listening", "slept")]
    assert health[0].amount == pytest.approx(samples(3600), abs=samples(0.1))
    assert blocks[-1].end < samples(11)


def test_a_call_starts_with_one_leg_when_the_other_does_not_come():
    agent = Device("agent", seed=18)
    _, blocks, health = run(list(agent.play(6)))
    assert blocks[-1].end > samples(5)
    assert [h.note for h in health] == ["caller_no_sound"]


def test_a_reader_that_falls_behind_gets_the_same_hops():
    """The joiner knows only stamps, so how late and in what batches it is fed cannot matter."""
    agent, caller = Device("agent", ppm=150, seed=19), Device("caller", ppm=-80, seed=20)
    sent = in_order(agent.play(30), caller.play(30))
    _, once, _ = run(sent)
    _, again, _ = run(iter(sent))
    assert np.array_equal(audio(once), audio(again))


def ticks(seconds, fault=None):
    return [*([Fault("caller", 0.0, fault)] if fault else []), *(Tick(n / 10) for n in range(round(seconds * 10)))]


def test_before_the_call_begins_a_fault_is_said_at_once_and_mere_silence_within_two_seconds():
    _, blocks, health = run(ticks(1.0, "server_gone"))
    assert blocks == []
    assert [h.note for h in health] == ["caller_server_gone"]
    _, blocks, health = run(ticks(2.2))
    assert blocks == []
    assert [(h.kind, h.note) for h in health] == [
        ("not_listening", "agent_no_sound"),
        ("not_listening", "caller_no_sound"),
    ]


def test_what_was_said_before_the_call_began_is_taken_back_when_it_begins():
    late = Device("agent", begins_s=5.0), Device("caller", begins_s=5.0)
    _, blocks, health = run([*ticks(5.0, "server_gone"), *in_order(*(device.play(2.0) for device in late))])
    assert blocks
    assert {h.note for h in health if h.kind == "not_listening"} == {"agent_no_sound", "caller_server_gone"}
    assert {h.note for h in health if h.kind == "listening"} == {"agent_no_sound", "caller_server_gone"}
