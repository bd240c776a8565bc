"""Score the strain head that ships on every labelled corpus it finds, through phone lines.

    python scripts/bench/arousal.py --data ../shared/data [--yardstick] [--json FILE] [--plot FILE.png]

For every DATA/emotion/*/labels.csv, by line: AUC and unweighted average recall (UAR) of single clips, raw and relative
to three random calm clips of the speaker (which leave the test), with 95 % intervals over speakers; by sex;
calibration; and, where a published split is marked, the share of clips in the expected range. emodb trained the head:
there it is trained again without each speaker. --yardstick adds openSMILE eGeMAPSv02 with logistic regression, trained
and scored the same way (the extra "bench"; research licence, never a dependency of the product). --plot draws how often
a clip of each value was aroused in truth. In the end it times both views. About an hour of one core in full.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from scripts.bench.corpora import arousal as arousal_corpora
from scripts.bench.corpora.arousal import TRAINING, Clip
from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.lines import phone
from scripts.bench.lines.codecs import Codec
from scripts.bench.measures.classes import Flags, auc, uar
from scripts.train import fit as arousal_fit
from scripts.train.fit import Array
from scripts.train.left_out import Cuts, LeftOut, score
from voicecare.backends import heads
from voicecare.backends.pitch import SwiftPitch
from voicecare.backends.whisper import WhisperRecogniser
from voicecare.backends.whisper_models import BUILT_IN, locate
from voicecare.config import StrainConfig, WordsConfig
from voicecare.speech.strain.arousal import ArousalTracker
from voicecare.speech.strain.prosody import Prosody
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import Floats

Row: TypeAlias = dict[str, Any]
Measure: TypeAlias = Callable[[Flags, Array], float]
Drawn: TypeAlias = list[tuple[Array, list[int]]]
CODECS: dict[str, Codec] = {"mulaw": "mulaw", "alaw": "alaw", "amr": "amr"}
LINES = ("wide", *CODECS)
SEED = 7
REPEATS = 5
"""Draws of the three calm clips; figures are means over them."""
BOOTSTRAPS = 500
HIGH, LOW = ("anger", "fear", "surprise"), ("boredom", "sadness")
PUBLISHED = {
    "emodb": {"anger": 1.00, "fear": 0.94, "boredom": 0.97, "sadness": 1.00},
    "ravdess": {"anger": 0.91, "fear": 0.50, "surprise": 0.97, "sadness": 0.84},
}
"""audEERING ser-tests, w2v2-L-robust (300 M parameters): share of test clips with arousal >= .55, or <= .45."""


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder that holds emotion/*/labels.csv")
    parser.add_argument("--lines", nargs="+", choices=LINES, default=list(LINES), help="wide band and codecs")
    parser.add_argument(
        "--every", type=int, default=1, help="score calm clips and every n-th other one only, for a quick look"
    )
    parser.add_argument("--yardstick", action="store_true", help="add openSMILE eGeMAPSv02 (slow)")
    parser.add_argument("--json", type=Path, help="write the tables here too")
    parser.add_argument("--plot", type=Path, help="write the reliability of the values as a picture")
    options = parser.parse_args()
    folders = sorted(path.parent for path in options.data.glob("emotion/*/labels.csv"))
    corpora = {folder.name: _thinned(arousal_corpora.read(folder), options.every) for folder in folders}
    if options.yardstick and TRAINING not in corpora:
        parser.error(f"--yardstick trains on {TRAINING}; there is no {options.data}/emotion/{TRAINING}/labels.csv")
    rows = _rows(corpora, options.lines)
    if options.yardstick:
        from scripts.train import yardstick as arousal_yardstick

        rows += arousal_yardstick.rows(corpora, options.lines, sent, figures)
    for row in rows:
        print(_line(row))
    cost = _cost(next(iter(corpora.values())))
    print(
        "cost of one core: prosody and strain {prosody_ms_per_s:.1f} ms a second of caller speech; ".format(**cost),
        end="",
    )
    print("the encoder's view {projection_ms:.2f} ms a request beyond the pass that words need anyway".format(**cost))
    if options.json:
        options.json.write_text(json.dumps({"rows": rows, "cost": cost}, indent=1) + "\n", encoding="utf-8")
    if options.plot:
        _plot(rows, options.plot)


def sent(clip: Clip, line: str) -> Floats:
    """Return a clip through a line drawn for this clip, the same in every run."""
    rng = np.random.default_rng([SEED, clip.seed])
    if line == "wide":
        return phone.send(clip.speech(), phone.WIDE, rng)
    return phone.send(clip.speech(), phone.draw(rng, CODECS[line]), rng)


def figures(clips: list[Clip], scores: Array, bias: float, cuts: Cuts | None) -> Row:
    """Score clips raw and relative to three calm clips; score + bias is the logit, 0 the cut.

    scores: relative to the calm voice of the training population, by which a caller not yet heard calm is judged.
    cuts: those which the training corpus alone would choose, if it is at hand.
    """
    truth = np.array([clip.aroused for clip in clips])
    drawn = []
    for seed in range(REPEATS):
        relative, rows = arousal_fit.relative_scores(scores, clips, seed)
        drawn.append((relative + bias, rows))
    return {
        "clips": len(clips),
        "raw_auc": auc(truth, scores),
        "raw_uar": uar(truth, scores + bias > 0),
        "raw_uar_own_cut": None if cuts is None else uar(truth, scores > cuts.raw),
        "auc": _mean(auc, drawn, truth),
        "uar": _mean(lambda t, s: uar(t, s > 0), drawn, truth),
        "uar_own_cut": None if cuts is None else _at_cuts(drawn, truth, cuts.relative + bias),
        "auc_interval": _interval(auc, *drawn[0], clips),
        "uar_interval": _interval(lambda t, s: uar(t, s > 0), *drawn[0], clips),
        **{f"uar_{sex}": _of_sex(drawn, clips, sex) for sex in ("female", "male")},
        "ece": _calibration_error(*drawn[0], truth),
        "reliability": _reliability(*drawn[0], truth),
        "in_range": _in_range(drawn, clips),
    }


def _thinned(clips: list[Clip], every: int) -> list[Clip]:
    return [clip for number, clip in enumerate(clips) if number % every == 0 or clip.emotion in arousal_corpora.CALM]


def _rows(corpora: dict[str, list[Clip]], lines: list[str]) -> list[Row]:
    views = _Views()
    left_out = LeftOut(corpora[TRAINING]) if TRAINING in corpora else None
    rows = []
    for name, clips in corpora.items():
        for line in lines:
            prosody, voice = views.of(clips, line)
            for view in ("both", "prosody"):
                if left_out is not None and name == TRAINING:
                    scores = left_out.scores(clips, prosody, voice, view)
                else:
                    scores = score(views.head, prosody, voice, view)
                cuts = None if left_out is None else left_out.cuts(clips, view)
                bias = views.head.bias_both if view == "both" else views.head.bias_alone
                rows.append({"corpus": name, "line": line, "view": view, **figures(clips, scores, bias, cuts)})
    return rows


class _Views:
    """The product's own two views of a clip."""

    def __init__(self) -> None:
        self.head = heads.shipped()
        self._pitch = SwiftPitch()
        self._recogniser = WhisperRecogniser(locate(BUILT_IN).folder, threads=1, config=WordsConfig())

    def of(self, clips: list[Clip], line: str) -> tuple[Array, Array]:
        audio = [sent(clip, line) for clip in clips]
        prosody = [arousal_corpora.prosody_view(x, self._pitch, StrainConfig()) for x in audio]
        return np.array(prosody, np.float64), np.array(
            [self._recogniser.frames(x).mean(axis=0) for x in audio], np.float64
        )


def _mean(measure: Measure, drawn: Drawn, truth: Flags) -> float:
    return float(np.mean([measure(truth[rows], scores) for scores, rows in drawn]))


def _at_cuts(drawn: Drawn, truth: Flags, cuts: Array) -> float:
    return float(np.mean([uar(truth[rows], scores > cuts[rows]) for scores, rows in drawn]))


def _of_sex(drawn: Drawn, clips: list[Clip], sex: str) -> float | None:
    truth = np.array([clip.aroused for clip in clips])
    of_sex = np.array([clip.sex == sex for clip in clips])
    if not truth[of_sex].any():
        return None
    return float(np.mean([uar(truth[r][of_sex[r]], s[of_sex[r]] > 0) for s, r in drawn]))


def _interval(measure: Measure, scores: Array, rows: list[int], clips: list[Clip]) -> tuple[float, float]:
    """95 % interval over speakers drawn with replacement."""
    rng = np.random.default_rng(SEED)
    truth = np.array([clips[row].aroused for row in rows])
    speakers = np.array([clips[row].speaker for row in rows])
    own = [np.nonzero(speakers == speaker)[0] for speaker in np.unique(speakers)]
    values = []
    for _ in range(BOOTSTRAPS):
        taken = np.concatenate([own[i] for i in rng.integers(0, len(own), len(own))])
        values.append(measure(truth[taken], scores[taken]))
    low, high = np.percentile(values, [2.5, 97.5])
    return round(float(low), 3), round(float(high), 3)


def _value(logits: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def _reliability(scores: Array, rows: list[int], truth: Flags) -> list[tuple[float, float, int]]:
    """Mean value, share aroused and count of clips in each tenth of 0..1 that holds any."""
    values = _value(scores)
    tenth = np.minimum((values * 10).astype(int), 9)
    return [
        (
            round(float(values[tenth == k].mean()), 3),
            round(float(truth[rows][tenth == k].mean()), 3),
            int((tenth == k).sum()),
        )
        for k in np.unique(tenth)
    ]


def _calibration_error(scores: Array, rows: list[int], truth: Flags) -> float:
    bins = _reliability(scores, rows, truth)
    return float(sum(count * abs(value - share) for value, share, count in bins) / sum(count for *_, count in bins))


def _in_range(drawn: Drawn, clips: list[Clip]) -> dict[str, float]:
    """Share of clips with a value where the emotion should put it; all speakers where no published test one is."""
    tested = [clip.split == "test" for clip in clips]
    counted = tested if any(tested) else [True] * len(clips)
    shares: dict[str, float] = {}
    for emotion in (*HIGH, *LOW):
        inside = [
            (value >= 0.55 if emotion in HIGH else value <= 0.45)
            for scores, rows in drawn
            for value, row in zip(_value(scores), rows, strict=True)
            if clips[row].emotion == emotion and counted[row]
        ]
        if inside:
            shares[emotion] = round(float(np.mean(inside)), 3)
    return shares


def _cost(clips: list[Clip]) -> dict[str, float]:
    """Processor time of a minute of speech through the prosody view, and of projecting one request's encoder frames."""
    head = heads.shipped()
    speech = np.concatenate([sent(clip, "mulaw") for clip in clips[:60]])[: 60 * RATE_HZ]
    prosody, tracker = Prosody(StrainConfig(), SwiftPitch()), ArousalTracker(StrainConfig(), head)
    began_s = time.process_time()
    for start in range(0, speech.size - HOP + 1, HOP):
        for frame in prosody.push(speech[start : start + HOP], True, start):
            tracker.push(frame)
    prosody_s = time.process_time() - began_s
    frames = np.zeros((200, head.voice.size), np.float32)
    began_s = time.process_time()
    for _ in range(1_000):
        head.project(frames)
    projection_s = (time.process_time() - began_s) / 1_000
    return {
        "prosody_ms_per_s": 1_000 * prosody_s / (speech.size / RATE_HZ),
        "projection_ms": 1_000 * projection_s,
    }


def _plot(rows: list[Row], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    corpora = list(dict.fromkeys(str(row["corpus"]) for row in rows))
    figure, axes = plt.subplots(1, len(corpora), figsize=(4 * len(corpora), 4), sharey=True, squeeze=False)
    for place, corpus in zip(axes[0], corpora, strict=True):
        place.plot([0, 1], [0, 1], "k:", lw=1)
        for row in rows:
            if row["corpus"] == corpus and row["view"] == "both":
                values, shares, _ = zip(*row["reliability"], strict=True)
                place.plot(values, shares, "o-", ms=3, label=f"{row['line']}, ECE {row['ece']:.2f}")
        place.set(title=corpus, xlabel="strain told", xlim=(0, 1), ylim=(0, 1))
        place.legend(fontsize=8)
    axes[0][0].set_ylabel("share of clips aroused in truth")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _line(row: Row) -> str:
    published = PUBLISHED.get(str(row["corpus"]), {})
    shares = row["in_range"] if isinstance(row["in_range"], dict) else {}
    ranges = " ".join(
        f"{emotion} {share:.2f} ({published.get(emotion, float('nan')):.2f})" for emotion, share in shares.items()
    )
    sexes = " ".join(f"{sex[0]} {row[f'uar_{sex}']:.3f}" for sex in ("female", "male") if row[f"uar_{sex}"] is not None)
    own_cut, raw_own_cut = (
        "" if row[key] is None else f"(cut of training {row[key]:.3f})  " for key in ("uar_own_cut", "raw_uar_own_cut")
    )
    return (
        f"{row['corpus']:10} {row['line']:6} {row['view']:9} n {row['clips']:4}  "
        f"raw: AUC {row['raw_auc']:.3f} UAR {row['raw_uar']:.3f} {raw_own_cut} "
        f"3 calm: AUC {row['auc']:.3f} {row['auc_interval']} UAR {row['uar']:.3f} {row['uar_interval']} "
        f"({sexes}) {own_cut} ECE {row['ece']:.3f}  {ranges}"
    )


if __name__ == "__main__":
    main()
