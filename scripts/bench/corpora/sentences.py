"""Material for measuring words: sounds nobody speaks in, sentences read by a machine, and utterances with secrets."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from voicecare.speech.redaction.identifiers import IBAN_LENGTHS, iban, luhn
from voicecare.timebase import RATE_HZ, samples
from voicecare.types import Floats

SPOKEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
KEYS = {"1": (697, 1209), "5": (770, 1336), "9": (852, 1477), "0": (941, 1336), "#": (941, 1477)}
CHORDS_HZ = ((220, 277, 330), (196, 247, 294), (262, 330, 392), (175, 220, 262))
SENTENCES = (
    "I have been waiting on this line for forty minutes and nobody has called me back.",
    "Could you please check whether my order has left the warehouse?",
    "The delivery was supposed to arrive on Monday but it never came.",
    "Thank you very much for your help, that is a great relief.",
    "I understand how frustrating that must be for you.",
    "You charged me twice for the same month and I want my money back.",
    "Let me make sure I have got this right before we go on.",
    "The internet connection keeps dropping every evening after eight.",
    "I would like to speak to a manager about this, please.",
    "Unfortunately we cannot change the date of the appointment today.",
)


def non_speech(minutes: float, seed: int) -> Iterator[tuple[str, Floats]]:
    """Sounds of 3 to 10 s in which nobody speaks: music, tones, noise, silence, breath, laughter-like bursts."""
    rng = np.random.default_rng(seed)
    left = samples(60 * minutes)
    makers = (_music, _ring_back, _keys, _white, _pink, _hum, _silence, _dither, _breath, _bursts, _music, _beeps)
    number = 0
    while left > 0:
        length = min(left, samples(float(rng.uniform(3, 10))))
        make = makers[number % len(makers)]
        sound = make(length, rng) * 10 ** (rng.uniform(-24, 0) / 20)
        yield make.__name__.strip("_"), sound.astype(np.float32)
        left -= length
        number += 1


def _times_s(length: int) -> npt.NDArray[np.float64]:
    return np.arange(length) / RATE_HZ


def _music(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    t = _times_s(length)
    out = np.zeros(length)
    tempo_s = rng.uniform(0.3, 0.9)
    for start in np.arange(0, length / RATE_HZ, tempo_s):
        chord = CHORDS_HZ[rng.integers(len(CHORDS_HZ))]
        note_hz = float(rng.choice(chord)) * 2
        shape = np.exp(-3 * np.clip(t - start, 0, None)) * (t >= start)
        out += shape * sum(np.sin(2 * np.pi * f * k * t) / k**1.5 for f in chord for k in (1, 2, 3)) * 0.1
        vibrato = note_hz * t + 3 * np.sin(2 * np.pi * 5 * t) / 5
        out += 0.2 * shape * np.sin(2 * np.pi * vibrato)
    drums = rng.standard_normal(length) * (np.mod(t, tempo_s) < 0.05)
    return np.asarray(0.2 * (out + 0.3 * drums))


def _ring_back(length: int, _: np.random.Generator) -> npt.NDArray[np.float64]:
    t = _times_s(length)
    return 0.1 * (np.sin(2 * np.pi * 440 * t) + np.sin(2 * np.pi * 480 * t)) * (np.mod(t, 6) < 2)


def _keys(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    t = _times_s(length)
    out = np.zeros(length)
    for start in np.arange(0.2, length / RATE_HZ, 0.35):
        low, high = list(KEYS.values())[rng.integers(len(KEYS))]
        out += 0.2 * (np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t)) * ((t >= start) & (t < start + 0.2))
    return out


def _white(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    return 0.05 * rng.standard_normal(length)


def _pink(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    spectrum = np.fft.rfft(rng.standard_normal(length)) / np.sqrt(np.arange(length // 2 + 1) + 1)
    pink = np.fft.irfft(spectrum, length)
    return np.asarray(0.1 * pink / pink.std())


def _hum(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    t = _times_s(length)
    return sum(0.05 / k * np.sin(2 * np.pi * 50 * k * t) for k in (1, 2, 3, 5)) + 0.003 * rng.standard_normal(length)


def _silence(length: int, _: np.random.Generator) -> npt.NDArray[np.float64]:
    return np.zeros(length)


def _dither(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    return rng.integers(-2, 3, length) / 32768


def _breath(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    swell = np.clip(np.sin(2 * np.pi * 0.3 * _times_s(length)), 0, None) ** 2
    return np.asarray(0.5 * _pink(length, rng) * swell)


def _bursts(length: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Laughter-like: voiced bursts five times a second, falling in pitch."""
    t = _times_s(length)
    pitch_hz = 280 - 30 * np.mod(t, 2)
    buzz = sum(np.sin(2 * np.pi * np.cumsum(pitch_hz * k) / RATE_HZ) / k for k in range(1, 12))
    return np.asarray(0.05 * (buzz + 2 * rng.standard_normal(length)) * np.clip(np.sin(2 * np.pi * 5 * t), 0, None))


def _beeps(length: int, _: np.random.Generator) -> npt.NDArray[np.float64]:
    t = _times_s(length)
    return 0.15 * np.sin(2 * np.pi * 1_000 * t) * (np.mod(t, 1) < 0.3)


def speak(text: str, voice: str = "en-us", words_a_minute: int = 150) -> Floats | None:
    """Read a text by espeak-ng, at 16 kHz; None where it is not installed."""
    if shutil.which("espeak-ng") is None:
        return None
    command = ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "--stdout", text]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    sound, rate_hz = soundfile.read(io.BytesIO(wave), dtype="float32")
    return np.asarray(soxr.resample(sound, rate_hz, RATE_HZ), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Planted:
    """An utterance with a secret: what it is called and the characters that must be gone (digits, or an address)."""

    text: str
    kind: str
    secret: str


def planted(count: int, seed: int) -> Iterator[Planted]:
    """Utterances with a card, a code, an IBAN, a phone number or an e-mail address, written and spoken in turn."""
    rng = random.Random(seed)
    makers = (_card, _code, _iban, _phone, _email)
    for number in range(count):
        yield makers[number % len(makers)](rng)


def _said(digits: str, rng: random.Random) -> str:
    """Digits in groups of one to four, each written, or spoken with "double" and "oh"."""
    pieces, rest = [], digits
    written = rng.random() < 0.5
    while rest:
        part, rest = rest[: (size := rng.choice((3, 4, 4, 2)))], rest[size:]
        words = [("oh" if d == "0" and rng.random() < 0.3 else SPOKEN[int(d)]) for d in part]
        if len(part) > 1 and part[0] == part[1] and rng.random() < 0.5:
            words = ["double", SPOKEN[int(part[0])], *words[2:]]
        pieces.append(part if written else " ".join(words))
    return rng.choice((" ", ", ", " ")).join(pieces)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def _card(rng: random.Random) -> Planted:
    body = rng.choice("3456") + _digits(rng, 14)
    number = next(body + check for check in "0123456789" if luhn(body + check))
    lead = rng.choice(("my card number is", "sure, it's", "yes the number is", "okay"))
    return Planted(f"{lead} {_said(number, rng)}", "card", number)


def _code(rng: random.Random) -> Planted:
    number = _digits(rng, 3)
    lead = rng.choice(("the security code is", "the CVV is", "and the code on the back of the card is"))
    return Planted(f"{lead} {_said(number, rng)}", "cvv", number)


def _iban(rng: random.Random) -> Planted:
    country = rng.choice(sorted(IBAN_LENGTHS))
    account = _digits(rng, IBAN_LENGTHS[country] - 4)
    whole = next(f"{country}{n:02}{account}" for n in range(2, 99) if iban(f"{country}{n:02}{account}"))
    shown = rng.choice((whole, " ".join(whole[i : i + 4] for i in range(0, len(whole), 4)), " ".join(whole)))
    return Planted(f"my IBAN is {shown}", "iban", whole[2:])


def _phone(rng: random.Random) -> Planted:
    number = (
        rng.choice(("212", "415", "312", "617"))
        + rng.choice("23456789")
        + str(rng.randrange(20, 100))
        + _digits(rng, 4)
    )
    lead = rng.choice(("you can reach me at", "my phone number is", "call me back on", "it's"))
    return Planted(f"{lead} {_said(number, rng)}", "phone", number)


def _email(rng: random.Random) -> Planted:
    first, last = (
        rng.choice(("john", "mary", "amir", "chen", "olga")),
        rng.choice(("smith", "brown", "garcia", "novak")),
    )
    local = rng.choice((f"{first}.{last}", f"{first}{rng.randrange(10, 99)}", f"{first}_{last}", f"{first}{last}"))
    domain = rng.choice(("gmail.com", "yahoo.com", "example.org", "hotmail.co.uk"))
    shown = f"{local}@{domain}"
    if rng.random() < 0.6:
        shown = shown.replace(".", " dot ").replace("@", " at ").replace("_", " underscore ")
    lead = rng.choice(("my email is", "my email address is", "send it to"))
    return Planted(f"{lead} {shown}", "email", local)
