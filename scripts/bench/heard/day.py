"""A working day as one sound: calls that begin, wait, pause and end as telephones let them, and the desk between.

Nobody tells when a call begins or ends; the truth is what was laid. The agent's microphone is open all day; the
caller's leg is digital silence between calls, as a headset's output is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from scripts.bench.calls import timed
from scripts.bench.heard.sounds import recorded, recorded_files
from scripts.bench.lines.heard import phone
from scripts.bench.lines.levels import Waveform, at_dbfs
from scripts.bench.lines.music import melody, music
from scripts.bench.lines.noise import pink
from scripts.bench.lines.tones import NETWORKS, Network, dial, tone
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

Begin: TypeAlias = Literal["ring-back", "line opens", "caller speaks"]
End: TypeAlias = Literal["silence", "busy", "congestion", "dial tone", "softer line"]
BEGINS: tuple[Begin, ...] = ("ring-back", "line opens", "caller speaks", "line opens")
ENDS: tuple[End, ...] = ("silence", "busy", "silence", "congestion", "softer line", "dial tone")
ROOM_DBFS, LINE_DBFS, SOFTER_DB = -62.0, -64.0, 18.0
TAIL_S = 25.0
"""Of the line after a call's end."""


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of the day, in seconds of the day: from the first word of either party to the end of the line.

    rings_s: since when it rang at the other end, or None. holds: where the caller's leg was music.
    """

    begin: Begin
    end: End
    begins_s: float
    ends_s: float
    rings_s: float | None
    holds: tuple[tuple[float, float], ...]
    pauses: tuple[tuple[float, float], ...]


@dataclass(slots=True)
class Day:
    """Both legs, float32 (2, n) at 16 kHz, agent first, and the calls in them."""

    legs: Floats
    calls: list[DayCall] = field(default_factory=list)


def day(data: Path, *, calls: int, seed: int, talk_s: float = 35.0) -> Day:
    """Build a day; the same seed gives the same."""
    rng = np.random.default_rng((seed, 41))
    made = timed.calls(data, length_s=talk_s, seed=seed, agreeable=False)
    networks = itertools.cycle(NETWORKS)
    tape = _Tape(rng)
    found = []
    for number in range(calls):
        tape.rest(float(rng.uniform(15.0, 35.0)), made if number % 4 == 1 else None)
        found.append(_call(tape, number, made, networks, rng))
    tape.rest(TAIL_S, None)
    return Day(tape.legs(), found)


def _call(
    tape: _Tape, number: int, made: Iterator[timed.Made], networks: Iterator[str], rng: np.random.Generator
) -> DayCall:
    begin, end = BEGINS[number % len(BEGINS)], ENDS[number % len(ENDS)]
    rings_s = None
    if begin == "ring-back":
        network = NETWORKS[next(networks)]
        rings_s = tape.at_s
        size = round(float(rng.uniform(6.0, 14.0)) * RATE_HZ)
        tape.line(tone(size, network.ring_hz, network.ring_s), None)
    elif begin == "line opens":
        tape.line(np.zeros(round(float(rng.uniform(0.8, 2.5)) * RATE_HZ)), None)
    begins_s = tape.talk(next(made))
    holds, pauses = [], []
    if number % 2 == 0:
        size = round(float(rng.uniform(20.0, 45.0)) * RATE_HZ)
        kinds = (music, melody, *((recorded, recorded) if recorded_files() else ()))
        since_s = tape.at_s
        tape.line(kinds[number // 2 % len(kinds)](size, rng), None)
        holds.append((since_s, tape.at_s))
        tape.talk(next(made))
    if number % 3 != 1:
        since_s = tape.at_s
        tape.line(np.zeros(round(float(rng.uniform(12.0, 40.0)) * RATE_HZ)), None)
        pauses.append((since_s, tape.at_s))
        tape.talk(next(made))
    ends_s = tape.at_s
    tape.over(end, NETWORKS[next(networks)])
    return DayCall(begin, end, begins_s, ends_s, rings_s, tuple(holds), tuple(pauses))


class _Tape:
    """Both legs as they grow."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._pieces: list[Floats] = []
        self._size = 0

    @property
    def at_s(self) -> float:
        return self._size / RATE_HZ

    def legs(self) -> Floats:
        return np.concatenate(self._pieces, axis=1)

    def rest(self, length_s: float, made: Iterator[timed.Made] | None) -> None:
        """No line; made: the agent speaks to a colleague."""
        size = round(length_s * RATE_HZ)
        desk = None
        if made is not None:
            desk = np.zeros(size)
            words = next(made).call.legs[0][: size // 3]
            desk[size // 3 : size // 3 + words.size] = words
        self._add(np.zeros(size, np.float32), desk)

    def line(self, sound: Waveform, agent: Waveform | None) -> None:
        """The caller's leg carries a sound, over the line's noise."""
        self._add(phone(sound + at_dbfs(self._rng.standard_normal(sound.size), LINE_DBFS)), agent)

    def talk(self, made: timed.Made) -> float:
        """Both talk; returns when the first word is said, in seconds of the day."""
        first = min(a for spans in made.call.truth.values() for a, _ in spans)
        last = max(b for spans in made.call.truth.values() for _, b in spans)
        legs = made.call.legs[:, max(first - RATE_HZ // 4, 0) : last + RATE_HZ // 4].astype(np.float64)
        begins_s = self.at_s + min(first, RATE_HZ // 4) / RATE_HZ
        self.line(legs[1], legs[0])
        return begins_s

    def over(self, end: End, network: Network) -> None:
        size = round(TAIL_S * RATE_HZ)
        if end == "silence":
            return self._add(np.zeros(size, np.float32), None)
        if end == "softer line":
            noise = at_dbfs(self._rng.standard_normal(size), LINE_DBFS - SOFTER_DB)
            return self._add(np.asarray(noise, np.float32), None)
        if end == "dial tone":
            return self.line(dial(size), None)
        rhythm_s = network.busy_s if end == "busy" else network.congestion_s
        return self.line(tone(size, network.busy_hz, rhythm_s), None)

    def _add(self, caller: Floats, agent: Waveform | None) -> None:
        room = at_dbfs(pink(caller.size, RATE_HZ, self._rng), ROOM_DBFS)
        near = room if agent is None else room + agent
        self._pieces.append(np.stack([near.astype(np.float32), caller]))
        self._size += caller.size
