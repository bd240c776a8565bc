"""Measures whether the two channels of a recording are really two parties.

A recording saved from mono to stereo shows every word as an overlap; a voice that leaks into the other leg shows
phantom talk-over. Neither can be seen from the file's header, so the sound itself is asked, once a second.

Measured over 2,254 windows with sound of 16 two-party calls (7 to 245 s): their legs correlate at most 0.50, in all
but four windows below 0.29. Mono saved as stereo correlates from 0.95 (each channel coded as MP3 of 32 kbit/s, with
noise at -60 dBFS in one) to 1.00 (µ-law, AAC, Opus, inverted, 12 dB apart), and from 0.79 with each channel coded
alone as AMR of 4.75 kbit/s, 5 ms apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from voicecare.audio.files.leakage import LATEST, LEG_RATE_HZ, TRANSFORM, WINDOW, Leak, LeakMeter, Spectrum
from voicecare.audio.files.mixture import MixMeter
from voicecare.audio.files.recording import Recording
from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import PARTIES, AudioBlock, Floats, Health, Party

LayoutKind: TypeAlias = Literal["two_parties", "identical", "silent_leg", "leak"]

SAME, DIFFERENT = 0.75, 0.5
"""Correlation above and below which a window is the same sound in both legs, or not (measured above)."""
APART_DB = 6.0
"""A window speaks against a copy only if one leg is this much louder: alike noise in both legs says nothing."""
ACTIVE_DB = 25.0
"""Windows down to this far below the loudest so far count as sound."""
SPREAD_DB = 2.0
COPY_DB = 12.0
"""A copy keeps one level for all its words (within the spread), at most this far from its original; what is weaker, or
changes with the speaker, is a leak."""
MIXED_DB = 6.0
"""A voice less than this below its own leg did not come through the air: the other leg is a mix of both parties."""
SILENT_DBFS = -60.0
QUIET_DBFS = -50.0
"""A leg whose loudest two seconds lie below this holds speech, if any, of -55 dBFS and less: mostly not heard at all,
so that no mean of what was heard can say so (`ClarityConfig.quiet_dbfs` judges that)."""
ZERO = 1.5 / 32_768
"""Below one and a half steps of 16 bits there is no line, only digital silence (as `audio.joining.silence` has it)."""
ENDS_S = 10.0
"""A leg digitally silent for this long at the start or the end of the call, while the other has sound, is said: a leg
that ends early or starts late, or was cut off; who listens for so long still sends a line's noise."""
STRIDE = 4
"""Once it is certain that the legs are no copies, one window in so many is enough to know a leak and the levels."""
CERTAIN = 60
"""So many windows against a copy settle the matter for any call of up to 8 hours."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the two legs hold.

    kind: the gravest finding. similarity: 0..1, the share of sound that is the same in both legs. levels_dbfs: per leg
    (agent, caller) the RMS level reached for two seconds. silent: the legs below -60 dBFS. leaks: voices found in the
    other leg too. starts, ends: per leg the first and one past the last sample with any sound, to a hop.
    """

    kind: LayoutKind
    similarity: float
    levels_dbfs: tuple[float, float]
    silent: tuple[Party, ...]
    leaks: tuple[Leak, ...]
    starts: tuple[Samples, Samples] = (0, 0)
    ends: tuple[Samples, Samples] = (0, 0)

    def health(self, at: Samples) -> list[Health]:
        """Say what limits the results, as events decided at `at`."""
        events = [Health(at, "silent_leg", note=f"{leg}_silent") for leg in self.silent]
        events += [
            Health(at, "quiet_leg", note=leg)
            for leg, level in zip(PARTIES, self.levels_dbfs, strict=True)
            if leg not in self.silent and level < QUIET_DBFS
        ]
        events += self._ends(at)
        return events + [_said(leak, at) for leak in self.leaks]

    def _ends(self, at: Samples) -> list[Health]:
        """A leg that holds no sound at the start or the end of the call where the other does."""
        events: list[Health] = []
        for own, leg in enumerate(PARTIES):
            start, end, across = self.starts[own], self.ends[own], 1 - own
            if leg in self.silent or not end:
                continue
            if start - self.starts[across] >= samples(ENDS_S):
                note = f"{leg}_silent"
                events += [Health(start, "silent_leg", start, note), Health(start, "listening", start, note)]
            if self.ends[across] - end >= samples(ENDS_S):
                events.append(Health(at, "silent_leg", at - end, f"{leg}_silent"))
        return events


def refuse_copies(recording: Recording) -> None:
    """Read as much of a recording as it takes to know that its legs are not copies of each other.

    A call of two parties is settled after about a minute of speech; a copy has to be read whole, since a call may begin
    with the same ring-back or music in both channels.

    Raises:
        InputError: both legs carry the same sound.
    """
    meter = LayoutMeter()
    for block in recording:
        meter.push(block)
        if meter.settled:
            return
    if meter.report().kind == "identical":
        raise InputError(
            f"{' and '.join(recording.sources)}: both channels carry the same sound (mono saved as stereo), so nobody "
            "can tell who speaks; use the two-channel recording, or one file per party with --agent FILE --caller FILE"
        )


class LayoutMeter:
    """Measures a call while it is read; memory does not grow with its length."""

    def __init__(self) -> None:
        self._hops: list[Floats] = []
        self._held: Samples = 0
        self._starts: list[Samples | None] = [None, None]
        self._ends: list[Samples] = [0, 0]
        self._windows = 0
        self._loudest_dbfs = -np.inf
        self._active = self._same = self._against = 0
        self._leaks = tuple(LeakMeter(party) for party in PARTIES)
        self._mix = MixMeter()
        self._levels = np.zeros((2, 121), np.int64)
        """How many windows of each leg were at 0, -1, -2 … -120 dBFS."""
        self._steps = np.zeros(121, np.int64)
        """In how many same windows the caller's leg was -60 … 60 dB against the agent's."""

    @property
    def settled(self) -> bool:
        """Whether it is certain that the legs are not copies of each other."""
        return self._against >= CERTAIN

    def push(self, block: AudioBlock) -> None:
        """Take the next hop."""
        for row, peak in enumerate(np.abs(block.samples).max(axis=1)):
            if peak >= ZERO:
                self._ends[row] = block.end
                if self._starts[row] is None:
                    self._starts[row] = block.start
        self._hops.append(block.samples)
        self._held += block.samples.shape[1]
        if self._held == WINDOW * RATE_HZ // LEG_RATE_HZ:
            if not self.settled or self._windows % STRIDE == 0:
                self._measure(np.concatenate(self._hops, axis=1))
            self._windows += 1
            self._hops, self._held = [], 0

    def report(self) -> Layout:
        """Say what the legs hold, from the whole seconds taken so far."""
        levels = tuple(_reached_dbfs(counts) for counts in self._levels)
        heard = self._levels.any()
        silent = tuple(party for party, level in zip(PARTIES, levels, strict=True) if heard and level < SILENT_DBFS)
        mix = self._mix.leak()
        leaks = self._one_way([leak for meter in self._leaks if (leak := meter.leak())]) if mix is None else (mix,)
        kind: LayoutKind = "two_parties"
        if self._is_copy():
            kind, leaks = "identical", ()
        elif silent:
            kind = "silent_leg"
        elif leaks:
            kind = "leak"
        similarity = round(self._same / self._active, 3) if self._active else 0.0
        starts, ends = (self._starts[0] or 0, self._starts[1] or 0), (self._ends[0], self._ends[1])
        return Layout(kind, similarity, (levels[0], levels[1]), silent, leaks, starts, ends)

    def _measure(self, legs: Floats) -> None:
        power = np.mean(np.square(legs, dtype=np.float64), axis=1)
        levels_dbfs = 10 * np.log10(power + 1e-12)
        self._levels[(0, 1), np.clip(np.round(-levels_dbfs), 0, 120).astype(int)] += 1
        loudest_dbfs = levels_dbfs.max()
        self._loudest_dbfs = max(self._loudest_dbfs, loudest_dbfs)
        if loudest_dbfs < max(SILENT_DBFS, self._loudest_dbfs - ACTIVE_DB):
            return
        self._active += 1
        spectra, energies = _spectra(legs)
        similarity, lag = _similarity(spectra, energies)
        step_db = 10 * np.log10((energies[1] + 1e-9) / (energies[0] + 1e-9))
        apart = similarity < DIFFERENT and abs(step_db) >= APART_DB
        self._mix.push(step_db, lag, same=similarity > SAME, apart=apart)
        if similarity > SAME:
            self._same += 1
            self._steps[int(np.clip(np.round(step_db), -60, 60)) + 60] += 1
        elif apart:
            self._against += 1
        if similarity > DIFFERENT and abs(step_db) < 0.5 and abs(lag) <= 4:
            return  # the same sound at the same level, such as music or ring-back: no leak of a voice
        louder = int(step_db > 0)
        self._leaks[louder].push(spectra[louder], spectra[1 - louder])

    def _is_copy(self) -> bool:
        if self._same < max(1, self._active / 4):
            return False
        if self._against > min(2, self._active / 10) + self._active / 500:
            return False
        usual = int(np.searchsorted(np.cumsum(self._steps), self._same / 2))
        spread = round(SPREAD_DB)
        steady = self._steps[max(0, usual - spread) : usual + spread + 1].sum()
        return abs(usual - 60) <= COPY_DB and bool(steady >= 0.9 * self._same)

    @staticmethod
    def _one_way(leaks: Iterable[Leak]) -> tuple[Leak, ...]:
        """Drop the mirror of a strong leak: the same path seen from its other end."""
        found = sorted(leaks, key=lambda leak: -leak.gain_db)
        if len(found) == 2 and abs(found[0].lag_ms + found[1].lag_ms) < 2:
            return (found[0],)
        return tuple(found)


def _said(leak: Leak, at: Samples) -> Health:
    """Say a leak: how much weaker it is, or, where it is about as loud as its own leg, how much louder."""
    quieter_db, later_ms = round(-float(leak.gain_db), 1), round(float(leak.lag_ms), 1)
    strength = {"mixed_db": -quieter_db} if quieter_db < MIXED_DB else {"quieter_db": quieter_db}
    return Health(at, "leak", 0, leak.source, {**strength, "later_ms": later_ms})


def _reached_dbfs(counts: np.ndarray) -> float:
    return -float(np.searchsorted(np.cumsum(counts), min(2, max(1, counts.sum()))))


def _spectra(legs: Floats) -> tuple[Spectrum, Floats]:
    """Return spectra (2, TRANSFORM // 2 + 1) of one window at 4 kHz, and the energies (2,) it holds.

    A first difference evens out the long-term spectrum of speech, so that hum and rumble cannot pass for likeness.
    """
    slow = legs.reshape(2, WINDOW, -1).mean(axis=2)
    slow[:, 1:] -= 0.9 * slow[:, :-1].copy()
    return np.fft.rfft(slow, TRANSFORM, axis=1), np.square(slow).sum(axis=1)


def _similarity(spectra: Spectrum, energies: Floats) -> tuple[float, int]:
    """Return the highest correlation of the legs, 0..1 in either polarity, over delays up to 110 ms, and its delay."""
    lags = np.arange(-LATEST, LATEST + 1)
    shared = np.fft.irfft(spectra[1] * np.conj(spectra[0]))[lags] * (WINDOW / (WINDOW - np.abs(lags)))
    best = int(np.abs(shared).argmax())
    return min(1.0, float(np.abs(shared[best]) / np.sqrt(energies[0] * energies[1] + 1e-12))), int(lags[best])
