"""Music a caller's leg may carry, piece by piece, and real calls with one of them in their middle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.heard.clips import load
from scripts.bench.heard.sounds import recorded_files
from scripts.bench.heard.truth import Truth
from scripts.bench.lines.codecs import Codec
from scripts.bench.lines.heard import HeardLine, phone, send
from scripts.bench.lines.levels import Waveform, at_dbfs
from scripts.bench.lines.line import send_leg
from scripts.bench.lines.music import MUSIC_DBFS, melody, music
from scripts.bench.lines.steps import Code, Widen, clip, narrow
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

RINGS = Path("/usr/share/sounds/linphone/rings")
"""Ring tones that are music, of Debian's linphone-common: installed by name, never part of this project."""
PIECE_S, PAUSE_S = 40.0, 3.0


@dataclass(frozen=True, slots=True)
class Held:
    """A caller's leg: 20 s of a call, a piece of music, a pause or none, a clip. float32 (n,) at 16 kHz.

    from_s, to_s: where the music lies. clip: what of the clip is speech, on the clock of the leg.
    """

    name: str
    leg: Floats
    from_s: float
    to_s: float
    clip: Truth


def pieces() -> Iterator[tuple[str, Waveform]]:
    """Every piece at hand, PIECE_S long or less, at 16 kHz; what no package brought is left out."""
    for number in range(3):
        yield f"synthetic {number}", music(round(PIECE_S * RATE_HZ), np.random.default_rng((number, 3)))
        yield f"melody alone {number}", melody(round(PIECE_S * RATE_HZ), np.random.default_rng((number, 4)))
    for file in recorded_files():
        whole = _read(file)
        for part, first in (("", 0), (", later", whole.size // 2)):
            yield f"{file.stem}{part}", at_dbfs(whole[first : first + round(PIECE_S * RATE_HZ)], MUSIC_DBFS)
    for file in sorted(RINGS.glob("*.mkv")):
        yield f"ring tone {file.stem}", at_dbfs(_read(file)[: round(PIECE_S * RATE_HZ)], MUSIC_DBFS)


def held(before: Floats, clip_file: Path, *, codec: Codec, pause: bool) -> Iterator[Held]:
    """Every piece after the same beginning of a call, and before the same clip, at one level, through one coding."""
    rng = np.random.default_rng(9)
    spoken, truth = load(clip_file)
    voice = send(spoken, truth.sure, HeardLine(codec=codec), rng)
    silence = phone(rng.standard_normal(round(PAUSE_S * RATE_HZ)) * 1e-4)[: None if pause else 0]
    for name, piece in pieces():
        played = np.asarray(send_leg(piece, (narrow, clip, Code(codec), Widen(piece.size)), rng), np.float32)
        leg = np.concatenate((before, played, silence, voice))
        to_s = (before.size + played.size) / RATE_HZ
        after = truth.padded(to_s + silence.size / RATE_HZ, 0.0)
        yield Held(name, leg, before.size / RATE_HZ, to_s, after)


def _read(file: Path) -> Waveform:
    if file.suffix == ".wav":
        audio, rate_hz = soundfile.read(file, always_2d=True)
        return np.asarray(soxr.resample(audio.mean(axis=1), rate_hz, RATE_HZ), np.float64)
    import av

    resampler = av.AudioResampler("flt", "mono", RATE_HZ)
    with av.open(str(file)) as container:
        frames = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(frames).astype(np.float64)
