"""A call that is practised, joined: the script to the headset, the headset to the engine, its events to the script.

To the engine it is a recording that comes as fast as it is spoken: the same loop, the same lane, so that a replay of
what was saved of it gives the same events, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecare.audio.devices.headset import Headset
from voicecare.audio.files.tape import Tape
from voicecare.audio.joining.framing import Framer
from voicecare.care.practice.script import Act, End, Hush, Pause, Resume, Say, Script
from voicecare.cue.viewmodel import Wishes
from voicecare.ports import VoiceDetector
from voicecare.timebase import HOP, RATE_HZ, Samples, samples
from voicecare.types import AudioBlock, Event, Health, Heard, Phrase, TurnEvent

Pcm = npt.NDArray[np.int16]
SPEAKS_AT = 0.5
"""P(speech) of the agent's leg from which the agent speaks to the caller who waits."""
BETWEEN_S = 0.3
"""Silence between two lines said in a row."""
LONGEST_S = 1_800.0
"""No practice is longer: half an hour."""
FULL_SCALE = 32_768.0


class Practising:
    """A practised call, hop by hop: a `voicecare.recorded.Recorded`.

    lines: the sound of every line of the script. detector: says whether the agent speaks. save: where it is saved, or
    None. wishes: while the agent pauses, both sides stand still, and the call's time with them.
    """

    def __init__(
        self,
        name: str,
        headset: Headset,
        script: Script,
        lines: Mapping[str, Pcm],
        detector: VoiceDetector,
        wishes: Wishes,
        save: Path | None = None,
    ) -> None:
        self.sources: tuple[str, ...] = (name,)
        self.rate_hz = RATE_HZ
        self.length: Samples | None = None
        self.started: str | None = None  # when it was is nobody's business
        self.offset_s = 0.0
        self._headset = headset
        self._script = script
        self._lines = lines
        self._detector = detector
        self._wishes = wishes
        self._save = save
        self._tape: Tape | None = None
        self._still = False
        self._interruptions: set[int] = set()

    def __iter__(self) -> Iterator[AudioBlock]:
        framer = Framer()
        for heard in self._headset:
            if self._wishes.objected:
                return
            if self._stands_still():
                continue
            both = np.stack([heard.microphone, heard.headset]).astype(np.float32) / FULL_SCALE
            for block in framer.push(both):
                self._keep(block)
                ((agent, _),) = self._detector.over(block.samples)
                yield block
                acts = self._script.hop(block.end, HOP, agent_speaks=agent >= SPEAKS_AT, playing=heard.waiting)
                if self._act(acts) or block.end >= samples(LONGEST_S):
                    return

    def event(self, event: Event) -> None:
        """Tell the script what is known of the call."""
        match event:
            case TurnEvent(kind="interruption", by="agent") if event.id not in self._interruptions:
                self._interruptions.add(event.id)  # it is told again when it ends
                self._act(self._script.interrupted(event.span.start))
            case Phrase(answers=True):
                self._script.acknowledged(event.span.start)
            case Heard(channel="agent", final=True):
                self._script.understood(event.span.end)
            case _:
                pass

    def health(self, at: Samples) -> list[Health]:  # noqa: ARG002 - of a recording, whose files may be flawed
        """Nothing is wrong with it: what the device lost is silence on both sides."""
        return []

    def close(self) -> None:
        """Finish what is saved.

        Raises:
            OutputError: the file cannot be written.
        """
        if self._tape is not None:
            self._tape.close()

    def _keep(self, block: AudioBlock) -> None:
        """Save a hop, if that was asked for; a call of which nothing was heard leaves no file."""
        if self._tape is None and self._save is not None:
            self._tape = Tape(self._save)
        if self._tape is not None:
            self._tape.push(block)

    def _stands_still(self) -> bool:
        """Whether the agent paused; the caller's voice is held meanwhile."""
        if self._wishes.paused != self._still:
            self._still = self._wishes.paused
            self._act([Pause()] if self._still else [Resume()])
        return self._still

    def _act(self, acts: Sequence[Act]) -> bool:
        """Have the headset do it; whether the call is over."""
        for act in acts:
            match act:
                case Say(lines):
                    self._headset.say(self._sound(lines))
                case Hush():
                    self._headset.hush()
                case Pause():
                    self._headset.pause()
                case Resume():
                    self._headset.resume()
                case End():
                    return True
        return False

    def _sound(self, lines: Sequence[str]) -> Pcm:
        between = np.zeros(samples(BETWEEN_S), np.int16)
        pieces = [piece for line in lines for piece in (self._lines[line], between)]
        return np.concatenate(pieces[:-1])
