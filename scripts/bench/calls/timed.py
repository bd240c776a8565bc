"""Builds two-party calls whose every stretch of speech is known to the sample.

When the parties speak comes from real consultations (people's own timing); what they say comes from short recordings
of calm sentences, cut where the recording is quiet. The truth is what was laid down, not what was planned: each clip is
measured once, clean, and its stretches of speech travel with it. Words do not follow the conversation.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from scripts.bench.scores.turns import reference

Floats: TypeAlias = npt.NDArray[np.float32]
Party: TypeAlias = Literal["agent", "caller"]
PARTIES: tuple[Party, Party] = ("agent", "caller")
RATE_HZ = 16_000
FRAME = RATE_HZ // 100
CALM = ("neutral", "calm")
CORPORA = ("emodb", "ravdess", "nemo")
SPEECH_DBFS = -23.0
QUIET_DB = 36.0
"""Sound is what lies within this of a clip's loudest 10 ms; pauses under 0.15 s belong to it."""
CLOSED_S = 0.15
WEAK_DB, WEAK_S = 20.0, 0.3
"""Sound that stays this far below the loudest for longer, at either end of a stretch, is breath, not speech: 5 % of the
sound in the clips is unvoiced for over 0.35 s, mostly 20 to 35 dB down before or after a sentence."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker: the calm clips joined, float32 16 kHz at SPEECH_DBFS, and the stretches of speech in them."""

    name: str
    clips: tuple[tuple[Floats, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """An utterance of the timing: who speaks from when to when, and whether the human text is a backchannel."""

    by: Party
    start_s: float
    end_s: float
    backchannel: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Both legs, clean, float32 16 kHz, shape (2, n), agent first; and the truth, spans in samples per party."""

    legs: Floats
    truth: dict[Party, list[tuple[int, int]]]

    def seconds(self) -> dict[Party, list[tuple[float, float]]]:
        """The truth in seconds."""
        return {party: [(a / RATE_HZ, b / RATE_HZ) for a, b in spans] for party, spans in self.truth.items()}

    def segments(self) -> list[dict[str, float | str]]:
        """The truth as `*.truth.json` has it: channel, start and end in seconds, in order of start."""
        channels = {"agent": "R-agent", "caller": "L-caller"}
        rows = [
            {"channel": channels[party], "start": round(a / RATE_HZ, 4), "end": round(b / RATE_HZ, 4)}
            for party, spans in self.truth.items()
            for a, b in spans
        ]
        return sorted(rows, key=lambda row: (row["start"], row["channel"]))


@dataclass(frozen=True, slots=True)
class Made:
    """A built call, what it was built from, and the generator its line is drawn from."""

    name: str
    call: Call
    agent: Voice
    caller: Voice
    others: tuple[Voice, ...]
    rng: np.random.Generator


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


def voices(data: Path, corpora: Sequence[str] = CORPORA) -> list[Voice]:
    """Every speaker of the corpora with at least 8 s of calm speech."""
    found = []
    for corpus in corpora:
        folder = data / "emotion" / corpus
        with (folder / "labels.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["emotion"] in CALM]
        for speaker in sorted({row["speaker"] for row in rows}):
            clips = tuple(_clip(folder / row["path"]) for row in rows if row["speaker"] == speaker)
            if sum(b - a for _, spans in clips for a, b in spans) >= 8 * RATE_HZ:
                found.append(Voice(f"{corpus}-{speaker}", clips))
    return found


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
    legs = np.zeros((2, round(length_s * RATE_HZ)), np.float32)
    truth: dict[Party, list[tuple[int, int]]] = {"agent": [], "caller": []}
    for party, voice, leg in zip(PARTIES, (agent, caller), legs, strict=True):
        clips = _Endless(voice, rng)
        free = 0
        for utterance in sorted((p for p in plan if p.by == party), key=lambda p: p.start_s):
            start = max(round(utterance.start_s * RATE_HZ), free)
            end = min(round(utterance.end_s * RATE_HZ), leg.size)
            if end - start < RATE_HZ // 5:
                continue
            spans = _speak(leg, start, end, clips, rng)
            truth[party] += spans
            free = spans[-1][1] + RATE_HZ // 20 if spans else free
    return Call(legs, truth)


def _speak(leg: Floats, start: int, end: int, clips: _Endless, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Fill a stretch with clips, 0.08 to 0.25 s apart; the last is cut at its quietest place near the end."""
    spans: list[tuple[int, int]] = []
    while end - start >= RATE_HZ // 5:
        audio, clip_spans = clips.next()
        room = end - start
        stop = audio.size if audio.size <= room else _quiet_place(audio, max(room * 4 // 5, room - RATE_HZ // 4), room)
        leg[start : start + stop] += _faded(audio[:stop])
        spans += [(start + a, start + min(b, stop)) for a, b in clip_spans if min(b, stop) - a > RATE_HZ // 50]
        start += stop + int(rng.uniform(0.08, 0.25) * RATE_HZ)
    return spans


class _Endless:
    """A speaker's clips in shuffled order, again and again."""

    def __init__(self, voice: Voice, rng: np.random.Generator) -> None:
        self._clips, self._rng = voice.clips, rng
        self._order: list[int] = []

    def next(self) -> tuple[Floats, tuple[tuple[int, int], ...]]:
        if not self._order:
            self._order = self._rng.permutation(len(self._clips)).tolist()
        return self._clips[self._order.pop()]


def _clip(path: Path) -> tuple[Floats, tuple[tuple[int, int], ...]]:
    audio, rate_hz = soundfile.read(path, dtype="float32")
    audio = soxr.resample(audio, rate_hz, RATE_HZ).astype(np.float32) if rate_hz != RATE_HZ else audio
    start, end = _sound(audio)
    spans = islands(audio)
    spoken = np.concatenate([audio[a:b] for a, b in spans])
    gain = 10 ** (SPEECH_DBFS / 20) / float(np.sqrt(np.mean(np.square(spoken))))
    return audio[start:end] * np.float32(gain), tuple((a - start, b - start) for a, b in spans)


def islands(audio: Floats) -> list[tuple[int, int]]:
    """The stretches of speech in a clean recording, in samples (QUIET_DB, CLOSED_S, WEAK_S); at least one."""
    level_db = _levels_db(audio)
    heard = np.flatnonzero(level_db > level_db.max() - QUIET_DB)
    strong = level_db > level_db.max() - WEAK_DB
    cuts = np.flatnonzero(np.diff(heard) > CLOSED_S * 100)
    starts, ends = heard[np.r_[0, cuts + 1]], heard[np.r_[cuts, heard.size - 1]] + 1
    weak = round(WEAK_S * 100)
    found = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        spoken = start + np.flatnonzero(strong[start:end])
        if spoken.size:
            found.append((max(start, int(spoken[0]) - weak) * FRAME, min(end, int(spoken[-1]) + 1 + weak) * FRAME))
    return found


def _sound(audio: Floats) -> tuple[int, int]:
    """From where to where a clean recording sounds at all, breath included, in samples."""
    level_db = _levels_db(audio)
    heard = np.flatnonzero(level_db > level_db.max() - QUIET_DB)
    return int(heard[0]) * FRAME, (int(heard[-1]) + 1) * FRAME


def _levels_db(audio: Floats) -> Floats:
    """The level of every whole 10 ms."""
    frames = audio[: audio.size // FRAME * FRAME].reshape(-1, FRAME)
    return 10 * np.log10(np.mean(np.square(frames), axis=1) + 1e-12)


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
    return audio * ramp
