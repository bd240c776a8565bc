"""A device's crystal against the computer's clock: which sample was spoken when.

A sound card counts its samples by its own crystal, 50 to 200 ppm off everybody else's: 0.7 s in an hour. Each block it
delivers is stamped by the computer's monotonic clock when it arrives. Arrival is never early and often late (by the
scheduler, by the interpreter), so the truth is the lower envelope of lateness, not its mean. Pure arithmetic: every
time is handed in.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecare.timebase import RATE_HZ

BUCKET_S = 2.0
"""The least late arrival of this many seconds is one point of the envelope (100 blocks of 20 ms)."""
BUCKETS = 60
"""Points kept: two minutes, enough to know a crystal to a few ppm, short enough to follow its warming up."""
LINE_BUCKETS = 30
"""No slope is read from fewer points than this."""
NEWEST_BUCKETS = 10
"""The offset is the least late of these: 20 s."""
STEADY_S = 0.001
"""A crystal draws a straight line. Points that leave it by more (rms) show a latency that wanders: on a busy machine by
10 ms, with steps of 20 ms when a stream starts or ends, which a line through them would read as 500 ppm."""
MAX_DRIFT_PPM = 1000.0
"""No sound card is worse; a steeper slope is a fault of the measurement."""
INSIGNIFICANT_PPM = 3.0
"""Slopes below this are noise of the envelope: both clocks are treated as one, and samples pass untouched."""


class DeviceClock:
    """Fits offset and rate of a device's sample count to the computer's clock.

    `observe` takes the count of samples delivered so far (lost ones included) and the time, in seconds on any monotonic
    clock, at which the last of them arrived. `count_at` answers how many samples the device had heard by then.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._drift = 0.0  # seconds of lateness gained per second of samples: positive where the crystal is slow
        self._points: deque[tuple[float, float]] = deque(maxlen=BUCKETS)
        self._bucket: tuple[float, float] | None = None
        self._bucket_end_s = 0.0
        self.steady = False
        """Whether the newest two minutes lie on a line, so that small errors of time are real."""

    @property
    def drift_ppm(self) -> float:
        """How much faster the device counts than 16 kHz, in parts per million; 0 until known."""
        return -self._drift * 1e6

    def lateness_s(self, count: int, arrived_s: float) -> float:
        """How much later than the fit this arrival is; negative where it is earlier than the envelope so far."""
        if self._offset_s is None:
            return 0.0
        return arrived_s - self.time_of(count)

    def time_of(self, count: float) -> float:
        """When the device had heard `count` samples, in seconds of the computer's clock."""
        return (self._offset_s or 0.0) + count / RATE_HZ * (1.0 + self._drift)

    def count_at(self, time_s: float) -> float:
        """How many samples the device had heard at `time_s` of the computer's clock."""
        return (time_s - (self._offset_s or 0.0)) * RATE_HZ / (1.0 + self._drift)

    def observe(self, count: int, arrived_s: float) -> None:
        """Take one arrival into the envelope."""
        nominal_s = count / RATE_HZ
        late_s = arrived_s - nominal_s
        if self._offset_s is None:
            self._offset_s = late_s
            self._bucket_end_s = arrived_s + BUCKET_S
        if self.lateness_s(count, arrived_s) < 0.0:  # earlier than thought: the envelope moves down at once
            self._offset_s = late_s - self._drift * nominal_s
        if self._bucket is None or late_s < self._bucket[1]:
            self._bucket = (nominal_s, late_s)
        if arrived_s >= self._bucket_end_s:
            self._points.append(self._bucket)
            self._bucket = None
            self._bucket_end_s = arrived_s + BUCKET_S
            self._fit()

    def restart_at(self, count: int, arrived_s: float) -> None:
        """Forget the offset, keep the crystal: the device's latency has changed for good."""
        self._offset_s = arrived_s - count / RATE_HZ * (1.0 + self._drift)
        self._points.clear()
        self._bucket = None
        self._bucket_end_s = arrived_s + BUCKET_S

    def _fit(self) -> None:
        """Least squares through the envelope's points; the offset is the least that leaves the newest ones late."""
        if len(self._points) >= LINE_BUCKETS:
            x, y = np.array(self._points).T
            slope, height = np.polyfit(x - x.mean(), y, 1)
            rms_s = float(np.sqrt(np.mean((y - height - slope * (x - x.mean())) ** 2)))
            self.steady = rms_s < STEADY_S and abs(slope) < MAX_DRIFT_PPM * 1e-6
            if self.steady:
                self._drift = float(slope) if abs(slope) > INSIGNIFICANT_PPM * 1e-6 else 0.0
        newest = list(self._points)[-NEWEST_BUCKETS:]
        self._offset_s = min(y - self._drift * x for x, y in newest)
