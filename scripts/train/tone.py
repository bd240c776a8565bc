"""Train the tone head from emodb alone, through simulated phone lines: joy ranked above anger and fear.

    python scripts/train/tone.py --data ../shared/data

Deterministic. Two linear heads over a clip relative to its speaker's neutral clips: prosody with its melody, and the
mean of the recogniser's encoder frames. Anger and fear weigh the same. Clips hold at most 2 s and no feature of
duration or pace. What follows from ravdess and nemo are choices, not weights: the melody's four features and the
strengths below.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from scripts.bench.corpora import arousal as arousal_corpora
from scripts.bench.corpora.arousal import Clip, melodic_view
from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.measures.classes import auc
from scripts.train import arousal as train_arousal
from scripts.train import fit as arousal_fit
from scripts.train.fit import Array
from scripts.train.views import views
from voicecare.backends import heads
from voicecare.speech.strain.prosody import FEATURES, MELODY

DRAWS = 4
"""Phone lines every clip is sent through."""
JOY, DISTRESS = "happiness", ("anger", "fear")
PROSODY_STRENGTH, VOICE_STRENGTH = 0.05, 0.1
VOICE_LINE_PENALTY = 100.0


def main() -> None:
    """Train what was asked for and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder that holds emotion/emodb")
    parser.add_argument("--test", action="store_true", help="rank the clips of every corpus instead of writing a head")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parents[2] / "models", help="where to write"
    )
    options = parser.parse_args()
    clips = wanted(options.data, arousal_corpora.TRAINING)
    prosody, voice = views(clips, DRAWS, melodic_view)
    if options.test:
        _test(options.data, prosody, voice, clips * DRAWS)
    else:
        train_arousal.write(options.out, head(prosody, voice, clips * DRAWS), heads.TONE_FILE, "tone.md")


def wanted(data: Path, corpus: str) -> list[Clip]:
    """The clips of a corpus that count: joy, distress, and the neutral ones they are told from."""
    clips = arousal_corpora.read(data / "emotion" / corpus)
    return [clip for clip in clips if clip.emotion in (JOY, *DISTRESS, "neutral")]


def head(prosody: Array, voice: Array, clips: list[Clip]) -> dict[str, object]:
    """Fit both views and put the head together as `voicecare.backends.heads` reads it."""
    fitted = [fit(features, clips, view) for view, features in enumerate((prosody, voice))]
    scores = [features @ by for features, by in zip((prosody, voice), fitted, strict=True)]
    calm = [train_arousal.calm(score, clips) for score in scores]
    return {
        "format": heads.FORMAT,
        "features": [*FEATURES, *MELODY],
        "prosody": train_arousal.rounded(fitted[0]),
        "voice": train_arousal.rounded(fitted[1]),
        "calm": [round(mean, 4) for mean, _ in calm],
        "calm_sd": [round(sd, 4) for _, sd in calm],
        "wander": [round(_wander(score, clips), 4) for score in scores],
        "unit": [round(_unit(score, clips), 4) for score in scores],
    }


def fit(features: Array, clips: list[Clip], view: int) -> Array:
    """Fit one view; weights of features."""
    told = [clip.emotion != "neutral" for clip in clips]
    strength = (PROSODY_STRENGTH, VOICE_STRENGTH)[view]
    penalty = (0.0, VOICE_LINE_PENALTY)[view]
    return arousal_fit.fit(
        features, clips, strength, line_penalty=penalty, high=[clip.emotion == JOY for clip in clips], counted=told
    ).weights


def _wander(scores: Array, clips: list[Clip]) -> float:
    """How far one neutral clip strays from its speaker's others."""
    relative = arousal_fit.own_calm_away(scores, clips)
    return float(np.std([v for v, clip in zip(relative, clips, strict=True) if clip.emotion == "neutral"]))


def _unit(scores: Array, clips: list[Clip]) -> float:
    relative = arousal_fit.own_calm_away(scores, clips)
    return float(np.std([v for v, clip in zip(relative, clips, strict=True) if clip.emotion != "neutral"]))


def _test(data: Path, prosody: Array, voice: Array, clips: list[Clip]) -> None:
    """Print how well joy is ranked above anger and above fear; emodb by heads that never heard the speaker."""
    by = np.array([clip.speaker for clip in clips])
    own = [np.full(len(clips), np.nan) for _ in range(2)]
    for speaker in sorted(set(by.tolist())):
        kept = [clip for clip in clips if clip.speaker != speaker]
        for view, features in enumerate((prosody, voice)):
            scores = features @ fit(features[by != speaker], kept, view)
            own[view][by == speaker] = arousal_fit.own_calm_away(scores, clips)[by == speaker]
    units = [_unit(scores, clips) for scores in own]
    _ranked(arousal_corpora.TRAINING, [scores / unit for scores, unit in zip(own, units, strict=True)], clips)
    fitted = [fit(features, clips, view) for view, features in enumerate((prosody, voice))]
    for path in sorted(data.glob("emotion/*/labels.csv")):
        if path.parent.name != arousal_corpora.TRAINING:
            other = wanted(data, path.parent.name)
            relative = [
                arousal_fit.own_calm_away(f @ by_view, other) / unit
                for f, by_view, unit in zip(views(other, 1, melodic_view), fitted, units, strict=True)
            ]
            _ranked(path.parent.name, relative, other)


def _ranked(corpus: str, scores: list[Array], clips: list[Clip]) -> None:
    emotions = np.array([clip.emotion for clip in clips])
    for name, view in (("prosody", scores[0]), ("encoder", scores[1]), ("both", scores[0] + scores[1])):
        figures = []
        for emotion in DISTRESS:
            kept = (emotions == JOY) | (emotions == emotion)
            figures.append(f"{emotion} {auc(emotions[kept] == JOY, view[kept]):.3f}")
        print(f"{corpus}, {name}: AUC of joy above {', above '.join(figures)}")


if __name__ == "__main__":
    main()
