"""Builds two-party calls whose every stretch of speech is known to the sample.

When the parties speak comes from real consultations (people's own timing); what they say comes from short recordings
of calm sentences, cut where the recording is quiet. The truth is what was laid down, not what was planned: each clip is
measured once, clean, and its stretches of speech travel with it. Words do not follow the conversation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.bench.calls.call import Call, CallBuilder, Stretch
from scripts.bench.calls.happened import reference
from scripts.bench.corpora.voices import FRAME, Voice, voices
from scripts.bench.lines.noise import Talker
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES, Floats, Party


@dataclass(frozen=True, slots=True)
class Planned:
    """An utterance of the timing: who speaks from when to when, and whether the human text is a backchannel."""

    by: Party
    start_s: float
    end_s: float
    backchannel: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A built call, what it was built from, and the generator its line is drawn from."""

    name: str
    call: Call
    agent: Voice
    caller: Voice
    others: tuple[Voice, ...]
    rng: np.random.Generator

    @property
    def talkers(self) -> list[Talker]:
        """What the others say, for babble."""
        return [voice.talk() for voice in self.others]


def calls(data: Path, *, length_s: float, seed: int, agreeable: bool) -> Iterator[Made]:
    """Endless calls, each with other voices on another stretch of the timing; call n of a seed is always the same.

    agreeable: interruptions are left out; backchannels, early replies and dual starts stay.
    """
    cast, plans = voices(data), timings(data)
    number = 0
    while True:
        rng = np.random.default_rng((seed, number))
        name, plan = plans[number % len(plans)]
        end_s = max(p.end_s for p in plan)
        plan = excerpt(plan, float(rng.uniform(0, max(1e-3, end_s - length_s))), length_s)
        agent, caller, *others = (cast[i] for i in rng.permutation(len(cast)))
        fill = int(rng.integers(2**32))
        call = build(plan, agent, caller, length_s, np.random.default_rng(fill))
        while agreeable:
            rude = [e for e in reference(call.seconds()) if e.kind == "interruption"]
            if not rude:
                break
            plan = [p for p in plan if not any(e.by == p.by and p.start_s - 0.1 <= e.start_s < p.end_s for e in rude)]
            call = build(plan, agent, caller, length_s, np.random.default_rng(fill))
        yield Made(f"{number:04}_{name}", call, agent, caller, tuple(others), rng)
        number += 1


def timings(data: Path) -> list[tuple[str, list[Planned]]]:
    """The consultations by name; the doctor is the agent."""
    found = []
    for file in sorted((data / "calls" / "primock57-timing").glob("*.timeline.json")):
        rows = json.loads(file.read_text(encoding="utf-8"))["segments"]
        planned = [
            Planned("agent" if r["speaker"] == "doctor" else "caller", r["start"], r["end"], r["backchannel_text"])
            for r in rows
        ]
        found.append((file.name.split(".")[0], planned))
    return found


def excerpt(plan: Sequence[Planned], start_s: float, length_s: float) -> list[Planned]:
    """The utterances that lie wholly within a stretch, on its own clock."""
    end_s = start_s + length_s
    return [
        Planned(p.by, p.start_s - start_s, p.end_s - start_s, p.backchannel)
        for p in plan
        if p.start_s >= start_s and p.end_s <= end_s
    ]


def build(plan: Sequence[Planned], agent: Voice, caller: Voice, length_s: float, rng: np.random.Generator) -> Call:
    """Lay the voices on the plan; a party's utterances never overlap each other."""
    call = CallBuilder(round(length_s * RATE_HZ))
    for party, voice in zip(PARTIES, (agent, caller), strict=True):
        _speak(call, party, [p for p in plan if p.by == party], _Endless(voice, rng), rng)
    return call.call()


def _speak(call: CallBuilder, party: Party, plan: Sequence[Planned], clips: _Endless, rng: np.random.Generator) -> None:
    free = 0
    for utterance in sorted(plan, key=lambda p: p.start_s):
        start = max(round(utterance.start_s * RATE_HZ), free)
        end = min(round(utterance.end_s * RATE_HZ), call.length)
        if end - start < RATE_HZ // 5:
            continue
        laid = _fill(call, party, (start, end), clips, rng)
        free = laid[-1][1] + RATE_HZ // 20 if laid else free


def _fill(
    call: CallBuilder, party: Party, stretch: Stretch, clips: _Endless, rng: np.random.Generator
) -> list[Stretch]:
    """Fill a stretch with clips, 0.08 to 0.25 s apart; the last is cut at its quietest place near the end."""
    start, end = stretch
    laid: list[Stretch] = []
    while end - start >= RATE_HZ // 5:
        audio, speech = clips.next()
        room = end - start
        stop = audio.size if audio.size <= room else _quiet_place(audio, max(room * 4 // 5, room - RATE_HZ // 4), room)
        kept = [(a, min(b, stop)) for a, b in speech if min(b, stop) - a > RATE_HZ // 50]
        laid += call.lay(party, start, _faded(audio[:stop]), kept)
        start += stop + int(rng.uniform(0.08, 0.25) * RATE_HZ)
    return laid


class _Endless:
    """A speaker's clips in shuffled order, again and again."""

    def __init__(self, voice: Voice, rng: np.random.Generator) -> None:
        self._clips, self._rng = voice.clips, rng
        self._order: list[int] = []

    def next(self) -> tuple[Floats, tuple[Stretch, ...]]:
        """A clip and where in it the speaker speaks."""
        if not self._order:
            self._order = self._rng.permutation(len(self._clips)).tolist()
        return self._clips[self._order.pop()]


def _quiet_place(audio: Floats, low: int, high: int) -> int:
    """The end of the quietest 20 ms between two places."""
    width = 2 * FRAME
    places = np.arange(low, max(low + 1, high - width + 1), FRAME // 2)
    power = [float(np.mean(np.square(audio[p : p + width]))) for p in places]
    return int(places[int(np.argmin(power))] + width // 2)


def _faded(audio: Floats) -> Floats:
    """Rounded over 5 ms at both ends, so that a cut does not click."""
    ramp = np.ones(audio.size, np.float32)
    n = min(RATE_HZ // 200, audio.size // 2)
    ramp[:n] = np.linspace(0, 1, n)
    ramp[-n:] = np.linspace(1, 0, n)
    return np.asarray(audio * ramp)
