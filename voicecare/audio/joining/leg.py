"""One leg of the call: stamped blocks in, any stretch of the computer's time out, losses marked."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from voicecare.audio.joining.clock import DeviceClock
from voicecare.audio.joining.drift import HALF, read_between
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import Floats

WARM_UP_S = 0.2
"""Blocks are collected this long before the first is placed: a stream's first arrivals are its worst (to 40 ms)."""
STEP_S = 0.06
"""An arrival this far off the envelope is a loss, a backlog or a new latency, no jitter (p99 3 ms, worst 35 ms)."""
SETTLE_S = 0.12
"""A backlog comes at once; what is still late after this long has lost samples."""
STEER_FROM_S = {True: 0.002, False: 0.015}
"""An error of time is mended from this on: small where the clock is steady, else only what no wandering explains.
Until then the samples are the device's own, untouched."""
STEER_TO_S = 0.0005
STEER_S = 10.0
"""An error is steered away over about this long."""
MAX_STEER = 500e-6
"""Never bend the speed further than this: 0.9 cent of pitch, inaudible and far below any F0 method's resolution."""
YOUNG_S = 3.0
YOUNG_STEP_S = 0.005
"""In the first seconds of a stream an error of time is mended at once, by leaving out or doubling a few milliseconds:
its first blocks come late (measured: 20 ms), and bending the speed to make up for that would take a minute."""
KEEP: Samples = samples(2.0)
"""Audio already read that is kept, for a read that starts a little earlier after a jump."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a leg has for a stretch of time: float32 (n,), and how many of the samples were lost (zeros)."""

    samples: Floats
    lost: Samples


class Leg:
    """Places the blocks of one device on the computer's clock.

    Loss is seen by time: a device that delivers fewer samples than its clock says has lost the difference, whatever its
    flags say. A stall that delivers everything late has lost nothing. Losses shorter than 60 ms cannot be told from a
    change of latency; they are steered away within a minute and the audio stays continuous.
    """

    def __init__(self) -> None:
        self._clock = DeviceClock()
        self._count: Samples = 0
        self._chunks: deque[tuple[Samples, Floats]] = deque()
        self._held: list[tuple[float, Floats]] = []
        self._anchored = False
        self._steering = False
        self._place: float | None = None
        self._first = 0.0

    @property
    def anchored(self) -> bool:
        """Whether it is known what time the device's samples belong to."""
        return self._anchored

    @property
    def drift_ppm(self) -> float:
        """How much faster than 16 kHz the device counts."""
        return self._clock.drift_ppm

    @property
    def first_s(self) -> float:
        """The time of the oldest sample at hand."""
        return self._clock.time_of(self._chunks[0][0] if self._chunks else self._count)

    def push(self, arrived_s: float, block: Floats) -> None:
        """Take a block, float32 mono at 16 kHz, whose last sample arrived at `arrived_s`."""
        self._held.append((arrived_s, block))
        waiting_s = arrived_s - self._held[0][0]
        late = self._lateness()
        if not self._anchored:
            if waiting_s >= WARM_UP_S:
                self._anchored = True
                self._place_held()
        elif late[-1] < -STEP_S:
            self._clock.restart_at(self._count + sum(len(b) for _, b in self._held), arrived_s)
            self._place_held()
        elif late[-1] <= STEP_S:
            self._place_held()
        elif waiting_s >= SETTLE_S:
            lost = samples(min(late))
            self._count += lost
            self._place_held()

    def ready(self, time_s: float, length: Samples) -> bool:
        """Whether `length` samples from `time_s` on can be read without waiting for more."""
        if not self._anchored:
            return False
        return self._aim(time_s) + length * (1.0 + 2 * MAX_STEER) + HALF + 1 <= self._count

    def read(self, time_s: float, length: Samples) -> Piece:
        """Read the samples heard from `time_s` on; missing ones are zeros and counted as lost.

        Reads go forward: what lies more than two seconds behind the last read is forgotten.
        """
        if not self._anchored:
            return Piece(np.zeros(length, np.float32), length)
        first = self._aim(time_s)
        step = self._step(time_s, first)
        base = int(first) - HALF
        window, held = self._window(base, length + TAIL)
        inside = held[HALF : HALF + length]
        if self._place is None:
            self._first = first
        self._place = first + step * length
        self._forget(int(first) - KEEP)
        return Piece(read_between(window, first - base, step, length), length - int(inside.sum()))

    def _lateness(self) -> list[float]:
        """How late each held block is, on the samples counted so far."""
        count, late = self._count, []
        for arrived_s, block in self._held:
            count += len(block)
            late.append(self._clock.lateness_s(count, arrived_s))
        return late

    def _place_held(self) -> None:
        for arrived_s, block in self._held:
            self._chunks.append((self._count, block))
            self._count += len(block)
            self._clock.observe(self._count, arrived_s)
        self._held.clear()

    def _aim(self, time_s: float) -> float:
        """The place to read from: where the last read ended, unless the device's time has moved by a real step."""
        due = self._clock.count_at(time_s)
        step_s = YOUNG_STEP_S if self._place is not None and self._place - self._first < samples(YOUNG_S) else STEP_S
        if self._place is None or abs(due - self._place) > samples(step_s):
            return float(round(due))
        return self._place

    def _step(self, time_s: float, first: float) -> float:
        """The speed to read at: the crystal's own, bent a little while the reading is not where the clock says."""
        error_s = (self._clock.count_at(time_s) - first) / RATE_HZ
        if abs(error_s) > STEER_FROM_S[self._clock.steady]:
            self._steering = True
        elif abs(error_s) < STEER_TO_S:
            self._steering = False
        bend = min(MAX_STEER, max(-MAX_STEER, error_s / STEER_S)) if self._steering else 0.0
        return 1.0 + self._clock.drift_ppm * 1e-6 + bend

    def _window(self, base: Samples, length: Samples) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """Copy a stretch of the device's samples, zeros where there are none, with a mask of those there are."""
        window, held = np.zeros(length, np.float32), np.zeros(length, np.bool_)
        for start, chunk in self._chunks:
            if start >= base + length:
                break
            low, high = max(start, base), min(start + len(chunk), base + length)
            if low < high:
                window[low - base : high - base] = chunk[low - start : high - start]
                held[low - base : high - base] = True
        return window, held

    def _forget(self, before: Samples) -> None:
        while self._chunks and self._chunks[0][0] + len(self._chunks[0][1]) < before:
            self._chunks.popleft()


TAIL: Samples = 2 * HALF + 4
"""Samples beyond a read that its kernel and its bent speed may touch."""
