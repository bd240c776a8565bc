"""Make the voices of the practice scenarios that ship: NAME.opus with every line, NAME.json with where each stands.

Users get the finished files; only who changes the words of a scenario runs this, with what `scripts/make/demo_call.py`
needs (Kokoro-82M, WORLD, espeak-ng). A scenario whose words have not changed is left as it is.

    python scripts/make/practice.py --voices package/voices
    pip install "misaki[zh]"                                       # Chinese characters to sounds
    python scripts/make/practice.py --voices package/voices --language zh-Hant
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.make.demo_call import CALM, HEATED, HEATING, LINE_HZ, Kokoro, Manner, Phrase, pronounce, spoken
from voicecare.care.practice import scenario as scenarios
from voicecare.care.practice.scenario import Heat, Scenario
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

MANNERS: dict[Heat, Manner] = {"calm": CALM, "warm": HEATING, "hot": HEATED}
BETWEEN_S = 0.2
"""Silence between two lines in the file, so that none runs into the next where it is coded."""
SMALLEST = 0.95
"""libsndfile's own scale of Opus, 0 the largest files, 1 the smallest: here about 20 kbit/s."""


def voice(scenario: Scenario, kokoro: Kokoro) -> tuple[Floats, dict[str, object]]:
    """Speak every line; all of them one after the other at 8 kHz, and where each stands."""
    between = np.zeros(round(BETWEEN_S * RATE_HZ), np.float32)
    pieces, lines, at = [between], {}, between.size
    for name, heat, text in scenario.lines():
        audio = spoken(kokoro, Phrase("caller", MANNERS[heat], 0.0, text))
        lines[name] = {"text": text, "start_s": at / RATE_HZ, "end_s": (at + audio.size) / RATE_HZ}
        pieces += [audio, between]
        at += audio.size + between.size
    made: dict[str, object] = {"voice": scenario.voice, "lines": lines}
    return soxr.resample(np.concatenate(pieces), RATE_HZ, LINE_HZ), made


def mandarin(text: str) -> str:
    """Write Chinese as Kokoro's sounds, tones and all."""
    from misaki.zh import ZHG2P

    return str(ZHG2P()(text)[0])


SOUNDS: dict[str, Callable[[str], str]] = {"en": pronounce, "zh-Hant": mandarin}


def main() -> None:
    """Make what is missing or was made of other words."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", type=Path, required=True, metavar="DIR", help="the folder voices of kokoro-js")
    parser.add_argument(
        "--language", default="en", choices=SOUNDS, metavar="CODE", help="of the scenarios; default: %(default)s"
    )
    options = parser.parse_args()

    folder = Path(scenarios.__file__).parent / "scenarios" / options.language
    for name in scenarios.shipped(options.language):
        scenario = scenarios.load(name, options.language)
        cuts = folder / f"{name}.json"
        words = {line: text for line, _, text in scenario.lines()}
        if cuts.is_file():
            old = json.loads(cuts.read_text(encoding="utf-8"))
            if old["voice"] == scenario.voice and {k: v["text"] for k, v in old["lines"].items()} == words:
                continue
        kokoro = Kokoro(options.voices, {"agent": scenario.voice, "caller": scenario.voice}, SOUNDS[options.language])
        sound, made = voice(scenario, kokoro)
        place = folder / f"{name}.opus"
        soundfile.write(place, sound, LINE_HZ, format="OGG", subtype="OPUS", compression_level=SMALLEST)
        cuts.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{name}: {len(words)} lines, {len(sound) / LINE_HZ:.0f} s, {place.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
