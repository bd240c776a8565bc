"""Where the sound around a stretch of speech begins and ends, from an edge detector's frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from voicecare.config import VadConfig
from voicecare.speech.activity.loudness import FRAME
from voicecare.timebase import HOP, Samples, samples

REMEMBERED_FRAMES = 200


class SoundEdges:
    """The last two seconds of one leg's frames; without an edge detector every edge is where it was.

    A frame is True (sound), False (none) or None (the leg is too noisy to say). Where frames are False around it, the
    sound is the whole truth of an edge; where they are None it may only widen what the voice detector found, for soft
    sounds are lost in the noise. Sound that goes on for too long to be one with the speech says nothing.

    The pauses of a leg tell what its sounds are worth. If somebody types in them, a burst is a keystroke once it is
    over; while it lasts it may become more. If they are full of sound (music, gain control lifting noise) the leg is
    noisy.
    """

    def __init__(self, config: VadConfig) -> None:
        self._lead, self._late = samples(config.edge_lead_s), samples(config.edge_late_s)
        self._back, self._trail = samples(config.edge_back_s), samples(config.edge_trail_s)
        self._bridge = samples(config.bridge_s)
        self._burst = samples(config.burst_s) // FRAME
        self._rise, self._doubt = config.rise, config.doubt
        self._learns = FRAME / samples(config.pauses_s)
        self._clicks, self._typing = 0.0, config.clicks_per_s * config.pauses_s
        self._idle = 0.0  # the share of sound where there surely is no speech
        self._frames: deque[bool | None] = deque(maxlen=REMEMBERED_FRAMES)
        self._end: Samples = 0  # the end of the last frame
        self._run: Samples = 0  # since when there is sound, with gaps no longer than a bridge
        self._sound: Samples = 0  # the end of the last frame with sound
        self._bursting = 0  # for how many frames sound has lasted without a gap
        self._before: tuple[Samples, Samples] = (0, 0)  # run and sound before it began
        self._possible: Samples = 0  # the end of the last frame that may have sound

    def extend(self, start: Samples, frames: Sequence[bool | None], probability: float) -> None:
        """Take the frames completed in the hop that starts at `start`, and its probability of speech."""
        if not self._frames:
            self._end = self._possible = start
            self._sound = start - self._bridge - FRAME
        idle = probability < self._rise
        for heard in frames:
            if idle:
                self._idle += ((heard is True) - self._idle) * self._learns
                self._clicks -= self._clicks * self._learns
            frame = heard if self._idle < self._doubt else None
            if frame:
                self._hear()
            else:
                self._pause(frame, idle=idle)
            self._end += FRAME
            if frame is not False:
                self._possible = self._end
            self._frames.append(frame)

    def _hear(self) -> None:
        if not self._bursting:
            self._before = self._run, self._sound
        self._bursting += 1
        if self._end - self._sound > self._bridge:
            self._run = self._end
        self._sound = self._end + FRAME

    def _pause(self, frame: bool | None, *, idle: bool) -> None:  # noqa: FBT001 - a fact, not a mode
        """Sound has stopped: a burst of a leg with clicks is told as what comes after it, no sound or nobody knows."""
        if 0 < self._bursting <= self._burst:
            self._clicks += idle
            if self._is_typing:
                for back in range(1, self._bursting + 1):
                    self._frames[-back] = frame
                self._run, self._sound = self._before
        self._bursting = 0

    def silent_since(self, at: Samples) -> bool:
        """Whether there surely was no sound since `at`."""
        return bool(self._frames) and self._possible <= at

    def goes_on(self, sure: Samples) -> bool:
        """Whether the sound heard at `sure` goes on and may yet show where it ends."""
        sounding = bool(self._frames) and self._end - self._sound <= self._bridge
        return sounding and self._run <= sure and self._end - sure < self._trail

    def next(self, begins: Samples) -> Samples:
        """Where a sound heard from now on may have begun; `begins` where that is no edge."""
        if not self._frames:
            return begins
        if self._end - self._sound > self._bridge:
            return self._end
        return begins if self._end - self._run > self._lead else self._run

    def onset(self, heard: Samples, began: Samples) -> Samples:
        """Where the sound around `heard` begins; `began` where there is none or it reaches too far back."""
        if not self._frames:
            return began
        first, stop = self._index(heard - self._lead), self._index(heard + self._late)
        begin = next((i for i in range(self._index(heard - HOP), stop) if self._frames[i]), None)
        if begin is None:
            return began
        at = begin - 1
        while at >= first and (begin - at) * FRAME <= self._bridge + FRAME:
            if self._frames[at]:
                begin = at
            at -= 1
        if begin <= first:
            return began
        place = self._time(begin)
        return min(place, began) if self._frames[begin - 1] is None else place

    def reach(self, sure: Samples) -> Samples:
        """The end of the last frame up to `sure` that may have sound, as far as that is not too far back."""
        frames = self._frames
        if not frames:
            return sure
        at = min(self._index(sure), self._known)
        if at and frames[at - 1] is not False:
            return min(sure, self._time(at))
        first = self._index(sure - self._back)
        while at > first and frames[at - 1] is False:
            at -= 1
        return min(sure, self._time(at))

    def end(self, sure: Samples) -> Samples:
        """Where the sound around `sure` ends; `sure` where it goes on for too long."""
        if not self._frames:
            return sure
        reach = self.reach(sure)
        end = at = self._index(reach)
        stop = min(self._index(sure + self._trail), self._known)
        while at < stop and (at + 1 - end) * FRAME <= self._bridge + FRAME:
            if self._frames[at]:
                end = at + 1
            at += 1
        return max(reach, sure if end >= stop - 1 else self._time(end))

    @property
    def _known(self) -> int:
        """How many of the remembered frames are settled: all but a sound that may yet prove a burst."""
        return len(self._frames) - (self._bursting if self._is_typing and self._bursting <= self._burst else 0)

    @property
    def _is_typing(self) -> bool:
        return self._clicks >= self._typing

    def _index(self, at: Samples) -> int:
        """Which remembered frame holds a time, as near as there is one."""
        return min(max(len(self._frames) + (at - self._end) // FRAME, 0), len(self._frames))

    def _time(self, index: int) -> Samples:
        """When a remembered frame starts."""
        return self._end - (len(self._frames) - index) * FRAME
