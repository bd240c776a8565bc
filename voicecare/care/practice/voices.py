"""The sound of a scenario's lines: the voice that was made for it, or one made on this machine at first use.

What ships has `NAME.opus`, all lines one after the other, and `NAME.json`, where each begins and ends and of which
words it was made: `scripts/make/practice.py` makes both. For a scenario of one's own espeak-ng speaks, a plain voice
that any system has a package of; it is run as a program and nothing of it is kept.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Mapping
from importlib import resources

import numpy as np
import numpy.typing as npt

from voicecare.care.practice.scenario import Heat, Scenario
from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ

Pcm = npt.NDArray[np.int16]
SPEAKER = "espeak-ng"
PATIENCE_S = 30.0
_MANNERS: dict[Heat, tuple[int, int]] = {"calm": (150, 40), "warm": (168, 58), "hot": (185, 75)}
"""Words a minute and pitch (0 to 99) of espeak-ng."""
_LEVEL = 0.06
"""RMS of what espeak-ng says, -24 dBFS: that of the voices that ship."""


def voiced(scenario: Scenario) -> Mapping[str, Pcm]:
    """The lines of a scenario by name, int16 mono at 16 kHz.

    Raises:
        InputError: no voice was made for its words, and none can be made here.
    """
    made = _made(scenario)
    if made is not None:
        return made
    if shutil.which(SPEAKER) is None:
        raise InputError(
            f"scenario {scenario.name} has no voice yet; install {SPEAKER} (on Debian: apt install {SPEAKER}), "
            "and it speaks the lines"
        )
    return {name: _spoken(scenario, heat, text) for name, heat, text in scenario.lines()}


def _made(scenario: Scenario) -> dict[str, Pcm] | None:
    """The voice that ships, if it was made of these very words."""
    import soundfile
    import soxr

    folder = resources.files("voicecare.care.practice") / "scenarios" / scenario.language
    cuts = folder / f"{scenario.name}.json"
    if not cuts.is_file():
        return None
    made = json.loads(cuts.read_text("utf-8"))
    words = {name: text for name, _, text in scenario.lines()}
    if {name: line["text"] for name, line in made["lines"].items()} != words:
        return None
    with (folder / f"{scenario.name}.opus").open("rb") as file:
        whole, rate_hz = soundfile.read(io.BytesIO(file.read()), dtype="float32")
    cut = {name: [round(line[edge] * rate_hz) for edge in ("start_s", "end_s")] for name, line in made["lines"].items()}
    return {name: _pcm(soxr.resample(whole[start:end], rate_hz, RATE_HZ)) for name, (start, end) in cut.items()}


def _spoken(scenario: Scenario, heat: Heat, text: str) -> Pcm:
    import soundfile
    import soxr

    pace_wpm, pitch = _MANNERS[heat]
    language = {"zh-Hant": "cmn"}.get(scenario.language, scenario.language)
    command = [SPEAKER, "--stdout", "-v", language, "-s", str(pace_wpm), "-p", str(pitch), "--stdin"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=PATIENCE_S)  # noqa: S603 - words go to its standard input
        sound, rate_hz = soundfile.read(io.BytesIO(_whole(done.stdout)), dtype="float32")
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        raise InputError(
            f"{SPEAKER} cannot speak scenario {scenario.name} in {scenario.language!r}: {error}"
        ) from error
    sound = soxr.resample(sound, rate_hz, RATE_HZ)
    return _pcm(sound * _LEVEL / max(1e-6, float(np.sqrt(np.mean(sound**2)))))


def _whole(wav: bytes) -> bytes:
    """A WAV whose header, written before its length was known, states the length it has."""
    size = len(wav)
    return wav[:4] + (size - 8).to_bytes(4, "little") + wav[8:40] + (size - 44).to_bytes(4, "little") + wav[44:]


def _pcm(sound: npt.NDArray[np.float32]) -> Pcm:
    return np.asarray(np.clip(np.rint(sound * 32_768), -32_768, 32_767), np.int16)
