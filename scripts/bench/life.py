"""Measure call life by sound: tones, hold music, speech that must never be held, begins and ends, and what it costs.

Tones: ring-back, busy and congestion of 24 networks. Music: every piece at hand in the middle of a real call, through
three codings; how much of it was known as a hold, how much told as the caller's speech, and when the caller after it is
heard. Speech: real calls, built calls, clips of every emotion, recorded prompts of telephone menus; how much was held.
Day: calls in a row, begun and ended by sound alone. Cost: beside the whole pipeline, and between calls.

    python scripts/bench/life.py --data ../shared/data                    # some ten minutes
    python scripts/bench/life.py --data ../shared/data --only day --calls 20 --json life.json
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from scripts.bench.heard.clips import CORPORA, corpus, sampled
from scripts.bench.heard.day import day
from scripts.bench.heard.holds import held
from scripts.bench.heard.sounds import sounds
from scripts.bench.lines.codecs import Codec
from scripts.bench.lines.frames import FRAME_S, frames_of
from scripts.bench.lines.heard import phone
from scripts.bench.lines.levels import SPEECH_DBFS, Waveform, at_dbfs
from scripts.bench.lines.tones import NETWORKS, special_information, tone
from scripts.bench.systems.day import hear
from voicecare.assembly import Choices, build_edges
from voicecare.audio.files.recording import open_recording
from voicecare.config import Config
from voicecare.speech.life.bysound import CallBySound
from voicecare.speech.life.phases import Phases
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, seconds
from voicecare.types import PARTIES, AudioBlock, CallPhase, Event, Floats, Segment

AHEAD = 32
CALLS = ("Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav", "Auto_Repairs_49.first150s.L-caller.R-agent.ulaw.8k.wav")
PROMPTS = Path("/usr/share/asterisk/sounds")
"""Recorded prompts of Debian's asterisk-core-sounds-en-wav: installed by name, never part of this project."""
CODINGS: tuple[Codec, ...] = ("mulaw", "amr", "opus")
BEFORE_S = 20.0
LONGEST_S = 60.0


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the recordings")
    parser.add_argument("--only", action="append", choices=sorted(PARTS), help="only these parts")
    parser.add_argument("--calls", type=int, default=20, help="calls of the day")
    parser.add_argument("--seed", type=int, default=1, help="of the day")
    parser.add_argument("--sample", type=int, help="clips of each corpus, emotion and sex; all where not given")
    parser.add_argument("--coding", action="append", choices=CODINGS, help="of the music; all three where not given")
    parser.add_argument("--json", type=Path, help="write what was found as JSON")
    args = parser.parse_args()
    found: dict[str, Any] = {}
    for name, part in PARTS.items():
        if args.only and name not in args.only:
            continue
        began = time.monotonic()
        print(f"\n{name}", flush=True)
        found[name] = part(args)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def tones(_: argparse.Namespace) -> dict[str, Any]:
    """What the tones of each network are taken for, and what of them is told as speech."""
    rows: dict[str, Any] = {}
    size = 14 * RATE_HZ
    for name, network in NETWORKS.items():
        ring = phone(tone(size, network.ring_hz, network.ring_s))
        row: dict[str, Any] = {"told_s": round(_told_s(_events(np.zeros_like(ring), ring)), 2)}
        row["ringing_s"] = _known_s(ring, "ringing", in_call=False)
        for kind, rhythm_s in (("busy", network.busy_s), ("congestion", network.congestion_s)):
            over = phone(tone(size, network.busy_hz, rhythm_s))
            row[f"{kind}_s"] = _known_s(over, "ended", in_call=True)
        rows[name] = row
        print(f"  {name}  " + "  ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    rows["special information"] = {"ended_s": _known_s(phone(special_information(size)), "ended", in_call=True)}
    print(f"  special information: ended after {rows['special information']['ended_s']} s")
    return rows


def music(args: argparse.Namespace) -> dict[str, Any]:
    """Holds in the middle of a call: known, told as speech, and the caller after them."""
    before = _legs(args.data / "calls" / "auto-repairs" / CALLS[0])[1][: round(BEFORE_S * RATE_HZ)]
    clip = next(clip for clip in corpus(args.data, ["emodb"]) if clip.emotion == "neutral")
    rows: list[dict[str, Any]] = []
    for codec in args.coding or CODINGS:
        for pause in (True, False):
            for one in held(before, clip.path, codec=codec, pause=pause):
                events = _events(np.zeros_like(one.leg), one.leg)
                waits = _waits(events, one.leg.size)
                told = frames_of(_spans(events), one.clip.sure.size)
                first, last = round(one.from_s / FRAME_S), round(one.to_s / FRAME_S)
                begins = int(np.flatnonzero(one.clip.sure)[0])
                heard = np.flatnonzero(told[begins:] & one.clip.sure[begins:])
                rows.append(
                    {
                        "piece": one.name,
                        "coding": codec,
                        "pause": pause,
                        "held": round(float(waits[first:last].mean()), 3),
                        "known_s": round(_first(waits[first:last]), 2),
                        "told": round(float(told[first:last].mean()), 4),
                        "lost_s": round(float(heard[0]) * FRAME_S if heard.size else 99.0, 2),
                    }
                )
                print("  " + "  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    summary = {
        "held": round(float(np.mean([row["held"] for row in rows])), 3),
        "never": sum(row["held"] == 0 for row in rows),
        "known_median_s": float(np.median([row["known_s"] for row in rows if row["held"]])),
        "told": round(float(np.mean([row["told"] for row in rows])), 4),
        "lost_median_s": float(np.median([row["lost_s"] for row in rows])),
        "lost_most_s": max(row["lost_s"] for row in rows),
        "of": len(rows),
    }
    print(f"  {summary}")
    return {"rows": rows, "summary": summary}


def speech(args: argparse.Namespace) -> dict[str, Any]:
    """How much of speech is held, or silenced as a tone."""
    rows: dict[str, Any] = {}
    for name, legs in _speech(args.data, args.sample):
        noted = _noted(legs)
        held_s = sum(one.waits for one, _ in noted) * HOP / RATE_HZ
        silenced_s = sum(one.said[0][1] < 0.4 <= said for one, said in noted) * HOP / RATE_HZ
        row = rows.setdefault(name, {"speech_s": 0.0, "held_s": 0.0, "silenced_s": 0.0})
        row["speech_s"] += legs.shape[1] / RATE_HZ
        row["held_s"] += held_s
        row["silenced_s"] += silenced_s
    for name, row in rows.items():
        print(f"  {name:34}" + "  ".join(f"{key} {value:.2f}" for key, value in row.items()), flush=True)
    print(
        "  in all: " + ", ".join(f"{key} {sum(r[key] for r in rows.values()):.2f}" for key in next(iter(rows.values())))
    )
    return rows


def other(args: argparse.Namespace) -> dict[str, Any]:
    """What noises and sounds of a line are taken for: the share held, alone on the caller's leg."""
    rows = {}
    for number, (name, make) in enumerate(sounds(args.data).items()):
        leg = phone(make(round(LONGEST_S * RATE_HZ), np.random.default_rng((number, 12))))
        rows[name] = round(sum(one.waits for one, _ in _noted(np.stack([np.zeros_like(leg), leg]))) * HOP / leg.size, 3)
        print(f"  {name:26} held {rows[name]:.3f}", flush=True)
    return rows


def whole_day(args: argparse.Namespace) -> dict[str, Any]:
    """Calls in a row by sound alone: begins and ends, splits and joins."""
    built = day(args.data, calls=args.calls, seed=args.seed)
    entered = hear(built.legs, Config())
    begins = [one.at_s for one in entered if one.phase == "talk" and not one.within]
    ends = [one.at_s for one in entered if one.phase == "ended"]
    rows: list[dict[str, Any]] = []
    for call in built.calls:
        begun = [at for at in begins if (call.rings_s or call.begins_s) - 5.0 <= at < call.ends_s]
        over = [at for at in ends if call.ends_s <= at < call.ends_s + 25.0]
        inside = [at for at in ends if call.begins_s <= at < call.ends_s]
        rows.append(
            {
                "begin": call.begin,
                "end": call.end,
                "begun_after_s": round(begun[0] - call.begins_s, 2) if begun else None,
                "ended_after_s": round(over[0] - call.ends_s, 2) if over else None,
                "splits": len(inside),
            }
        )
        print("  " + "  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    known = [float(row["ended_after_s"]) for row in rows if row["ended_after_s"] is not None]
    begun_s = [float(row["begun_after_s"]) for row in rows if row["begun_after_s"] is not None]
    summary = {
        "calls": len(rows),
        "hours": round(built.legs.shape[1] / RATE_HZ / 3600, 2),
        "begun": len(begun_s),
        "begun_median_s": float(np.median(begun_s)),
        "begun_most_s": max(begun_s),
        "ended_within_8_s": sum(one <= 8.0 for one in known),
        "ended_most_s": max(known),
        "splits": sum(row["splits"] for row in rows),
        "begun_between": len(begins) - len(begun_s),
    }
    print(f"  {summary}")
    return {"rows": rows, "summary": summary}


def cost(args: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of processor a second of call: the phases beside the whole pipeline, and rest."""
    legs = np.stack(_legs(args.data / "calls" / "auto-repairs" / CALLS[0]))
    whole_s = legs.shape[1] / RATE_HZ
    found: dict[str, Any] = {"pipeline": [], "phases": []}
    said = [one for _, one in _heard(legs)]
    for _ in range(3):
        began = time.process_time()
        _events(*legs)
        found["pipeline"].append(round(1000 * (time.process_time() - began) / whole_s, 3))
        phases = Phases(Config().life)
        began = time.process_time()
        for first in range(0, len(said), AHEAD):
            stretch = np.ascontiguousarray(legs[:, first * HOP : (first + AHEAD) * HOP])
            phases.over(stretch, said[first : first + AHEAD])
        found["phases"].append(round(1000 * (time.process_time() - began) / whole_s, 3))
    found["share"] = round(min(found["phases"]) / min(found["pipeline"]), 4)
    rng = np.random.default_rng(0)
    room = at_dbfs(rng.standard_normal(60 * RATE_HZ), -62.0).astype(np.float32)
    desk = {
        "rest, no line": np.zeros_like(room),
        "rest, line noise": room,
        "rest, a video": np.resize(legs[1], room.size),
    }
    for name, leg in desk.items():
        by_sound = CallBySound(Config().life)
        both = np.stack([room, leg])
        began = time.process_time()
        for start in range(0, room.size - HOP + 1, HOP):
            by_sound.push(AudioBlock(start, both[:, start : start + HOP]), agent_speaks=False, caller_speaks=False)
        found[name] = round(1000 * (time.process_time() - began) / (room.size / RATE_HZ), 3)
    print("  ms/s: " + ", ".join(f"{key} {value}" for key, value in found.items()))
    return found


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "tones": tones,
    "music": music,
    "speech": speech,
    "other": other,
    "day": whole_day,
    "cost": cost,
}


def _events(agent: Floats, caller: Floats) -> list[Event]:
    """Everything the pipeline says of two legs, without words."""
    config = Config()
    pipeline = Pipeline(config, build_edges(config, Choices(words=False)))
    legs = np.stack([agent, caller])
    legs = np.pad(legs, ((0, 0), (0, -legs.shape[1] % HOP)))
    out: list[Any] = []
    blocks = [AudioBlock(at, legs[:, at : at + HOP]) for at in range(0, legs.shape[1], HOP)]
    for first in range(0, len(blocks), AHEAD):
        for listened in pipeline.listen(blocks[first : first + AHEAD]):
            out += pipeline.push_audio(listened)
    return [*out, *pipeline.last_requests(), *pipeline.finish()]


def _heard(legs: Floats) -> list[tuple[float, Any]]:
    """P(speech) of the caller, and all that is said, of each hop before the phases of a call are known."""
    from voicecare.speech.activity.hearing import Hearing
    from voicecare.speech.activity.offset import OffsetRemover

    config = Config()
    edges = build_edges(config, Choices(words=False))
    hearing, offset = Hearing(config, edges.voice, edges.edge_detector, edges.witness), OffsetRemover()
    legs = legs[:, : legs.shape[1] // HOP * HOP]
    said = []
    for first in range(0, legs.shape[1], AHEAD * HOP):
        said += hearing.over(offset.over(np.ascontiguousarray(legs[:, first : first + AHEAD * HOP])))
    return [(one[0][1], one) for one in said]


def _noted(legs: Floats) -> list[tuple[Any, float]]:
    """What the phases make of each hop, and P(speech) of the caller before."""
    phases = Phases(Config().life)
    heard = _heard(legs)
    noted: list[Any] = []
    for first in range(0, len(heard), AHEAD):
        stretch = np.ascontiguousarray(legs[:, first * HOP : (first + AHEAD) * HOP])
        noted += phases.over(
            stretch[:, : stretch.shape[1] // HOP * HOP], [one for _, one in heard[first : first + AHEAD]]
        )
    return list(zip(noted, [before for before, _ in heard], strict=True))


def _spans(events: list[Event]) -> list[tuple[float, float]]:
    return [
        (seconds(event.span.start), seconds(event.span.end))
        for event in events
        if isinstance(event, Segment) and event.channel == "caller"
    ]


def _told_s(events: list[Event]) -> float:
    return sum(end - start for start, end in _spans(events))


def _waits(events: list[Event], size: int) -> Any:  # noqa: ANN401 - an array of flags
    """The 10 ms frames in which one party waits."""
    waits = np.zeros(round(size / RATE_HZ / FRAME_S), np.bool_)
    for event in events:
        if isinstance(event, CallPhase):
            waits[round(seconds(event.at) / FRAME_S) :] = event.phase in ("hold", "ringing")
    return waits


def _first(flags: Any) -> float:  # noqa: ANN401 - as _waits
    return float(np.argmax(flags)) * FRAME_S if flags.any() else float(flags.size) * FRAME_S


def _known_s(leg: Floats, phase: str, *, in_call: bool) -> float | None:
    """When a phase was known by sound alone, in seconds after the tone began; None if never."""
    by_sound = CallBySound(Config().life)
    voice = _voice(3 * RATE_HZ) if in_call else np.zeros(RATE_HZ, np.float32)
    both = np.concatenate((voice, leg))
    for start in range(0, both.size - HOP + 1, HOP):
        block = AudioBlock(start, np.stack([np.zeros(HOP, np.float32), both[start : start + HOP]]))
        speaks = in_call and start < voice.size
        for one in by_sound.push(block, agent_speaks=False, caller_speaks=speaks):
            if one.phase == phase and one.at > voice.size:
                return round(seconds(one.at - voice.size), 2)
    return None


def _voice(size: int) -> Floats:
    """Something like a voice: harmonics that move, in syllables."""
    t = np.arange(size) / RATE_HZ
    pitch = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 0.7 * t)) / RATE_HZ
    made: Waveform = np.sum([np.sin(k * pitch) / k for k in range(1, 20)], axis=0) * (0.6 + 0.4 * np.sin(25 * t))
    return at_dbfs(made, SPEECH_DBFS).astype(np.float32)


def _legs(file: Path) -> list[Floats]:
    """Agent and caller of a recording whose right channel is the agent, at 16 kHz."""
    blocks = [block.samples for block in open_recording(file)]
    return list(np.concatenate(blocks, axis=1))


def _speech(data: Path, sample: int | None) -> Any:  # noqa: ANN401 - names and pairs of legs
    """Speech of every kind, both parties in turn as the caller."""
    for folder in ("auto-repairs", "semi-real"):
        for file in sorted((data / "calls" / folder).glob("*L-caller.R-agent*.wav")):
            legs = _legs(file)
            for row, _ in enumerate(PARTIES):
                yield f"calls, {folder}", np.stack([legs[1 - row], legs[row]])
    for file in sorted((data / "heated").glob("*.wav")):
        legs = _legs(file)
        yield f"built, {file.name.split('_')[0]}", np.stack(legs)
    for name in CORPORA:
        groups: dict[str, list[Floats]] = {}
        for clip in sampled(corpus(data, [name]), sample):
            sound = clip.speech().astype(np.float64)
            groups.setdefault(clip.emotion, []).append(phone(at_dbfs(sound, SPEECH_DBFS)))
        for emotion, clips in sorted(groups.items()):
            leg = np.concatenate(clips)
            yield f"{name}, {emotion}", np.stack([np.zeros_like(leg), leg])
    prompts = [soundfile.read(file, dtype="float32") for file in sorted(PROMPTS.glob("en*/*.wav"))]
    if prompts:
        import soxr

        wide = [soxr.resample(audio, rate_hz, RATE_HZ) for audio, rate_hz in prompts if audio.size > 2 * rate_hz]
        leg = np.concatenate(wide).astype(np.float32)[: 600 * RATE_HZ]
        yield "prompts of menus", np.stack([np.zeros_like(leg), leg])


if __name__ == "__main__":
    main()
