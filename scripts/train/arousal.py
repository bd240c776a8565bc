"""Train the strain head from emodb alone, through simulated phone lines, and write it with its card.

    python scripts/train/arousal.py --data ../shared/data

The same on every run of one kind of processor: the encoder's 8-bit sums differ a little by instruction set, and with
them its weights (models/arousal.md). Two linear heads over a clip relative to its speaker's neutral clips: six prosody
features, and the mean of the recogniser's encoder frames. Clips hold at most 2 s and no feature of duration or pace,
because in emodb the length of a clip gives its class away. What follows from ravdess and nemo are choices, not weights:
the features, the strengths below, the voice's share and the two numbers that place the sigmoid.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from scripts.bench.corpora import arousal as arousal_corpora
from scripts.bench.corpora.arousal import Clip, prosody_view
from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.train import fit as arousal_fit
from scripts.train.fit import Array
from scripts.train.views import views
from voicecare.backends import heads, weights
from voicecare.speech.strain.prosody import FEATURES

DRAWS = 10
"""Phone lines every clip is sent through."""
PROSODY_STRENGTH, VOICE_STRENGTH = 0.01, 0.03
VOICE_LINE_PENALTY = 100.0
"""How dear weights are along directions of the encoder's mean that tell phone lines apart."""
VOICE_SHARE = 0.58
"""Weight of the encoder's score beside prosody's, one clip of each."""
WANDER = (0.39, 0.38)
"""How far the scores of calm callers stray within a call: medians over calls built from ravdess and nemo."""
GAIN_BOTH, BIAS_BOTH = (1.5, 1.5), -1.03
GAIN_ALONE, BIAS_ALONE = 1.4, -0.85


def main() -> None:
    """Train what was asked for and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder that holds emotion/emodb")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parents[2] / "models", help="where to write"
    )
    options = parser.parse_args()
    clips = arousal_corpora.read(options.data / "emotion" / arousal_corpora.TRAINING)
    prosody, voice = views(clips, DRAWS, prosody_view)
    write(options.out, head(prosody, voice, clips * DRAWS))


def head(prosody: Array, voice: Array, clips: list[Clip]) -> dict[str, object]:
    """Fit both views and put the head together as `voicecare.backends.heads` reads it."""
    by_prosody = arousal_fit.fit(prosody, clips, PROSODY_STRENGTH).weights
    by_voice = arousal_fit.fit(voice, clips, VOICE_STRENGTH, line_penalty=VOICE_LINE_PENALTY).weights * VOICE_SHARE
    placed = [calm(scores, clips) for scores in (prosody @ by_prosody, voice @ by_voice)]
    return {
        "format": heads.FORMAT,
        "features": list(FEATURES),
        "prosody": rounded(by_prosody),
        "spread": rounded(arousal_fit.within_speaker_spread(prosody, clips)),
        "voice": rounded(by_voice),
        "calm": [round(mean, 4) for mean, _ in placed],
        "calm_sd": [round(sd, 4) for _, sd in placed],
        "wander": list(WANDER),
        "gain_both": list(GAIN_BOTH),
        "bias_both": BIAS_BOTH,
        "gain_alone": GAIN_ALONE,
        "bias_alone": BIAS_ALONE,
    }


def write(folder: Path, content: dict[str, object], name: str = heads.FILE, card: str = "arousal.md") -> None:
    """Write a head and its sha256 into the manifest; other entries stay."""
    text = json.dumps(content).replace('], "', '],\n"').replace('{"', '{\n"').replace("}", "\n}\n")
    (folder / name).write_text(text, encoding="utf-8")
    manifest = weights.listed(folder) if (folder / weights.MANIFEST).is_file() else {}
    manifest[name] = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "card": card}
    (folder / weights.MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def calm(scores: Array, clips: list[Clip]) -> tuple[float, float]:
    """Mean and spread over speakers of the score of neutral clips."""
    means = [
        float(
            np.mean([v for v, c in zip(scores, clips, strict=True) if c.speaker == speaker and c.emotion == "neutral"])
        )
        for speaker in sorted({clip.speaker for clip in clips})
    ]
    return float(np.mean(means)), float(np.std(means))


def rounded(values: Array) -> list[float]:
    """Six digits, as weights are written."""
    return [float(f"{value:.6g}") for value in values]


if __name__ == "__main__":
    main()
